"""The project's own labelled sentences: written by hand, expanded from templates, and composed into longer ones."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .signs import DATA, LEVELS, TYPES

FOLDER = DATA / "training"
LEVEL_CODES = {"C": "CRITICAL", "U": "URGENT", "R": "ROUTINE", "N": None}
SEED = 12355
BY_HAND = 3.0  # weight of a sentence somebody wrote
GROWN = 0.3  # weight of one that was filled in or put together: there are many, and they repeat each other


class Chance:
    """A seeded sequence of choices that is the same on every machine and every Python (xorshift, 64 bits)."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 0x9E3779B97F4A7C15 % 2**64

    def choice(self, options: Sequence[str]) -> str:
        """One of the options."""
        self._state ^= self._state >> 12
        self._state ^= self._state << 25 & 2**64 - 1
        self._state ^= self._state >> 27
        return options[(self._state * 0x2545F4914F6CDD1D % 2**64 >> 32) % len(options)]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text; `type` and `level` are None for harmless. `grown_from` names the texts it was composed of."""

    text: str
    type: str | None
    level: str | None
    weight: float = GROWN
    grown_from: tuple[str, ...] = ()


def kept_for_measuring() -> list[dict[str, Any]]:
    """The project's own behaviour set, never taught: rows with text, expect, expect_level, phenomenon, half."""
    lines = (DATA / "evaluation" / "behaviour.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def never_taught() -> list[Example]:
    """Every seventh of the sentences that several hands wrote, chosen by a hash of the text and kept out of training."""
    lines = (DATA / "evaluation" / "unseen.jsonl").read_text(encoding="utf-8").splitlines()
    return [Example(row["text"], row["type"], row["level"]) for row in map(json.loads, lines)]


class NotTraining(ValueError):
    """A line of a training file is not what it should be; the message names the line."""


def by_hand() -> list[Example]:
    """Every line of every training file, in file order."""
    return [row for path in sorted(FOLDER.glob("*.jsonl")) for row in rows_of(path)]


def rows_of(path: Path) -> list[Example]:
    """The rows of a training file: JSONL {"text", "type", "level"}, type and level null where harmless. Raises `NotTraining`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_row(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _row(number: int, line: str) -> Example:
    try:
        row = json.loads(line)
        text, type_, level = row["text"], row["type"], row["level"]
    except (ValueError, KeyError, TypeError) as reason:
        raise NotTraining(f'line {number} is not JSON with "text", "type" and "level"') from reason
    if not text or ((type_, level) != (None, None) and (type_ not in TYPES or level not in LEVELS)):
        raise NotTraining(f"line {number} names a type or level that there is not, or no text")
    return Example(text, type_, level, BY_HAND)


def expanded() -> Iterator[Example]:
    """Templates with their slots filled, `count` times each, the same every time."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("templates*.toml"))]
    slots = {name: options for data in files for name, options in data["slots"].items()}
    chance = Chance(SEED)
    for row in (row for data in files for row in data["row"]):
        for template in row["texts"]:
            seen = {_filled(template, slots, chance) for _ in range(row["count"])}
            for text in sorted(seen):
                yield Example(text, row.get("type"), LEVEL_CODES[row["level"]])


def _filled(template: str, slots: dict[str, list[str]], chance: Chance) -> str:
    """Slots are filled until none is left: an option may name slots itself."""
    while True:
        filled = re.sub(r"\{(\w+)\}", lambda match: chance.choice(slots[match[1]]), template)
        if filled == template:
            return filled
        template = filled


def composed(rows: list[Example]) -> Iterator[Example]:
    """Longer texts: a sentence before or after a harmless one keeps its label; others are harmless all through."""
    chance = Chance(SEED + 1)
    harmless = [row.text for row in rows if row.type is None and row.weight == BY_HAND]
    for number, row in enumerate(row for row in rows if row.weight == BY_HAND):
        one, two, three = (chance.choice(harmless) for _ in range(3))
        text = f"{row.text}，{one}" if number % 2 else f"{one}。{row.text}"
        yield replace(row, text=text, weight=GROWN, grown_from=(one, row.text))
        if number % 2:
            yield Example(f"{one}，{two}，{three}", None, None, grown_from=(one, two, three))


def examples() -> list[Example]:
    """All of it, in a fixed order."""
    first = [*by_hand(), *expanded()]
    return [*first, *composed(first)]
