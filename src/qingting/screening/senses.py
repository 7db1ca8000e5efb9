"""What the models see beyond the letters: the sense of each word, and how the text sounds when it is read aloud."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache

import ahocorasick
import numpy as np

from .signs import DATA

NEAR = 24  # characters within which two senses belong together
FOLLOWING = 8  # words after a word that it is paired with
WORDS_AT_MOST = 60  # of one stretch
ONE, PAIR, NEXT, THREE = (number << 48 for number in (5, 6, 7, 8))  # kinds of keys, apart from those of `features`
STEP = 10_000  # above the number of senses
ALIKE = ((re.compile("^([zcs])h"), r"\1"), (re.compile("(in|en)g$"), r"\1"))  # sounds that are mixed up in writing
OTHER = np.uint64(1 << 20)  # added to the code of a character that has no syllable

Word = tuple[int, tuple[int, ...]]  # where it starts, its senses


@cache
def senses() -> tuple[str, ...]:
    """Names of the senses in file order; a sense's number is its place."""
    return tuple(_rows())


def _rows() -> dict[str, str]:
    rows: dict[str, str] = tomllib.loads((DATA / "meanings.toml").read_text(encoding="utf-8"))["senses"]
    return rows


@cache
def _automaton() -> ahocorasick.Automaton:
    numbers: dict[str, list[int]] = {}
    for number, line in enumerate(_rows().values()):
        for word in line.split():
            numbers.setdefault(word, []).append(number)
    automaton = ahocorasick.Automaton()
    for word, found in numbers.items():
        automaton.add_word(word, (len(word), tuple(found)))
    automaton.make_automaton()
    return automaton


def _words(text: str) -> list[Word]:
    found = [(end + 1 - size, numbers) for end, (size, numbers) in _automaton().iter_long(text)]
    return found[:WORDS_AT_MOST]


def _after(words: list[Word], at: int) -> Iterator[tuple[int, int]]:
    """(kind, sense) of the words that follow closely."""
    start = words[at][0]
    for place, numbers in words[at + 1 : at + 1 + FOLLOWING]:
        if place - start > NEAR:
            return
        for number in numbers:
            yield PAIR, number
            if place == words[at + 1][0]:
                yield NEXT, number


def sense_keys(text: str) -> np.ndarray:
    """uint64 keys of the senses in plain text, of pairs in their order, of neighbours, and of three in a row."""
    words = _words(text)
    keys: set[int] = set()
    for at, (start, numbers) in enumerate(words):
        after = list(_after(words, at))
        for one in numbers:
            keys.add(ONE + one)
            keys.update(kind + one * STEP + other for kind, other in after)
        if at + 2 < len(words) and words[at + 2][0] - start < NEAR:
            row = (numbers[0] * STEP + words[at + 1][1][0]) * STEP + words[at + 2][1][0]
            keys.add(THREE + row)
    return np.array(sorted(keys), dtype=np.uint64)


def _merged(syllable: str) -> str:
    for find, to in ALIKE:
        syllable = find.sub(to, syllable)
    return syllable


@cache
def _syllables() -> np.ndarray:
    """uint64 (65536,): a number for the sound of each character, 0 where it has none."""
    rows = tomllib.loads((DATA / "normalise" / "sounds.toml").read_text(encoding="utf-8"))["syllables"]
    table = np.zeros(1 << 16, dtype=np.uint64)
    numbers: dict[str, int] = {}
    for syllable, characters in rows.items():
        number = numbers.setdefault(_merged(syllable), len(numbers) + 1)
        for character in characters:
            if not table[ord(character)]:
                table[ord(character)] = number
    return table


def sounds(codes: np.ndarray) -> np.ndarray:
    """uint64 like `codes` (characters' code points): the sound where there is one, else another number of its own."""
    heard = np.where(codes < 1 << 16, _syllables()[np.minimum(codes, (1 << 16) - 1).astype(np.int64)], np.uint64(0))
    answer: np.ndarray = np.where(heard == 0, codes + OTHER, heard)
    return answer
