"""The linear models: logistic regression over hashed features, one output per danger type, one for any danger, one per level.

Arrays in `data/model/weights.npz` (no pickles): `weights` int8 (BUCKETS, outputs), `scale` float32 (outputs,), `bias` float32
(outputs,), `bars` float32 (3, 4): what any danger must reach (rows: for a sign of the models' own, for one that a guard speaks
against, for a rule's sign to stand; columns: in a text of up to 12, 25, 45 characters, in a stretch of a longer one),
`knots` float32 (2, n): raw scores in rising order and what share of held-out texts with such a score were dangerous (isotonic, between the
knots a straight line). `data/model/SHA256SUMS` names the checksum; a file that does not match is refused.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .signs import DATA, LEVELS, TYPES

FOLDER = DATA / "model"
OUTPUTS = (*TYPES, "any", *LEVELS)
ANY = len(TYPES)
LENGTHS = (12, 25, 45)  # characters up to which a text is short: the less is said, the less can be said by chance


class ModelFileError(RuntimeError):
    """The model file on disk is not the one that was built."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as trained; shapes in the module docstring."""

    weights: NDArray[Any]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    bars: NDArray[np.float32]
    knots: NDArray[np.float32]

    def calibrated(self, raw: float) -> float:
        """The share of dangerous texts among held-out ones of our own with this raw score, 0..1. Never falls as `raw` rises."""
        return float(np.interp(raw, self.knots[0], self.knots[1]))

    def bar(self, row: int, length: int) -> float:
        """What any danger must reach in a text this long."""
        return float(self.bars[row, sum(length > longest for longest in LENGTHS)])

    def probabilities(self, buckets: NDArray[np.int32]) -> NDArray[np.float32]:
        """float32 (outputs,): probability of each output for one stretch of text."""
        total = self.weights[buckets].astype(np.float32).sum(axis=0) * self.scale
        logits = total / np.sqrt(np.float32(len(buckets))) + self.bias
        answer: NDArray[np.float32] = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
        return answer


def checksum(path: Path) -> str:
    """SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


ARRAYS = ("weights", "scale", "bias", "bars", "knots")


def read(folder: Path) -> Model:
    """The model in a folder. Raises `ModelFileError` where the file is not the one that its checksum names."""
    path = folder / "weights.npz"
    expected = (folder / "SHA256SUMS").read_text(encoding="utf-8").split()[0]
    if checksum(path) != expected:
        raise ModelFileError(f"{path.name} does not match SHA256SUMS; run ./qingting train-screening")
    with np.load(path, allow_pickle=False) as arrays:
        return Model(**{name: arrays[name] for name in ARRAYS})


@cache
def model() -> Model:
    """The model shipped with the package, read once and checked."""
    return read(FOLDER)
