"""The linear models: logistic regression over hashed features, one output per danger type, one for any danger, one per level.

Arrays in `data/model/weights.npz` (no pickles): `weights` int8 (BUCKETS, outputs), `scale` float32 (outputs,), `bias` float32
(outputs,), `thresholds` float32 (types + 1,). `data/model/SHA256SUMS` names the checksum; a file that does not match is refused.
"""

import hashlib
from dataclasses import dataclass
from functools import cache

import numpy as np

from .signs import DATA, LEVELS, TYPES

FOLDER = DATA / "model"
OUTPUTS = (*TYPES, "any", *LEVELS)
ANY = len(TYPES)


class ModelFileError(RuntimeError):
    """The model file on disk is not the one that was built."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as trained; shapes in the module docstring."""

    weights: np.ndarray
    scale: np.ndarray
    bias: np.ndarray
    thresholds: np.ndarray

    def probabilities(self, buckets: np.ndarray) -> np.ndarray:
        """float32 (outputs,): probability of each output for one stretch of text."""
        total = self.weights[buckets].astype(np.float32).sum(axis=0) * self.scale
        logits = total / np.sqrt(np.float32(len(buckets))) + self.bias
        return 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))


def checksum(path) -> str:
    """SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def model() -> Model:
    """The model shipped with the package, read once and checked."""
    path = FOLDER / "weights.npz"
    expected = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").split()[0]
    if checksum(path) != expected:
        raise ModelFileError(f"{path.name} does not match SHA256SUMS; run python -m qingting.screening.train")
    with np.load(path, allow_pickle=False) as arrays:
        return Model(**{name: arrays[name] for name in ("weights", "scale", "bias", "thresholds")})

