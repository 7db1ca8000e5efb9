"""Word classes and the one pass over a text that tells which of them stand in it."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache

import ahocorasick

from .editions import KEPT, SHIPPED, Edition, current
from .signs import DATA


def classes() -> dict[str, tuple[str, ...]]:
    """Name to words, longest first, as the edition in force has them; a class may take in another by `<name>`."""
    return _classes(current())


def shipped_classes() -> dict[str, tuple[str, ...]]:
    """The same as the package comes with them: what the models learnt from."""
    return _classes(SHIPPED)


@lru_cache(maxsize=KEPT)
def _classes(edition: Edition) -> dict[str, tuple[str, ...]]:
    rows = tomllib.loads((DATA / "lexicon.toml").read_text(encoding="utf-8"))["classes"]
    done: dict[str, tuple[str, ...]] = {}
    for name, line in rows.items():
        words: list[str] = []
        for word in line.split():
            words += done[word[1:-1]] if word.startswith("<") else [word]
        gone = edition.withdrawn.get(name, ())
        words = [*(word for word in words if word not in gone), *edition.added.get(name, ())]
        done[name] = tuple(sorted(set(words), key=lambda word: (-len(word), word)))
    return done


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of the words, grouped by first character so that few branches are tried."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(word[1:])
    branches = (re.escape(first) + (_rest(rests)) for first, rests in by_first.items())
    return f"(?:{'|'.join(branches)})"


def _rest(rests: list[str]) -> str:
    if rests == [""]:
        return ""
    return f"(?:{'|'.join(map(re.escape, rests))})"


class Finder:
    """Finds which numbered word lists have a word in a text."""

    def __init__(self) -> None:
        self._numbers: dict[str, set[int]] = {}
        self._automaton = ahocorasick.Automaton()

    def add(self, words: Iterable[str], number: int) -> None:
        """Let `number` be reported whenever one of `words` stands in the text."""
        for word in words:
            self._numbers.setdefault(word, set()).add(number)

    def close(self) -> None:
        """Build the automaton; nothing may be added after."""
        for word, numbers in self._numbers.items():
            self._automaton.add_word(word, (len(word), frozenset(numbers)))
        self._automaton.make_automaton()

    def numbers(self, text: str) -> set[int]:
        """Every number reported for `text`."""
        found: set[int] = set()
        for _, (_, numbers) in self._automaton.iter(text):
            found |= numbers
        return found

    def places(self, text: str) -> list[tuple[int, int, frozenset[int]]]:
        """(start, end, numbers) of every word, in order of its end."""
        return [(end + 1 - size, end + 1, numbers) for end, (size, numbers) in self._automaton.iter(text)]
