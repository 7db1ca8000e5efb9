"""The rules: patterns over word classes, compiled once from `data/rules/*.toml`.

A pattern is a row of parts separated by spaces: `<name>` is a word class, `~8` a gap of up to eight characters inside the
clause, `..8` the same across commas but inside the sentence, anything else a plain regular expression. A part that ends in
`?` may be missing.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from .editions import KEPT, Edition, current
from .lexicon import Finder, alternation, classes
from .signs import DATA

GAPS = {"~": "[^,;:。!?\\n]", "..": "[^。!?\\n]"}
GAP = re.compile(r"(~|\.\.)(\d+)$")
MOST_MATCHES = 100  # of one pattern in one text; more would only say the same again
PLAIN_CHOICE = re.compile(r"\(\?:([^()\[\]\\?*+.{}$^]+)\)$")
PLAIN_WORD = re.compile(r"[^()\[\]\\?*+.{}|<>$^]+$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One reviewable rule. `strength` 0..1 is how sure a hit is before calibration."""

    id: str
    type: str
    level: str
    owner: str
    strength: float
    guards: tuple[str, ...]
    patterns: tuple[str, ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match: half-open span in the plain text, and the gaps inside it that a negation may hide in."""

    rule: Rule
    start: int
    end: int
    gaps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to run, and the numbers of the word lists that must all stand in a text before it is worth running."""

    rule: Rule
    expression: re.Pattern[str]
    needs: frozenset[int]


def rules() -> tuple[Rule, ...]:
    """All rules of the edition in force: the shipped ones in file order, changed, withdrawn or joined by new ones."""
    return _rules(current())


@lru_cache(maxsize=KEPT)
def _rules(edition: Edition) -> tuple[Rule, ...]:
    shipped = shipped_rules()
    changed = {id_: rule_from(row) if row else None for id_, row in edition.rules.items()}
    kept = [changed.pop(rule.id, rule) for rule in shipped]
    return tuple(rule for rule in [*kept, *changed.values()] if rule is not None)


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules that the package comes with."""
    found: list[Rule] = []
    for path in sorted((DATA / "rules").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [rule_from({"type": data["type"], "owner": data["owner"], **row}) for row in data["rule"]]
    return tuple(found)


def rule_from(row: Mapping[str, Any]) -> Rule:
    """A rule of the fields that a file or an edition gives."""
    lists = {key: tuple(row[key]) for key in ("guards", "patterns", "hits", "misses")}
    return Rule(**{**row, **lists})


def _choices(part: str) -> tuple[str, ...] | None:
    """The words a part stands for when it is nothing but a choice of plain words (classes included)."""
    if re.fullmatch(r"<[a-z_]+>", part):
        return classes()[part[1:-1]]
    inner = re.sub(r"<([a-z_]+)>", lambda match: "|".join(classes()[match[1]]), part)
    if match := PLAIN_CHOICE.match(inner):
        return tuple(match[1].split("|"))
    if PLAIN_WORD.match(inner):
        return (inner,)
    return tuple(inner.split("|")) if PLAIN_WORD.match(inner.replace("|", "")) else None


def _part(part: str, gap_number: int) -> str:
    if match := GAP.match(part):
        return f"(?P<g{gap_number}>{GAPS[match[1]]}{{0,{match[2]}}}?)"
    if re.fullmatch(r"<[a-z_]+>\?", part):
        return alternation(classes()[part[1:-2]]) + "?"
    words = _choices(part)
    if words:
        return alternation(words)
    return f"(?:{re.sub(r'<([a-z_]+)>', lambda match: alternation(classes()[match[1]]), part)})"


def compiled(parts: list[str]) -> re.Pattern[str]:
    """The regular expression of a row of parts. Raises `re.error` for one that is none."""
    return re.compile("".join(_part(part, number) for number, part in enumerate(parts)))


class Book:
    """All patterns of all rules behind one finder of words."""

    def __init__(self) -> None:
        self._finder = Finder()
        self._lists: dict[tuple[str, ...], int] = {}
        self._by_need: dict[int, list[Compiled]] = {}
        self._always: list[Compiled] = []
        for rule in rules():
            for pattern in rule.patterns:
                self._add(rule, pattern.split())
        self._finder.close()

    def _number(self, words: tuple[str, ...]) -> int:
        if words not in self._lists:
            self._lists[words] = len(self._lists)
            self._finder.add(words, self._lists[words])
        return self._lists[words]

    def _add(self, rule: Rule, parts: list[str]) -> None:
        expression = compiled(parts)
        lists = [words for part in parts if not GAP.match(part) and (words := _choices(part))]
        ready = Compiled(rule, expression, frozenset(map(self._number, lists)))
        if not lists:
            self._always.append(ready)
            return
        rarest = min(lists, key=lambda words: (len(words) / min(map(len, words)), words))
        self._by_need.setdefault(self._lists[rarest], []).append(ready)

    def hits(self, text: str) -> Iterator[Hit]:
        """Every match of every pattern in plain text, guards not yet asked."""
        present = self._finder.numbers(text)
        for number in present:
            for ready in self._by_need.get(number, ()):
                if ready.needs <= present:
                    yield from _matches(ready, text)
        for ready in self._always:
            yield from _matches(ready, text)


def _matches(ready: Compiled, text: str) -> Iterator[Hit]:
    for match in islice(ready.expression.finditer(text), MOST_MATCHES):
        if match.end() > match.start():
            gaps = tuple(match.span(name) for name in match.groupdict() if match.end(name) < match.end())
            yield Hit(ready.rule, match.start(), match.end(), gaps)


def book() -> Book:
    """The compiled rules of the edition in force, made once for each."""
    return _book(current())


@lru_cache(maxsize=KEPT)
def _book(edition: Edition) -> Book:
    return Book()
