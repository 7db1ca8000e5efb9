"""What the writers' forms hold."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.directory.selectors import categories
from qingting.knowledge.models import Article, ArticleVersion, Resource
from qingting.knowledge.selectors import Wanted, divisions_of
from qingting.knowledge.services import Entered, Text
from qingting.knowledge.sheet import Known
from qingting.knowledge.states import Language, ResourceKind

Group = tuple[str, list[tuple[str, str, bool]]]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def text_from(data: Mapping[str, str]) -> Text:
    """What was written; questions and sources one a line."""
    months = data.get("months", "12")
    return Text(
        title=data.get("title", ""),
        summary=data.get("summary", ""),
        body=data.get("body", "").replace("\r\n", "\n"),
        questions=_lines(data.get("questions", "")),
        sources=_lines(data.get("sources", "")),
        language=data.get("language", Language.CHINESE),
        months=int(months) if months.isascii() and months.isdigit() and len(months) < 4 else 0,
    )


def values_of(version: ArticleVersion | None, article: Article | None) -> dict[str, Any]:
    """The form as it stands."""
    if version is None:
        return {
            "kind": article.kind if article else "ARTICLE",
            "category": article.category if article else "",
            "months": 12,
        }
    return {
        "kind": version.article.kind,
        "category": version.article.category,
        "title": version.title,
        "summary": version.summary,
        "body": version.body,
        "questions": "\n".join(version.questions),
        "sources": "\n".join(version.sources),
        "months": version.months,
    }


def category_groups(chosen: str) -> list[Group]:
    """First-level categories with those below them: (label, [(code, label, chosen)])."""
    rows = list(categories().order_by("position", "code"))
    tops = [row for row in rows if row.parent_id is None]
    return [
        (
            top.name,
            [(row.code, row.name, row.code == chosen) for row in rows if top.pk in {row.pk, row.parent_id}],
        )
        for top in tops
    ]


def category_names() -> dict[str, str]:
    """Code → name."""
    return dict(categories().values_list("code", "name"))


_SLOTS = 3


def entered_from(data: QueryDict) -> Entered:
    """What was entered about a resource. Hours come in slots: days_1, from_1, to_1; `always` stands for all of them."""
    return Entered(
        kind=data.get("kind", ""),
        name=data.get("name", ""),
        phone=data.get("phone", ""),
        address=data.get("address", ""),
        division=data.get("division", "")[:6],
        about=data.get("about", ""),
        hours=_hours(data),
        categories=tuple(data.getlist("categories")),
    )


def wanted_from(data: QueryDict) -> Wanted:
    """Which resources somebody wants to see; what is no kind or place is left out."""
    kind = data.get("kind", "")
    return Wanted(
        kind=kind if kind in ResourceKind.values else "",
        category=_known_category(data.get("need", "")),
        place=_code(data.get("place", "")),
        words=data.get("words", "").strip()[:60],
    )


def beside_from(data: QueryDict) -> Wanted:
    """The same beside a talk. The first time it begins with what the record beside it says (`division_…`, `declared`, `category`)."""
    wanted = wanted_from(data)
    if "place" in data:
        return wanted
    declared = [
        _code(data.get(name, "")) for name in ("division_county", "division_city", "division_province", "declared")
    ]
    need = _top(_known_category(data.get("category", "")))
    return replace(wanted, place=next((code for code in declared if code), ""), category=need)


def _known_category(code: str) -> str:
    return code if code in category_names() else ""


def _code(text: str) -> str:
    return text if len(text) == 6 and text.isascii() and text.isdigit() else ""


def _top(category: str) -> str:
    """The first-level category: what is kept is marked by those."""
    return categories().filter(code=category).values_list("parent_id", flat=True).first() or category


def known_for_sheet(actor: Actor) -> Known:
    """What the names in a table stand for, for this station."""
    return Known(
        kinds={str(label): code for code, label in ResourceKind.choices},
        categories={name: code for code, name in categories().order_by("-parent_id").values_list("code", "name")},
        divisions={division.code: division.name for division in divisions_of(actor)},
    )


def _hours(data: QueryDict) -> tuple[dict[str, Any], ...]:
    if data.get("always"):
        return ({"always": True},)
    spans = []
    for slot in range(1, _SLOTS + 1):
        begins, ends = data.get(f"from_{slot}", ""), data.get(f"to_{slot}", "")
        days = sorted({int(day) for day in data.getlist(f"days_{slot}") if day in set("1234567")})
        if not (begins or ends or days):
            continue
        if not (begins and ends and days) or begins == ends:
            raise Invalid(
                "开放时间没有填完整。",
                code="knowledge.resource.hours",
                do_next="每一行都要选星期、开始和结束时间；全天开放请勾选“全天”。",
                fields={"hours": "选好星期、开始和结束时间。"},
            )
        spans.append({"days": days, "from": begins[:5], "to": ends[:5]})
    return tuple(spans)


def slots_of(resource: Resource | None) -> list[dict[str, Any]]:
    """The slots of the form, filled as far as they are."""
    hours = [span for span in (resource.hours if resource else []) if not span.get("always")]
    padded = [*hours, *({} for _ in range(_SLOTS - len(hours)))][:_SLOTS]
    return [
        {
            "number": number,
            "begins": span.get("from", ""),
            "ends": span.get("to", ""),
            "days": [(day, "一二三四五六日"[day - 1], day in span.get("days", ())) for day in range(1, 8)],
        }
        for number, span in enumerate(padded, 1)
    ]
