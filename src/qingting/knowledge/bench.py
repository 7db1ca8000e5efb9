"""`./qingting bench answers`: how well questions find their article, on the questions of `data/questions`. Prints JSON.

recall@1 and @3: questions whose article comes first, or among the first three; answered: of those, how many the machine would
answer rather than say that it does not know; told: how many it answers with one article; refused: questions about something else
that it rightly does not answer. What there is to choose was chosen on `voices` (hard on purpose: hints, few key words), `dev` and
`test`; `held` decides.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from qingting.knowledge import rules, seeds
from qingting.knowledge.prior import DATA, prior
from qingting.knowledge.rules import Entry, Hit

Row = dict[str, Any]


def labelled() -> list[Row]:
    """Questions with `half` (voices, dev, test or held) and `expect`: codes of articles that answer them, none where nothing does."""
    files = [DATA / "questions" / name for name in ("labelled.jsonl", "held.jsonl")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.strip()] + list(_voices())


def _voices() -> Iterator[Row]:
    code, number = "", 0
    for line in (DATA / "questions" / "voices.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            code, number = line[3:].strip(), 0
        elif line.strip() and code:
            number += 1
            yield {"id": f"voice-{code}-{number}", "half": "voices", "text": line.strip(), "expect": [code]}


def labelled_english() -> list[Row]:
    """The same for English, with `half` dev or held."""
    lines = (DATA / "questions" / "english.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


class Index:
    """The articles that come with the product in one language, in memory."""

    def __init__(self, language: str = "zh") -> None:
        self.language = language
        told = seeds.english() if language == "en" else seeds.articles()
        public = [article for article in told if article.kind == "ARTICLE"]
        held = [entry for article in public for entry in rules.entries_of(article.code, article.words())]
        self._by_gram: dict[str, list[Entry]] = {}
        for entry in held:
            self._by_gram.setdefault(entry.gram, []).append(entry)
        self.articles = len(public)
        self._mean = sum({entry.article: entry.length for entry in held}.values()) / self.articles

    def ask(self, question: str) -> list[Hit]:
        """What is found, the best first."""
        grams = rules.grams(question, self.language)
        found = [entry for gram in set(grams) for entry in self._by_gram.get(gram, ())]
        hits = rules.ranked(question, found, articles=self.articles, mean_length=self._mean, language=self.language)
        if self.language == "en":
            return rules.in_english(hits)
        return rules.settled(hits, prior().shares(grams), {hit.article: str(hit.article) for hit in hits})


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def measures(rows: Sequence[Row], index: Index) -> dict[str, Any]:
    """The measures of some rows, with what was missed by id."""
    asked = [(row, index.ask(row["text"])) for row in rows]
    known = [(row, hits) for row, hits in asked if row["expect"]]
    other = [(row, hits) for row, hits in asked if not row["expect"]]
    return {
        "questions": len(known),
        "recall_at_1": _share([_among(row, hits, 1) for row, hits in known]),
        "recall_at_3": _share([_among(row, hits, 3) for row, hits in known]),
        "answered": _share([bool(hits) and hits[0].known for _row, hits in known]),
        "answered_wrongly": _share([bool(hits) and hits[0].known and not _among(row, hits, 1) for row, hits in known]),
        "told": _share([rules.is_clear(hits, index.language) for _row, hits in known]),
        "told_wrongly": _share(
            [rules.is_clear(hits, index.language) and not _among(row, hits, 1) for row, hits in known]
        ),
        "unknown_questions": len(other),
        "refused": _share([not (hits and hits[0].known) for _row, hits in other]),
        "missed_at_3": [row["id"] for row, hits in known if not _among(row, hits, 3)],
        "not_refused": [row["id"] for row, hits in other if hits and hits[0].known],
    }


def _among(row: Row, hits: Sequence[Hit], first: int) -> bool:
    return any(hit.article in row["expect"] for hit in hits[:first])


def bench() -> dict[str, Any]:
    """Each half, and questions answered per second on one core."""
    index, rows = Index(), labelled()
    begun = time.process_time()
    for row in rows:
        index.ask(row["text"])
    spent = time.process_time() - begun
    halves = {
        half: measures([row for row in rows if row["half"] == half], index)
        for half in ("voices", "dev", "test", "held")
    }
    return {"articles": index.articles, "per_second": round(len(rows) / spent), **halves, "english": bench_english()}


def bench_english() -> dict[str, Any]:
    """Each half of the English questions."""
    index, rows = Index("en"), labelled_english()
    halves = {half: measures([row for row in rows if row["half"] == half], index) for half in ("dev", "held")}
    return {"articles": index.articles, **halves}


def main(words: Sequence[str] = ()) -> int:
    """Print the measures."""
    sys.stdout.write(json.dumps({"bench": "answers", **bench()}, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
