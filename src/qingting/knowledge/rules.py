"""Finding, as pure functions: in Chinese words made alike and cut into character bigrams, in English words cut to their stems (`english`);
ranked by BM25; and what may be told.

BM25 after Robertson and Zaragoza (2009) with k1 = 1.2 and b = 0.5, then what `prior` has learned of such questions. Whether an
article may be given as an answer is decided by both: the *strength*, its BM25 score in units of the rarest gram of the collection,
and the *odds* that the question is about it rather than about something that no article answers.
"""

import math
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from qingting.knowledge import english
from qingting.knowledge.prior import DATA, ELSEWHERE

K1, B = 1.2, 0.5
TITLE, QUESTIONS, SUMMARY, BODY = 3, 2, 1.5, 0.3  # how much a gram counts by where it stands
LONE = 0.7  # how much a single character counts beside a pair; chosen on `dev` and `test`
# Chosen on `voices`, `dev` and `test` of the labelled questions, and on near ones that no article answers, by folds; `held` decides.
PRIOR = 4.0  # how much the logarithm of a learned share counts beside the BM25 score
KNOWS, SURE = 3.0, 1.0  # below this strength, or these odds, the machine says that it does not know
KNOWS_ALONE = 3.2  # the strength that an article needs of which nothing was learned, such as a station's own
CLEAR = 10.0  # how much better than the next an article must fit to be told, rather than offered among others
CANDIDATES = 12  # how many of the best by BM25 are looked at again
LONGEST_QUESTION = 200

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What of an article is looked up."""

    title: str
    summary: str
    questions: tuple[str, ...]
    body: str
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Entry:
    """One gram of one article: its weight there, and the weight of the whole article."""

    article: int | str
    gram: str
    weight: float
    length: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found: its score, the strength of the match (see above); known: whether it may be given as an answer; covered: how
    much of the question's worth it holds, 0 to 1."""

    article: int | str
    score: float
    strength: float
    known: bool = False
    covered: float = 0.0


@cache
def _table() -> tuple[re.Pattern[str], Mapping[str, str]]:
    raw = tomllib.loads((DATA / "search.toml").read_text("utf-8"))
    alike = {word: row["words"][0] for row in raw["alike"] for word in row["words"][1:]}
    to = {**dict.fromkeys(raw["fillers"], " "), **alike, **{row["words"][0]: row["words"][0] for row in raw["alike"]}}
    longest_first = sorted(to, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), to


def plain(text: str) -> str:
    """The text as it is looked up: one form of each character and word, without what says nothing."""
    pattern, to = _table()
    return pattern.sub(lambda found: to[found[0]], unicodedata.normalize("NFKC", text).lower())


def grams(text: str, language: str = "zh") -> list[str]:
    """Characters and character bigrams of Chinese with whole words of letters and figures; of English the stems of its words."""
    if language == "en":
        return english.words(text)
    found: list[str] = []
    for run in _RUN.findall(plain(text)):
        if run[0].isascii():
            found.append(run)
        else:
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def weighed(words: Words) -> dict[str, float]:
    """The grams of an article with their weights. A gram that many of its questions hold counts for three at most."""
    weights: defaultdict[str, float] = defaultdict(float)
    for part, factor in ((words.title, TITLE), (words.summary, SUMMARY), (words.body, BODY)):
        for gram, times in Counter(grams(part, words.language)).items():
            weights[gram] += factor * min(times, 4)
    asked = Counter(gram for question in words.questions for gram in set(grams(question, words.language)))
    for gram, times in asked.items():
        weights[gram] += QUESTIONS * min(times, 3)
    return dict(weights)


def entries_of(article: int | str, words: Words) -> list[Entry]:
    """What the index holds of one article."""
    weights = weighed(words)
    length = sum(weights.values())
    return [Entry(article, gram, weight, length) for gram, weight in weights.items()]


def ranked(
    question: str, entries: Iterable[Entry], *, articles: int, mean_length: float, language: str = "zh"
) -> list[Hit]:
    """The articles that share a gram with the question, the best first.

    entries: those of the question's grams; articles: how many there are in all of this language; mean_length: of their lengths.
    """
    asked = set(grams(question[:LONGEST_QUESTION], language))
    found = [entry for entry in entries if entry.gram in asked]
    holders = Counter(entry.gram for entry in found)
    worth = {gram: _idf(holders[gram], articles) * (LONE if is_lone(gram) else 1) for gram in holders}
    scores: dict[int | str, float] = {}
    covers: dict[int | str, float] = {}
    for entry in found:
        covers[entry.article] = covers.get(entry.article, 0.0) + worth[entry.gram]
        brake = K1 * (1 - B + B * entry.length / (mean_length or 1.0))
        part = worth[entry.gram] * entry.weight * (K1 + 1) / (entry.weight + brake)
        scores[entry.article] = scores.get(entry.article, 0.0) + part
    most = rarest(articles)
    whole = whole_worth(sum(worth.values()), len(asked) - len(worth), articles)
    hits = [Hit(article, score, score / most, covered=covers[article] / whole) for article, score in scores.items()]
    return sorted(hits, key=lambda hit: (-hit.score, str(hit.article)))


def rarest(articles: int) -> float:
    """What a gram is worth that only one of so many articles holds: the unit of strength."""
    return _idf(1, max(articles, 1))


def whole_worth(held: float, missing: int, articles: int) -> float:
    """What all grams of a question are worth together: `held`, and as much as the rarest for each that no article holds."""
    return (held + missing * rarest(articles)) or 1.0


def in_english(hits: Sequence[Hit]) -> list[Hit]:
    """The best hits of an English question, with which may be given as answers."""
    return [replace(hit, known=english.may_answer(hit.strength, hit.covered)) for hit in hits[:CANDIDATES]]


def settled(hits: Sequence[Hit], shares: Mapping[str, float], code_of: Mapping[int | str, str]) -> list[Hit]:
    """The best hits once more, with what was learned: `shares` are the logarithms of `Prior.shares`, `code_of` names each article's
    code. One of which nothing was learned is neither helped nor held back: it stands as the likeliest among the hits does."""
    near = hits[:CANDIDATES]
    likeliest = max((shares[code] for hit in near if (code := code_of.get(hit.article, "")) in shares), default=0.0)
    weighed_again = []
    for hit in near:
        code = code_of.get(hit.article, "")
        share = shares.get(code, likeliest)
        odds = share - shares.get(ELSEWHERE, share)
        known = hit.strength >= KNOWS and odds > SURE if code in shares else hit.strength >= KNOWS_ALONE
        weighed_again.append(replace(hit, score=hit.score + PRIOR * share, known=known))
    return sorted(weighed_again, key=lambda hit: (-hit.score, str(hit.article)))


def is_clear(hits: Sequence[Hit], language: str = "zh") -> bool:
    """Whether the first answers the question, and so much better than the next that it may be told alone."""
    if language == "en":
        return bool(hits) and hits[0].known and english.stands_out([hit.score for hit in hits])
    return bool(hits) and hits[0].known and (len(hits) == 1 or hits[0].score - hits[1].score >= CLEAR)


def is_lone(gram: str) -> bool:
    """Whether it is one Chinese character, which says less than a pair."""
    return len(gram) == 1 and not gram.isascii()


def _idf(holders: int, articles: int) -> float:
    return math.log(1 + (articles - holders + 0.5) / (holders + 0.5))
