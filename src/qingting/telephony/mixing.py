"""All voices of a call as one sound, for listening. Nothing of it is stored: it is made anew from the sealed files."""

import io
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

RATE = 8_000  # samples a second of the engine's files, 16 bits, one channel
POINTS = 400  # of the drawing
_HEADER = 44

Pause = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Track:
    """One voice in the whole. begins: the second of the whole at which it starts; seconds: how much of it there is; pauses:
    (second at which it began, its length) of the times that its file leaves out and that are put back in; read: the WAV
    file; peaks: its drawing."""

    begins: float
    seconds: float
    read: Callable[[], bytes]
    peaks: bytes = b""
    pauses: tuple[Pause, ...] = ()

    @property
    def ends(self) -> float:
        return self.begins + self.seconds + sum(lasted for began, lasted in self.pauses if began < self.seconds)

    def pieces(self) -> Iterator[tuple[float, float, float]]:
        """What of the file stands where: (second of the whole, second of the file, length)."""
        done = silent = 0.0
        for began, lasted in self.pauses:
            until = min(self.seconds, max(done, began - silent))
            yield self.begins + done + silent, done, until - done
            done, silent = until, silent + lasted
        yield self.begins + done + silent, done, self.seconds - done


def mixed(tracks: Sequence[Track]) -> bytes:
    """A WAV file in which every voice is heard at its time. It ends when the last voice does."""
    whole = np.zeros(0, np.int32)
    for track in tracks:
        sound = _samples(track.read())
        for at, start, lasts in track.pieces():
            end = len(sound) if start + lasts >= track.seconds else round((start + lasts) * RATE)
            whole = _added(whole, sound[round(start * RATE) : end], round(at * RATE))
    return _wav(np.clip(whole, -32_768, 32_767).astype("<i2"))


def mixed_peaks(tracks: Sequence[Track]) -> bytes:
    """The drawing of all together: whoever is louder."""
    lasts = max((track.ends for track in tracks), default=0.0)
    drawing = bytearray(POINTS if any(track.peaks for track in tracks) else 0)
    for track in tracks:
        for at, start, length in track.pieces():
            if length > 0 and track.peaks:
                _draw(drawing, track, (at, start, length), lasts)
    return bytes(drawing)


def _draw(drawing: bytearray, track: Track, piece: tuple[float, float, float], lasts: float) -> None:
    at, start, length = piece
    a_second = len(track.peaks) / track.seconds if track.seconds else 0.0
    width = lasts / len(drawing)
    for place in range(int(at / width), min(len(drawing), int((at + length) / width) + 1)):
        first = start + max(0.0, place * width - at)
        last = start + min(length, (place + 1) * width - at)
        heard = track.peaks[int(first * a_second) : max(int(first * a_second) + 1, int(last * a_second))]
        drawing[place] = max([drawing[place], *heard])


def _added(whole: "np.ndarray", sound: "np.ndarray", at: int) -> "np.ndarray":
    if at + len(sound) > len(whole):
        whole = np.concatenate([whole, np.zeros(at + len(sound) - len(whole), np.int32)])
    whole[at : at + len(sound)] += sound
    return whole


def _samples(wav: bytes) -> "np.ndarray":
    """Also of a file whose header was never finished, because Asterisk was killed."""
    try:
        with wave.open(io.BytesIO(wav)) as sound:
            body = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError, RuntimeError):
        body = wav[_HEADER:]
    return np.frombuffer(body[: len(body) // 2 * 2], "<i2")


def _wav(samples: "np.ndarray") -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return sound.getvalue()
