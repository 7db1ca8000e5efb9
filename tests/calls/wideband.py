"""Codecs that carry more than a telephone's band, as the played telephones speak them: tones in, tones out, at 8 kHz."""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import G722 as ITU_G722
import numpy as np

from launcher import places
from qingting.simulation.telephones.voice import FRAME, RATE, tone

OPUS_AUDIO = 2049  # OPUS_APPLICATION_AUDIO
LONGEST = 4000  # bytes of one packet


@dataclass(frozen=True, slots=True)
class G722:
    """ITU-T G.722 at 64 kbit/s. Its time stamps count at 8 kHz by an old mistake that became the rule (RFC 3551)."""

    kind: int = 9
    written: str = "G722/8000"
    step: int = FRAME

    def packets(self, frequency: float) -> list[bytes]:
        data = bytes(ITU_G722.G722(RATE, 64000).encode(tone(frequency).astype(np.int16)))
        return [data[start : start + FRAME] for start in range(0, RATE, FRAME)]

    def samples(self, payloads: list[bytes]) -> Any:
        return np.asarray(ITU_G722.G722(RATE, 64000).decode(b"".join(payloads)), np.int16)


@dataclass(frozen=True, slots=True)
class Opus:
    """RFC 7587: always written as 48 kHz and two channels, whatever is inside."""

    kind: int = 107
    written: str = "opus/48000/2"
    step: int = 960

    def packets(self, frequency: float) -> list[bytes]:
        problem = ctypes.c_int()
        encoder = _opus().opus_encoder_create(RATE, 1, OPUS_AUDIO, ctypes.byref(problem))
        wave, room = tone(frequency).astype(np.int16), ctypes.create_string_buffer(LONGEST)
        made = []
        for start in range(0, RATE, FRAME):
            piece = wave[start : start + FRAME].tobytes()
            size = _opus().opus_encode(encoder, piece, FRAME, room, LONGEST)
            made.append(room.raw[:size])
        _opus().opus_encoder_destroy(encoder)
        return made

    def samples(self, payloads: list[bytes]) -> Any:
        problem = ctypes.c_int()
        decoder = _opus().opus_decoder_create(RATE, 1, ctypes.byref(problem))
        heard, room = [], np.zeros(RATE, np.int16)
        for payload in payloads:
            where = room.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
            count = _opus().opus_decode(decoder, payload, len(payload), where, RATE, 0)
            heard.append(room[: max(0, count)].copy())
        _opus().opus_decoder_destroy(decoder)
        return np.concatenate(heard) if heard else np.zeros(0, np.int16)


@cache
def _opus() -> Any:
    """The library that our own Asterisk came with."""
    found = sorted(Path(places.ROOT / "var" / "programs").rglob("libopus.so.0"))
    library = ctypes.CDLL(str(found[0]) if found else "libopus.so.0")
    library.opus_encoder_create.restype = ctypes.c_void_p
    library.opus_decoder_create.restype = ctypes.c_void_p
    library.opus_encode.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int32]
    library.opus_decode.argtypes = [
        ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int16), ctypes.c_int, ctypes.c_int,
    ]  # fmt: skip
    for destroy in (library.opus_encoder_destroy, library.opus_decoder_destroy):
        destroy.argtypes = [ctypes.c_void_p]
    return library
