"""The judge: a few weights over what the rules, the guards and the linear models say of a text. Is it danger, and how grave?

They are learnt from readings by models that never saw the text (see `train`), so that the judge knows how far each of them
can be trusted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .signs import LEVELS

SURE = 1e-6  # no probability is taken for surer than this
STEPS = 12
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Judge:
    """`danger` float32 (evidence + 1,) and `level` float32 (3, grading + 1): weights, the last one the constant."""

    danger: NDArray[np.float32]
    level: NDArray[np.float32]

    def weigh(self, found: NDArray[np.float64]) -> float:
        """ln of the odds that what was found is danger."""
        return float(found @ self.danger[:-1] + self.danger[-1])

    def grade(self, found: NDArray[np.float64]) -> str:
        """The likeliest level; 特急 was learnt with a greater weight: too high is the better mistake."""
        return LEVELS[int((self.level[:, :-1] @ found + self.level[:, -1]).argmax())]


def learn(found: NDArray[np.float64], truth: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float32]:
    """float32 (columns + 1,): logistic regression by Newton's steps with a little ridge, the constant last."""
    scale = found.std(axis=0) + SURE
    rows = np.hstack([(found - found.mean(axis=0)) / scale, np.ones((len(found), 1))])
    theta = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(rows @ theta, -30, 30)))
        slope = rows.T @ (weight * (chance - truth)) + RIDGE * theta
        curve = (rows.T * (weight * chance * (1 - chance))) @ rows + RIDGE * np.eye(len(theta))
        theta -= np.linalg.solve(curve, slope)
    weights = theta[:-1] / scale
    return np.append(weights, theta[-1] - weights @ found.mean(axis=0)).astype(np.float32)
