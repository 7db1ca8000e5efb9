"""Plain text for the rules, with the way back: every plain character knows which original characters it stands for.

Four passes, each a list of edits: single characters (NFKC, lower case, Traditional to Simplified), words (emoji, English,
Cantonese, characters written in parts), pieces (split words joined again), spellings (see `respell.py`).
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import ahocorasick

from .signs import DATA

FOLDER = DATA / "normalise"
Edit = tuple[int, int, str]  # replace plain[start:end] by this text
HAN = "\u3400-\u9fff"
ALWAYS_JOIN = re.compile(rf"(?<=[{HAN}])[*_|/#+·•^=\\`]{{1,3}}(?=[{HAN}])")
GAP = re.compile(rf"(?<=[{HAN}])(?:[^\w{HAN}]|_){{1,4}}(?=[{HAN}])")
ONE_BY_ONE = re.compile(rf"(?:(?<=^)|(?<=[^{HAN}]))[{HAN}](?=[^\w{HAN}])|(?<=[^\w{HAN}])[{HAN}](?=$|[^{HAN}])")
STOPS = "，。！？；,!?;\n"


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text and, for each of its characters, the half-open span [starts[i], ends[i]) it came from."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original half-open span of plain[start:end]; `end` is greater than `start`."""
        return min(self.starts[start:end]), max(self.ends[start:end])


@cache
def _traditional() -> dict[str, str]:
    joined = "".join(json.loads((FOLDER / "traditional.json").read_text(encoding="utf-8"))["pairs"])
    return dict(zip(joined[::2], joined[1::2], strict=True))


@cache
def plain_character(char: str) -> str:
    """What one character becomes; the empty string for marks that are not seen (joiners, selectors, skin tones)."""
    if char in "\n\t":
        return char
    if unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc", "Cs") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return ""
    lowered = unicodedata.normalize("NFKC", char).lower()
    return "".join(_traditional().get(one, one) for one in lowered)


def simplified(text: str) -> str:
    """The text after the first pass only."""
    return "".join(map(plain_character, text))


def first_pass(text: str) -> Plain:
    """Character by character; runs of one character longer than three are cut to three."""
    chars: list[str] = []
    starts: list[int] = []
    for at, char in enumerate(text):
        for one in plain_character(char):
            if chars[-3:] != [one, one, one]:
                chars.append(one)
                starts.append(at)
    return Plain("".join(chars), starts, [at + 1 for at in starts])


def rewrite(plain: Plain, edits: Iterable[Edit]) -> Plain:
    """Apply edits that are sorted and do not overlap; new characters point at the whole of what they replace."""
    text, starts, ends, done = [], [], [], 0
    for start, end, new in edits:
        text += [plain.text[done:start], new]
        first, last = plain.span(start, end)
        starts += plain.starts[done:start] + [first] * len(new)
        ends += plain.ends[done:start] + [last] * len(new)
        done = end
    if not done:
        return plain
    return Plain("".join([*text, plain.text[done:]]), starts + plain.starts[done:], ends + plain.ends[done:])


@cache
def _dictionary(marked: bool) -> ahocorasick.Automaton:
    data = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
    automaton = ahocorasick.Automaton()
    sections = ["emoji", "parts", "cantonese", *(["cantonese_marked"] if marked else [])]
    for section in sections:
        for word, new in data[section].items():
            automaton.add_word(simplified(word), (len(simplified(word)), new, False))
    for word, new in data["english"].items():
        automaton.add_word(word, (len(word), new, True))
    for word in data["english_kept"]:
        automaton.add_word(word, (len(word), None, True))
    automaton.make_automaton()
    return automaton


@cache
def _markers() -> frozenset[str]:
    return frozenset(simplified(json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))["cantonese_markers"]))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    if start and _latin(text[start - 1]) and _latin(text[start]):
        return False
    if end < len(text) and _latin(text[end]) and _latin(text[end - 1]):
        return False
    if end - start == 1:  # "a" and "i" are words only beside other English words
        return text[end : end + 2].strip()[:1].isascii() and text[end : end + 2].strip() != ""
    return True


def word_edits(text: str) -> Iterable[Edit]:
    """Emoji, parts, Cantonese and English to plain words; spaces around an English word go with it."""
    marked = not _markers().isdisjoint(text)
    last = 0
    for end_at, (size, new, english) in _dictionary(marked).iter_long(text):
        start, end = end_at + 1 - size, end_at + 1
        if new is None or (english and not _stands_alone(text, start, end)):
            continue
        if english:
            while end < len(text) and text[end] == " ":
                end += 1
            if start > last and text[start - 1] == " ":
                start -= 1
        if start >= last:
            yield start, end, new
            last = end


@cache
def _never_split() -> ahocorasick.Automaton:
    words = json.loads((FOLDER / "never_split.json").read_text(encoding="utf-8"))["words"]
    automaton = ahocorasick.Automaton()
    for word in words:
        automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton


def _over_gaps(text: str, gaps: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Gaps that stand inside a word that nobody splits (自 杀)."""
    kept: list[str] = []
    origin: list[int] = []
    done = 0
    for start, end in [*gaps, (len(text), len(text))]:
        kept.append(text[done:start])
        origin += range(done, start)
        done = end
    found: set[tuple[int, int]] = set()
    for end_at, size in _never_split().iter("".join(kept)):
        first, last = origin[end_at + 1 - size], origin[end_at]
        found.update(gap for gap in gaps if first < gap[0] and gap[1] <= last)
    return found


def join_edits(text: str) -> list[Edit]:
    """Separators to drop: symbols between characters, spacing letter by letter, gaps inside a danger word."""
    gaps = [match.span() for match in GAP.finditer(text)]
    if not gaps:
        return []
    drop = {match.span() for match in ALWAYS_JOIN.finditer(text)}
    soft = [gap for gap in gaps if not set(text[slice(*gap)]) & set(STOPS) or "。" in text[slice(*gap)]]
    singles = {at for match in ONE_BY_ONE.finditer(text) for at in (match.start(), match.end())}
    spaced = [gap for gap in soft if gap[0] in singles or gap[1] in singles]
    if len(spaced) > 1:
        drop.update(gap for gap in spaced if "。" not in text[slice(*gap)] or gap[0] - 1 in {end for _, end in gaps})
    drop |= _over_gaps(text, soft)
    return [(start, end, "") for start, end in sorted(drop)]


def normalise(text: str) -> Plain:
    """The plain text of `text`, ready for rules and model."""
    from .respell import spelling_edits

    plain = first_pass(text)
    plain = rewrite(plain, word_edits(plain.text))
    joins = join_edits(plain.text)
    if joins:
        plain = rewrite(plain, joins)
        plain = rewrite(plain, word_edits(plain.text))
    return rewrite(plain, spelling_edits(plain.text))
