"""Pure rules of orders: numbers, who reviews, which acts lead where, and what a text is found by."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from qingting.orders.states import MOVES, REVIEWING_KINDS, Move


def order_number(case_number: str, count: int) -> str:
    """`GD-2026-000123-W01`: the first order of that case."""
    return f"{case_number}-W{count:02d}"


def sub_order_number(parent_number: str, count: int) -> str:
    """`GD-2026-000123-W01-2`: the second part of that order."""
    return f"{parent_number}-{count}"


def reviewer_among(above: Sequence[tuple[int, str]], handler_id: int) -> int:
    """Who reviews: the nearest of `above` (id, kind; nearest first) of a kind that reviews, else the handler itself."""
    return next((organisation_id for organisation_id, kind in above if kind in REVIEWING_KINDS), handler_id)


def moves_from(state: str) -> list[Move]:
    """Acts allowed from a state, in the order of the table."""
    return [move for move in MOVES.values() if state in move.sources]


def acts_and_states(states: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Every (state, act) pair and whether it is allowed."""
    return [(state, act, state in move.sources) for state in states for act, move in MOVES.items()]


_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+")


def grams(text: str) -> set[str]:
    """What a text is found by: pairs of neighbouring Chinese characters, and whole words of Latin letters and digits.

    Case, width and punctuation make no difference. Chinese is not cut into words: a pair finds what any cutting would miss.
    """
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run.isascii():
            found.add(run)
        else:
            found.update(run[place : place + 2] for place in range(len(run) - 1))
    return found


def number_parts(number: str) -> list[str]:
    """What people type of `GD-2026-000123-W01`: all of it, the case's part, the running number with and without zeros."""
    case = number.partition("-W")[0]
    serial = case.rpartition("-")[2]
    return list(dict.fromkeys([number, case, serial, serial.lstrip("0")]))


class Line(Protocol):
    """A line of the dispatch catalogue; an empty value fits everything."""

    @property
    def category(self) -> str: ...
    @property
    def division(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def urgency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be sent: category codes and GB/T 2260 codes from the narrowest up, kind of work, urgency; kind empty where
    it is not known yet."""

    categories: tuple[str, ...]
    places: tuple[str, ...]
    kind: str = ""
    urgency: str = ""


AnyLine = TypeVar("AnyLine", bound=Line)


def first_fitting(lines: Iterable[AnyLine], matter: Matter) -> AnyLine | None:
    """The first line, from the top, that fits. A line that names a kind fits only a matter whose kind is known."""
    return next((line for line in lines if _fits(line, matter)), None)


def _fits(line: Line, matter: Matter) -> bool:
    wanted = (
        (line.category, matter.categories),
        (line.division, matter.places),
        (line.kind, (matter.kind,)),
        (line.urgency, (matter.urgency,)),
    )
    return all(not asked or asked in given for asked, given in wanted)
