"""Finding in English, pure: words instead of bigrams, cut to their stems, without those that say nothing; and what may be told.

Ranked by the same BM25 as Chinese. Nothing is learned beforehand, so an article may be given as an answer by what of the question it
*covers*: the worth of the question's words that it holds, over the worth of all of them; a word that no article holds is worth as much
as the rarest. A question about something else mostly consists of such words.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "search.en.toml"
# Chosen on `dev` of data/questions/english.jsonl; `held` decides.
COVERS, KNOWS = 0.5, 0.85  # below this coverage, or this strength, the machine says that it does not know
CLEAR = 1.25  # so many times the next one's score an article has to reach to be told alone

_WORD = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Table:
    alike: Mapping[str, str]
    pattern: re.Pattern[str]
    silent: frozenset[str]


@cache
def _table() -> _Table:
    raw = tomllib.loads(FILE.read_text("utf-8"))
    alike = {phrase: row["words"][0] for row in raw["alike"] for phrase in row["words"][1:]}
    longest_first = sorted(alike, key=len, reverse=True)
    pattern = re.compile(r"(?<![a-z])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![a-z])")
    return _Table(alike, pattern, frozenset(word for line in raw["silent"] for word in line.split()))


def words(text: str) -> list[str]:
    """The words that say something, alike ones made one, each cut to its stem."""
    table = _table()
    plain = text.lower().replace("’", "'").replace("n't", "n not")
    made_one = table.pattern.sub(lambda found: table.alike[found[0]], plain)
    return [
        stem(word) for word in _WORD.findall(made_one.replace("'", "")) if word not in table.silent and len(word) > 1
    ]


def stem(word: str) -> str:
    """Without the endings that only say when, how many, or who: bullied, bullies and bullying are one."""
    for ending, instead in (("ying", "y"), ("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("s", "")):
        cut = word.removesuffix(ending)
        if cut != word and len(cut) >= 3 and not word.endswith("ss"):
            left = cut + instead
            return (
                left[:-1] if len(left) > 3 and left[-1] == left[-2] and left[-1] not in "ls" else left.removesuffix("e")
            )
    return word.removesuffix("e") if len(word) > 4 else word


def is_english(question: str, *, page: str) -> bool:
    """Whether a question is looked up in English: without a Chinese character, and on an English page or in several English words."""
    if _HAN.search(question):
        return False
    return page == "en" or len(_LATIN.findall(question)) >= FEWEST_WORDS


def may_answer(strength: float, covered: float) -> bool:
    """Whether an article that matches so strongly, and covers so much of the question, may be given as an answer."""
    return covered >= COVERS and strength >= KNOWS


def stands_out(scores: Sequence[float]) -> bool:
    """Whether the first fits so much better than the next that it may be told alone."""
    return len(scores) == 1 or scores[0] >= CLEAR * scores[1]
