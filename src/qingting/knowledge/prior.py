"""What a question is about before any article is read: how likely each article that the product comes with answers it, and how likely
none does, learned from the articles' own words and from questions about everything else. Pure.

`data/model/prior.npz` (no pickles): `grams` unicode (n,), `codes` unicode (c,), the last one `ELSEWHERE`; `weights` int8 (n, c),
`scale` float32 (c,), `bias` float32 (c,), `worth` float32 (n,), `taught` unicode (), the digest of what it learned from. `data/model/SHA256SUMS` names the checksum; a file that does not match
is refused. `./qingting train-answers` writes both anew.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).with_name("data")
FOLDER = DATA / "model"
ELSEWHERE = "elsewhere"
ARRAYS = ("grams", "codes", "weights", "scale", "bias", "worth", "taught")


class PriorFileError(RuntimeError):
    """The file on disk is not the one that was built."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Weights as trained; shapes in the module docstring. place: row of each gram."""

    place: Mapping[str, int]
    codes: tuple[str, ...]
    weights: NDArray[Any]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    worth: NDArray[np.float32]
    taught: str

    def shares(self, grams: Iterable[str]) -> dict[str, float]:
        """Natural logarithm of how likely each code, and `ELSEWHERE`, is for a question with these grams; they sum to one."""
        rows = [self.place[gram] for gram in set(grams) if gram in self.place]
        logits = self.bias.astype(np.float64)
        if rows:
            worth = self.worth[rows]
            logits = logits + (worth / np.linalg.norm(worth)) @ (self.weights[rows] * self.scale)
        logits -= logits.max()
        logits -= np.log(np.exp(logits).sum())
        return {code: float(value) for code, value in zip(self.codes, logits, strict=True)}


def checksum(path: Path) -> str:
    """SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path) -> Prior:
    """The prior in a folder. Raises `PriorFileError` where the file is not the one that its checksum names."""
    path = folder / "prior.npz"
    if checksum(path) != (folder / "SHA256SUMS").read_text("utf-8").split()[0]:
        raise PriorFileError(f"{path.name} does not match SHA256SUMS; run ./qingting train-answers")
    with np.load(path, allow_pickle=False) as held:
        arrays = {name: held[name] for name in ARRAYS}
    place = {str(gram): row for row, gram in enumerate(arrays.pop("grams"))}
    codes = tuple(str(code) for code in arrays.pop("codes"))
    return Prior(place, codes, taught=str(arrays.pop("taught")), **arrays)


@cache
def prior() -> Prior:
    """The prior shipped with the package, read once and checked."""
    return read(FOLDER)
