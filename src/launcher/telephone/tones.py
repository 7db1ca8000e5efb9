"""Two sounds that every telephone needs and no recording improves: the tone before a message, and music while waiting."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from pathlib import Path

RATE = 8000  # samples a second
LOUDEST = 32767

# A slow broken chord, in semitones above A3, one second a note; silence after it so that it does not press.
CHORD = (0, 7, 12, 16, 12, 7, 4, 7, 0, 5, 12, 17, 12, 9, 5, 9)


def write_beep(path: Path) -> None:
    """Four tenths of a second at 1000 Hz."""
    _write_wav(path, _note(1000.0, 0.4, level=0.3))


def write_music(path: Path) -> None:
    """Sixteen seconds of soft notes that can be repeated for ever."""
    notes = (sample for steps in CHORD for sample in _note(220.0 * 2 ** (steps / 12), 1.0, level=0.12))
    _write_wav(path, notes)


def _note(frequency: float, seconds: float, *, level: float) -> Iterable[int]:
    """A sine that swells and fades, so that nothing clicks."""
    count = int(RATE * seconds)
    for n in range(count):
        swell = math.sin(math.pi * n / count) ** 0.5
        yield int(LOUDEST * level * swell * math.sin(2 * math.pi * frequency * n / RATE))


def _write_wav(path: Path, samples: Iterable[int]) -> None:
    """Mono, 16 bit."""
    values = list(samples)
    body = struct.pack(f"<{len(values)}h", *values)
    head = struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE * 2, 2, 16)
    riff = b"WAVEfmt " + head + b"data" + struct.pack("<I", len(body)) + body
    path.write_bytes(b"RIFF" + struct.pack("<I", len(riff)) + riff)
