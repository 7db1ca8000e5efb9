"""Voices: one clock speaks for all calls of a process, a tone each; what is heard is measured at single frequencies."""

import asyncio
import math
import random
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

RATE, FRAME = 8000, 160  # samples a second, and in one packet of 20 ms
A_LAW, MU_LAW, KEYS = 8, 0, 101  # payload types
KEEP_SECONDS = 20
LOUD = 6000  # amplitude of a spoken tone, of 32767


def _mu_table() -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """ITU-T G.711: the linear value of each µ-law byte."""
    values = []
    for code in range(256):
        inverted = code ^ 0xFF
        size = ((((inverted & 15) << 3) + 132) << ((inverted >> 4) & 7)) - 132
        values.append(-size if inverted & 0x80 else size)
    return np.array(values, np.int16)


def _a_table() -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """ITU-T G.711: the linear value of each A-law byte."""
    values = []
    for code in range(256):
        even = code ^ 0x55
        exponent, mantissa = (even >> 4) & 7, even & 15
        size = (mantissa * 2 + 1 + 32 * (exponent > 0)) << max(0, exponent - 1)
        values.append(size * 8 if even & 0x80 else -size * 8)
    return np.array(values, np.int16)


LINEAR = {A_LAW: _a_table(), MU_LAW: _mu_table()}


def encoded(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]", law: int = A_LAW) -> bytes:
    """The bytes of that law nearest to the samples."""
    order = np.argsort(LINEAR[law], kind="stable")
    ranked = LINEAR[law][order].astype(float)
    place = np.clip(np.searchsorted(ranked, samples), 1, 255)
    nearer = place - (samples - ranked[place - 1] < ranked[place] - samples)
    return bytes(order[nearer].astype(np.uint8).tobytes())


def tone(frequency: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """One second at 8 kHz; repeats without a click for whole frequencies. 0 is silence."""
    return LOUD * np.sin(2 * np.pi * frequency * np.arange(RATE) / RATE)


class Codec(Protocol):
    """How a voice goes through the wire. kind: the payload type; written: as SDP names it; step: what one packet of 20 ms
    adds to the time stamp."""

    kind: int
    written: str
    step: int

    def packets(self, frequency: float) -> list[bytes]:
        """Fifty payloads: one second of a tone."""

    def samples(self, payloads: list[bytes]) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
        """What such payloads say, at 8 kHz."""


@dataclass(frozen=True, slots=True)
class G711:
    """A-law or µ-law, by payload type."""

    kind: int = A_LAW
    step: int = FRAME

    @property
    def written(self) -> str:
        return {A_LAW: "PCMA/8000", MU_LAW: "PCMU/8000"}[self.kind]

    def packets(self, frequency: float) -> list[bytes]:
        data = encoded(tone(frequency), self.kind)
        return [data[start : start + FRAME] for start in range(0, RATE, FRAME)]

    def samples(self, payloads: list[bytes]) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
        return LINEAR[self.kind][np.frombuffer(b"".join(payloads), np.uint8)]


PCMA: Codec = G711(A_LAW)  # type: ignore[assignment]  # a property serves as well as a field
PCMU: Codec = G711(MU_LAW)  # type: ignore[assignment]


def level(samples: "np.ndarray[tuple[int], np.dtype[np.int16]]", frequency: float) -> float:
    """The amplitude of one frequency in what was heard: a tone of LOUD that arrives whole gives about LOUD."""
    if len(samples) < RATE // 10:
        return 0.0
    turning = np.exp(-2j * np.pi * frequency * np.arange(len(samples)) / RATE)
    window = np.hanning(len(samples))
    return float(2 * abs(np.sum(samples * window * turning)) / np.sum(window))


@dataclass(eq=False)
class Voice:
    """One end of the sound of a call. `listens=False` only speaks, which costs next to nothing."""

    host: str
    frequency: float = 0.0
    listens: bool = True
    codec: Codec = PCMA
    wire: socket.socket = field(init=False)
    far: tuple[str, int] | None = None
    heard_packets: int = 0

    def __post_init__(self) -> None:
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.wire.bind((self.host, 0))
        self.wire.setblocking(False)
        self.port: int = self.wire.getsockname()[1]
        self._frames = self.codec.packets(self.frequency)
        self._heard: deque[bytes] = deque(maxlen=KEEP_SECONDS * RATE // FRAME)
        self._number, self._stamp, self._source = random.randrange(60000), 0, random.randrange(1 << 32)  # noqa: S311
        self._keys: deque[tuple[int, int]] = deque()
        self.keys_heard: list[str] = []
        self._last_key = -1
        if self.listens:
            asyncio.get_running_loop().add_reader(self.wire, self._hear)

    def close(self) -> None:
        if self.wire.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self.wire)
            self.wire.close()

    def sing(self, frequency: float) -> None:
        """Speak another tone from now on."""
        self.frequency, self._frames = frequency, self.codec.packets(frequency)

    def press(self, keys: str) -> None:
        """Send keys, a tenth of a second each with a pause behind it."""
        for key in keys:
            event = "0123456789*#".index(key)
            self._keys += [(event, step) for step in range(12)] + [(-1, 0)] * 6

    def speak(self) -> None:
        """One packet: of the tone, or of a key."""
        if self.far is None or self.wire.fileno() < 0:
            return
        event, step = self._keys.popleft() if self._keys else (-1, 0)
        payload = (
            self._key(event, step) if event >= 0 else self._frames[(self._stamp // self.codec.step) % len(self._frames)]
        )
        kind = KEYS if event >= 0 else self.codec.kind
        marked = 128 if event >= 0 and step == 0 else 0
        stamp = self._stamp - step * self.codec.step if event >= 0 else self._stamp
        head = struct.pack("!BBHII", 128, kind | marked, self._number & 0xFFFF, stamp & 0xFFFFFFFF, self._source)
        try:
            self.wire.sendto(head + payload, self.far)
        except OSError:
            return
        finally:
            self._number += 1
            self._stamp += self.codec.step

    @staticmethod
    def _key(event: int, step: int) -> bytes:
        last = 128 if step >= 9 else 0
        return struct.pack("!BBH", event, last | 10, FRAME * min(step + 1, 10))

    def heard(self, seconds: float) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
        """The last seconds of what arrived."""
        wanted = list(self._heard)[-math.ceil(seconds * RATE / FRAME) :]
        return self.codec.samples(wanted)

    def forget(self) -> None:
        """Begin to listen anew."""
        self._heard.clear()

    def _hear(self) -> None:
        while True:
            try:
                packet = self.wire.recv(2048)
            except (BlockingIOError, OSError):
                return
            self.heard_packets += 1
            kind = packet[1] & 127
            if kind == self.codec.kind:
                self._heard.append(packet[12:])
            elif kind == KEYS and packet[13] & 128 and (stamp := struct.unpack("!I", packet[4:8])[0]) != self._last_key:
                self._last_key = stamp
                self.keys_heard.append("0123456789*#"[packet[12]])


class Speaking:
    """The one clock: every 20 ms each voice sends its packet."""

    def __init__(self) -> None:
        self.voices: set[Voice] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, voice: Voice) -> None:
        self.voices.add(voice)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tick())

    def remove(self, voice: Voice) -> None:
        self.voices.discard(voice)

    async def _tick(self) -> None:
        due = time.monotonic()
        while self.voices:
            for voice in tuple(self.voices):
                voice.speak()
            due += FRAME / RATE
            await asyncio.sleep(max(0.0, due - time.monotonic()))
