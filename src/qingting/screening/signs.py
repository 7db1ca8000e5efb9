"""What screening hands back: danger signs, and the words for their types and levels."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LABELS = json.loads((DATA / "labels.json").read_text(encoding="utf-8"))
TYPES: tuple[str, ...] = tuple(LABELS["types"])
LEVELS: tuple[str, ...] = tuple(LABELS["levels"])  # gravest first: CRITICAL, URGENT, ROUTINE


@dataclass(frozen=True, slots=True)
class DangerSign:
    """Which words raised which type at which level.

    `start` and `end` are character offsets into the text as it came, and `words` is exactly that slice. `why` is a rule id
    or `model:<type>`; `guards` names every guard that was considered (`negation`, `media`, ...) whether or not it held the
    sign back; `score` is 0..1.
    """

    type: str
    level: str
    start: int
    end: int
    words: str
    why: str
    guards: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Screening:
    """The signs of one text, the gravest level among them, and a calibrated score 0..1 that a person should look."""

    signs: tuple[DangerSign, ...] = ()
    level: str | None = None
    score: float = 0.0

    @property
    def alert(self) -> bool:
        """True when there is any danger sign at all."""
        return bool(self.signs)

    @property
    def types(self) -> tuple[str, ...]:
        """The types raised, gravest first, each once."""
        ordered = sorted(self.signs, key=lambda sign: (-rank(sign.level), -sign.score))
        return tuple(dict.fromkeys(sign.type for sign in ordered))


@cache
def rank(level: str | None) -> int:
    """Order of urgency: CRITICAL 3, URGENT 2, ROUTINE 1, none 0."""
    return int(LABELS["levels"][level]["rank"]) if level else 0


def worst(*levels: str | None) -> str | None:
    """The gravest of some levels; None when there is none."""
    return max(levels, key=rank, default=None)


def level_label(level: str | None) -> str:
    """Chinese for a level code; 无 for None."""
    return str(LABELS["levels"][level]["label"] if level else LABELS["none"])


def type_label(type_: str) -> str:
    """Chinese for a danger type."""
    return str(LABELS["types"][type_])
