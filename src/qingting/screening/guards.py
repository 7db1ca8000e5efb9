"""Guards: what may hold a rule's hit back. Doubt is resolved towards the sign, and every guard asked is on the record."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from .editions import KEPT, Edition, current
from .rules import Hit
from .signs import DATA

CLAUSE_END = re.compile(r"[,;:。!?\n]")
SENTENCE_END = re.compile(r"[。!?！？\n]")
SIGHT = 160  # characters on each side of a hit beyond which nothing belongs to it
NEGATION_REACH = 18
AFTER_REACH = 14
MASK = "□"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a guard may look at: the whole plain text, and the hit's sentence with its two neighbours."""

    text: str
    hit: Hit
    sentence: str
    nearby: str


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads((DATA / "guards.toml").read_text(encoding="utf-8"))


def _expression(guard: str, key: str) -> re.Pattern[str]:
    return _compiled(current(), guard, key)


@lru_cache(maxsize=KEPT * 64)
def _compiled(edition: Edition, guard: str, key: str) -> re.Pattern[str]:
    shipped, added = _data()[guard].get(key), edition.guards.get((guard, key), ())
    return re.compile("|".join([*([shipped] if shipped else []), *map(re.escape, added)]) or "(?!)")


@cache
def _negation(guard: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    row = _data()[guard]
    double = f"{row['double']}{row['chain']}$" if "double" in row else "(?!)"
    return re.compile(f"{row['words']}{row['chain']}$"), re.compile(double)


@lru_cache(maxsize=KEPT)
def _idioms(edition: Edition) -> re.Pattern[str]:
    return re.compile(
        "|".join([*_data()["idiom"]["spans"], *map(re.escape, edition.guards.get(("idiom", "spans"), ()))])
    )


def changeable() -> dict[str, tuple[str, ...]]:
    """The guards whose words may be added to, each with the keys that take them."""
    words = {name: tuple(key for key in ("when", "unless") if key in row) for name, row in _data().items()}
    return {"idiom": ("spans",), **{name: keys for name, keys in words.items() if keys}}


def mask_idioms(text: str) -> str:
    """Same length, with idioms and hyperbole blotted out, so that no rule reads them."""
    return _idioms(current()).sub(lambda match: MASK * len(match[0]), text)


def _negated(guard: str, before: str) -> bool:
    single, double = _negation(guard)
    return bool(single.search(before)) and not double.search(before)


def _clause_before(text: str, at: int) -> str:
    return str(CLAUSE_END.split(text[max(0, at - NEGATION_REACH) : at])[-1])


def negation(guard: str, around: Surroundings) -> bool:
    """Denied directly before the hit or inside one of its gaps, and the denial is neither doubled nor called a lie."""
    text, hit = around.text, around.hit
    if guard == "negation" and _expression(guard, "believed_lie").search(text[hit.end : hit.end + AFTER_REACH]):
        return False
    if _negated(guard, _clause_before(text, hit.start)):
        return True
    return any(_negated(guard, CLAUSE_END.split(text[start:end])[-1]) for start, end in hit.gaps)


def past(guard: str, around: Surroundings) -> bool:
    """Long ago and healed since, with no sign of its coming back."""
    return _when_unless(guard, around.nearby, ("when", "healed"), "relapse")


def _when_unless(guard: str, scope: str, all_of: tuple[str, ...], unless: str) -> bool:
    if not all(_expression(guard, key).search(scope) for key in all_of):
        return False
    return not _expression(guard, unless).search(scope)


def plain_guard(guard: str, around: Surroundings) -> bool:
    """`when` (and `and`, where given) stands near, `unless` does not."""
    keys = ("when", "and") if "and" in _data()[guard] else ("when",)
    scope = around.sentence if guard in ("joke", "accident", "medical", "treated") else around.nearby
    return _when_unless(guard, scope, keys, "unless")


def holds_back(guard: str, around: Surroundings) -> bool:
    """True when this guard says that the hit is no danger."""
    if guard == "idiom":
        return False  # idioms are masked before the rules read the text
    if guard.startswith("negation"):
        return negation(guard, around)
    return past(guard, around) if guard == "past" else plain_guard(guard, around)


def surroundings(text: str, hit: Hit, bounds: list[int]) -> Surroundings:
    """Cut out the hit's sentence and its neighbours; `bounds` are the sentence ends of the text, in order."""
    starts = [0, *bounds]
    first = bisect_right(starts, hit.start) - 1
    ends = [*bounds, len(text)]
    last = bisect_left(ends, hit.end)
    left, right = max(0, hit.start - SIGHT), hit.end + SIGHT
    sentence = text[max(left, starts[first]) : min(right, ends[last])]
    nearby = text[max(left, starts[max(0, first - 1)]) : min(right, ends[min(len(ends) - 1, last + 1)])]
    return Surroundings(text, hit, sentence, nearby)


def sentence_bounds(text: str) -> list[int]:
    """Offsets just after each sentence end."""
    return [match.end() for match in SENTENCE_END.finditer(text)]


FLAGS = (
    "joke",
    "media",
    "past",
    "far",
    "inquiry",
    "medical",
    "accident",
    "treated",
    "threat-talk",
    "adult-birth",
    "public",
)


def plain_flags(text: str) -> list[int]:
    """Numbers of the guards that would hold for the whole text; what the models are told about its manner."""
    found = []
    for number, guard in enumerate(FLAGS):
        keys = [key for key in ("when", "healed", "and") if key in _data()[guard]]
        if _when_unless(guard, text, tuple(keys), "relapse" if guard == "past" else "unless"):
            found.append(number)
    return found
