"""The models: logistic regression over hashed features, one output per danger type, one for any danger, one per level; and
the judge's few weights over what the rules and these outputs say.

Arrays in `data/model/weights.npz` (no pickles): `weights` int8 (BUCKETS, outputs), `scale` float32 (outputs,), `bias` float32
(outputs,); `danger` and `level` float32 (see `judge.Judge`); `bars` float32 (3, 5): what the judge's word must reach (rows:
where no rule stands, where one does, where one that says 特急 does; columns: in a text of up to 12, 25, 45, 90 characters,
in a longer one); `knots` float32 (2, n): the judge's words in rising order and what share of held-out texts with such a word
were dangerous (isotonic, between the knots a straight line). `data/model/SHA256SUMS` names the checksum; a file that does not
match is refused.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .judge import Judge
from .signs import DATA, LEVELS, TYPES

FOLDER = DATA / "model"
OUTPUTS = (*TYPES, "any", *LEVELS)
ANY = len(TYPES)
LENGTHS = (12, 25, 45, 90)  # characters up to which a text is short: the less is said, the less can be said by chance
OWN, RULED, GRAVE = range(3)  # rows of the bars


class ModelFileError(RuntimeError):
    """The model file on disk is not the one that was built."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as trained; shapes in the module docstring."""

    weights: NDArray[Any]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    judge: Judge
    bars: NDArray[np.float32]
    knots: NDArray[np.float32]

    def calibrated(self, weighed: float) -> float:
        """The share of dangerous texts among held-out ones of our own with this word of the judge's, 0..1; it never falls."""
        return float(np.interp(weighed, self.knots[0], self.knots[1]))

    def bar(self, row: int, length: int) -> float:
        """What the judge's word must reach in a text this long."""
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


PLAIN = ("weights", "scale", "bias", "bars", "knots")
OF_THE_JUDGE = ("danger", "level")


def arrays(model: Model) -> dict[str, NDArray[Any]]:
    """Every array by its name in the file."""
    return {name: getattr(model, name) for name in PLAIN} | {name: getattr(model.judge, name) for name in OF_THE_JUDGE}


def read(folder: Path) -> Model:
    """The model in a folder. Raises `ModelFileError` where the file is not the one that its checksum names."""
    path = folder / "weights.npz"
    expected = (folder / "SHA256SUMS").read_text(encoding="utf-8").split()[0]
    if checksum(path) != expected:
        raise ModelFileError(f"{path.name} does not match SHA256SUMS; run ./qingting train-screening")
    with np.load(path, allow_pickle=False) as kept:
        judge = Judge(**{name: kept[name] for name in OF_THE_JUDGE})
        return Model(judge=judge, **{name: kept[name] for name in PLAIN})


@cache
def model() -> Model:
    """The model shipped with the package, read once and checked."""
    return read(FOLDER)
