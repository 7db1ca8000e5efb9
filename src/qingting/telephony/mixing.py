"""Both sides of a call as one sound, for listening. Nothing of it is stored: it is made anew from the two sealed files."""

import io
import wave

import numpy as np

RATE = 8_000  # samples a second of the engine's files, 16 bits, one channel
_HEADER = 44


def mixed(caller: bytes, seat: bytes, *, pauses: list[tuple[float, float]]) -> bytes:
    """A WAV file in which both are heard. pauses: (second at which it began, its length) of the times when the caller was on
    hold, which their own file leaves out and the seat's does not. Sides of different length end when the longer does."""
    one, other = _with_pauses(_samples(caller), pauses), _samples(seat)
    both = np.zeros(max(len(one), len(other)), np.int32)
    both[: len(one)] += one
    both[: len(other)] += other
    return _wav(np.clip(both, -32_768, 32_767).astype("<i2"))


def mixed_peaks(caller: bytes, seat: bytes) -> bytes:
    """The drawing of the two together: whoever is louder."""
    if len(caller) != len(seat):
        return caller if len(caller) > len(seat) else seat
    return bytes(max(pair) for pair in zip(caller, seat, strict=True))


def _with_pauses(samples: "np.ndarray", pauses: list[tuple[float, float]]) -> "np.ndarray":
    pieces, done = [], 0
    silent = 0.0
    for began, lasted in pauses:
        at = min(len(samples), max(done, round((began - silent) * RATE)))
        pieces += [samples[done:at], np.zeros(max(0, round(lasted * RATE)), samples.dtype)]
        done, silent = at, silent + lasted
    return np.concatenate([*pieces, samples[done:]])


def _samples(wav: bytes) -> "np.ndarray":
    """Also of a file whose header was never finished, because Asterisk was killed."""
    try:
        with wave.open(io.BytesIO(wav)) as sound:
            body = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError, RuntimeError):
        body = wav[_HEADER:]
    return np.frombuffer(body[: len(body) // 2 * 2], "<i2").astype(np.int32)


def _wav(samples: "np.ndarray") -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return sound.getvalue()
