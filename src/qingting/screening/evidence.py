"""What the judge looks at: what the rules, the guards and the linear models say of a text, as numbers in a fixed order.

`evidence` is for whether it is danger, `grading` for how grave; each number is named here, in the order of the weights.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .guards import FLAGS
from .judge import SURE
from .model import ANY
from .reading import Judged, Reading
from .rules import Rule, shipped_rules
from .signs import LEVELS, TYPES, rank

MOST_RULES = 3  # that count
LEARNT = ("whole", "loudest", "second", "mean")
RULES = ("strength", "standing", "held", *LEVELS, "only_held")
EVIDENCE = (*LEARNT, *RULES, "length", "stretches", *FLAGS)
GRADING = (*(f"whole:{name}" for name in (*TYPES, *LEVELS)), *(f"loudest:{name}" for name in LEVELS), *LEVELS)


@cache
def learnt() -> frozenset[Rule]:
    """The rules that the judge has met. A rule that staff added or changed always stands: the judge knows nothing of it."""
    return frozenset(shipped_rules())


def standing(reading: Reading) -> list[Judged]:
    """The rules' hits that no guard holds back."""
    return [row for row in reading.rows if row.held_by is None]


def _known(rows: list[Judged]) -> list[Judged]:
    return [row for row in rows if row.hit.rule in learnt()]


def logit(chance: NDArray[np.float32] | float) -> NDArray[np.float64]:
    """ln(p / (1 - p)), bounded."""
    sure = np.clip(np.asarray(chance, dtype=np.float64), SURE, 1 - SURE)
    answer: NDArray[np.float64] = np.log(sure / (1 - sure))
    return answer


def _by_level(rows: list[Judged]) -> Iterator[float]:
    """For each level, gravest first, the strength of the strongest rule that says it."""
    for level in LEVELS:
        yield max((row.hit.rule.strength for row in rows if row.hit.rule.level == level), default=0.0)


def _of_rules(reading: Reading) -> list[float]:
    stand = _known(standing(reading))
    held = {row.hit.rule.id for row in _known(reading.rows) if row.held_by}
    gravest = max((rank(row.hit.rule.level) for row in stand), default=0)
    return [
        max((row.hit.rule.strength for row in stand), default=0.0),
        min(MOST_RULES, len({row.hit.rule.id for row in stand})),
        min(MOST_RULES, len(held)),
        *(float(gravest == rank(level)) for level in LEVELS),
        float(bool(held) and not stand),
    ]


def evidence(reading: Reading) -> NDArray[np.float64]:
    """float64 (len(EVIDENCE),): what speaks for danger and against it."""
    whole = float(logit(reading.whole[ANY]))
    each = np.sort(logit(np.array([answer.any_danger for answer in reading.answers] or [reading.whole[ANY]])))[::-1]
    learnt_of = [whole, each[0], each[1] if len(each) > 1 else whole, each.mean()]
    size = [np.log1p(len(reading.masked)), np.log(len(each))]
    return np.array(
        [*learnt_of, *_of_rules(reading), *size, *(number in reading.flags for number in range(len(FLAGS)))]
    )


def grading(reading: Reading) -> NDArray[np.float64]:
    """float64 (len(GRADING),): what speaks for each level, if it is danger."""
    loudest = reading.loudest
    outputs = loudest.outputs if loudest else reading.whole
    whole = np.delete(reading.whole, ANY)
    return np.array([*logit(whole), *logit(outputs[ANY + 1 :]), *_by_level(_known(standing(reading)))])
