"""The content that the product comes with, read from its data files. Pure: measured without a database."""

import tomllib
from dataclasses import dataclass, field
from functools import cache

from qingting.knowledge.prior import DATA
from qingting.knowledge.rules import Words


@dataclass(frozen=True, slots=True)
class SeedArticle:
    """One article of the data files; the fields are those of `knowledge.models`. aliases: what people call the matter."""

    code: str
    category: str
    title: str
    summary: str
    body: str
    questions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kind: str = "ARTICLE"
    months: int = 12
    language: str = "zh"

    @property
    def asked(self) -> tuple[str, ...]:
        """Whole questions and the aliases after them: by both it is found."""
        return self.questions + self.aliases

    def words(self) -> Words:
        """What is looked up."""
        return Words(self.title, self.summary, self.asked, self.body, self.language)


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
    return tuple(_article(row, _aliases().get(str(row["code"]), ())) for row in rows)


@cache
def english() -> tuple[SeedArticle, ...]:
    """Articles written in English, for those who read the pages in it."""
    return tuple(
        _article({**row, "language": "en"}, _listed(row["aliases"])) for row in _rows("articles-en", "article")
    )


def _listed(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _article(row: dict[str, object], aliases: tuple[str, ...]) -> SeedArticle:
    fields = {**_tupled(row), "body": str(row["body"]).strip(), "aliases": aliases}
    return SeedArticle(**fields)  # type: ignore[arg-type]


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads((DATA / "aliases.toml").read_text("utf-8"))
    return {code: tuple(words.split()) for code, words in raw.items()}


@cache
def resources() -> tuple[SeedResource, ...]:
    """Lines that answer all over the country."""
    return tuple(SeedResource(**_tupled(row)) for row in _rows("resources", "resource"))  # type: ignore[arg-type]
