"""The content that the product comes with, read from its data files. Pure: measured without a database."""

import tomllib
from dataclasses import dataclass, field
from functools import cache

from qingting.knowledge.prior import DATA
from qingting.knowledge.rules import Words


@dataclass(frozen=True, slots=True)
class SeedArticle:
    """One article of the data files; the fields are those of `knowledge.models`."""

    code: str
    category: str
    title: str
    summary: str
    body: str
    questions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kind: str = "ARTICLE"
    months: int = 12

    def words(self) -> Words:
        """What is looked up."""
        return Words(self.title, self.summary, self.questions, self.body)


@dataclass(frozen=True, slots=True)
class SeedResource:
    """One nationwide line or place. hours: `{"always": true}` or `{"days": [1..7], "from": "09:00", "to": "17:00"}` each."""

    code: str
    kind: str
    name: str
    phone: str
    about: str
    categories: tuple[str, ...] = ()
    hours: tuple[dict[str, object], ...] = field(default_factory=tuple)
    source: str = ""


def _rows(folder: str, key: str) -> list[dict[str, object]]:
    files = sorted((DATA / folder).glob("*.toml"))
    return [row for path in files for row in tomllib.loads(path.read_text("utf-8"))[key]]


def _tupled(row: dict[str, object]) -> dict[str, object]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


@cache
def articles() -> tuple[SeedArticle, ...]:
    """Articles and scripts, bodies without outer blank lines."""
    rows = [*_rows("articles", "article"), *_rows("scripts", "article")]
    return tuple(SeedArticle(**{**_tupled(row), "body": str(row["body"]).strip()}) for row in rows)  # type: ignore[arg-type]


@cache
def resources() -> tuple[SeedResource, ...]:
    """Lines that answer all over the country."""
    return tuple(SeedResource(**_tupled(row)) for row in _rows("resources", "resource"))  # type: ignore[arg-type]
