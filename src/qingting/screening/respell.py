"""Disguised spellings read as the word they hide: initials, homophones and look-alikes, each only in its context."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import ahocorasick

from .normalise import FOLDER, Edit

REACH = 12  # characters on each side that a context may look at
LETTERS = re.compile(r"(?<![a-z0-9])[a-z](?:[ .\-_*]?[a-z]){1,11}(?![a-z0-9])")


class Spelling(NamedTuple):
    """One disguise: what it means, where it is believed."""

    word: str
    before: re.Pattern[str]
    after: re.Pattern[str]
    unless: re.Pattern[str] | None


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / "respell.json").read_text(encoding="utf-8"))
    return data


@cache
def _context(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    row: dict[str, str] = {**_data()["contexts"], **_data()["extra_contexts"]}[name]
    never = r"(?!)"
    before, after = row["before"], row["after"]
    return re.compile(before or (never if after else "")), re.compile(after or (never if before else ""))


def _spelling(row: dict[str, Any], shared_unless: str) -> Spelling:
    unless = "|".join(filter(None, [shared_unless, row.get("unless")]))
    return Spelling(row["word"], *_context(row["context"]), re.compile(unless))


@cache
def _letters() -> dict[str, Spelling]:
    shared = _data()["letters_unless"]
    return {each: _spelling(row, shared) for row in _data()["letters"] for each in row["spellings"] if each.isascii()}


def disguises(word: str, never: Iterable[str] = (), keep: str = "") -> Iterator[str]:
    """Every spelling of `word` with one or two characters replaced by a variant; those in `keep` stay as they are."""
    variants = _data()["variants"]
    options = [[char, *("" if char in keep else variants.get(char, ""))] for char in word]
    for chars in itertools.product(*options):
        spelling = "".join(chars)
        if 0 < sum(a != b for a, b in zip(chars, word, strict=True)) <= 2 and spelling not in never:
            yield spelling


@cache
def _sounds() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    shared = _data()["sounds_unless"]
    for row in _data()["sounds"]:
        held = _spelling(row, shared)
        free = held._replace(before=re.compile(""), after=re.compile(""))
        for spelling in disguises(row["word"], row.get("never", ()), row.get("keep", "")):
            automaton.add_word(spelling, (spelling, free if spelling in row.get("free", ()) else held))
    automaton.make_automaton()
    return automaton


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, re.Pattern[str]]]:
    return [(re.compile(row["find"]), row["to"], re.compile(row.get("unless", "(?!)"))) for row in _data()["patterns"]]


def _believed(text: str, start: int, end: int, spelling: Spelling) -> bool:
    before, after = text[max(0, start - REACH) : start], text[end : end + REACH]
    if spelling.unless and spelling.unless.search(f"{before}\0{text[start:end]}{after}"):
        return False
    return bool(spelling.before.search(before) or spelling.after.search(after))


def _letter_edits(text: str) -> Iterator[Edit]:
    for match in LETTERS.finditer(text):
        spelling = _letters().get(re.sub(r"[ .\-_*]", "", match[0]))
        if spelling and _believed(text, *match.span(), spelling):
            yield *match.span(), spelling.word


def _sound_edits(text: str) -> Iterator[Edit]:
    for end_at, (written, spelling) in _sounds().iter(text):
        start, end = end_at + 1 - len(written), end_at + 1
        if _believed(text, start, end, spelling):
            yield start, end, spelling.word


def _pattern_edits(text: str) -> Iterator[Edit]:
    for find, new, unless in _patterns():
        for match in find.finditer(text):
            if not unless.search(text[max(0, match.start() - REACH) : match.end() + REACH]):
                yield *match.span("x"), new


def spelling_edits(text: str) -> list[Edit]:
    """Non-overlapping edits, longest first where two claim the same characters."""
    found = sorted(
        {*_letter_edits(text), *_sound_edits(text), *_pattern_edits(text)}, key=lambda e: (e[0] - e[1], e[0])
    )
    kept: list[Edit] = []
    for edit in found:
        if all(edit[1] <= other[0] or other[1] <= edit[0] for other in kept):
            kept.append(edit)
    return sorted(kept)
