"""Which changes to the shipped rules and words are in force: an edition. Each place may have its own; one may be tried out.

An edition only adds to what the package comes with, or takes from it: words of a class, whole rules, words of a guard. The
models never change with it. Without one, and whenever one cannot be had, the shipped data are read.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

log = logging.getLogger(__name__)
KEPT = 32  # editions whose compiled rules stay in memory

Names = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """id: what a screening says it was read with, 0 as shipped; added, withdrawn: words by class; rules: by id, None where
    one is withdrawn, else its fields as in `data/rules/*.toml`; guards: words added, by (guard, key)."""

    id: int = 0
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withdrawn: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    guards: Mapping[Names, tuple[str, ...]] = field(default_factory=dict)


SHIPPED = Edition()
_reading: ContextVar[Edition] = ContextVar("edition", default=SHIPPED)


@lru_cache(maxsize=KEPT)
def edition_from(content: str, id_: int) -> Edition:
    """The edition that a JSON text describes: {"words": {class: {"added": [], "withdrawn": []}}, "rules": {id: {…} or null},
    "guards": {guard: {key: []}}}. The same text gives the same object, so that its rules are compiled once."""
    data = json.loads(content)
    words = data.get("words", {})
    return Edition(
        id_,
        {name: tuple(row.get("added", ())) for name, row in words.items()},
        {name: tuple(row.get("withdrawn", ())) for name, row in words.items()},
        data.get("rules", {}),
        {(guard, key): tuple(added) for guard, row in data.get("guards", {}).items() for key, added in row.items()},
    )


def current() -> Edition:
    """The edition that texts are read with now."""
    return _reading.get()


@contextmanager
def reading(edition: Edition) -> Iterator[Edition]:
    """Read with this edition inside the block."""
    token = _reading.set(edition)
    try:
        yield edition
    finally:
        _reading.reset(token)


Keeper = Callable[[int], Edition]


def _as_shipped(place: int) -> Edition:
    return SHIPPED


_keeper: list[Keeper] = [_as_shipped]


def kept_by(keeper: Keeper) -> None:
    """Name the one function that knows which edition is in force for an organisation's id."""
    _keeper[0] = keeper


@contextmanager
def in_force(place: int) -> Iterator[Edition]:
    """Read with the edition of this organisation. Where its keeper fails, with the shipped data: reading never stops."""
    try:
        edition = _keeper[0](place)
    except Exception:
        log.exception("no edition could be had; reading as shipped")
        edition = SHIPPED
    with reading(edition):
        yield edition
