"""Between the pages and the record: what a posted form says, and what the form shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from qingting.contacts import rules
from qingting.contacts.models import Contact
from qingting.contacts.selectors import ContactFilter
from qingting.contacts.states import CallerKind, Channel, ContactState, Disposition, Schooling
from qingting.core.errors import Invalid
from qingting.core.time import BEIJING
from qingting.directory.models import Division
from qingting.directory.selectors import categories, divisions_below
from qingting.directory.states import Urgency
from qingting.seekers.states import AgeBand, Gender, SpecialGroup

_CHOICES: dict[str, type[TextChoices]] = {
    "caller_kind": CallerKind,
    "age_band": AgeBand,
    "gender": Gender,
    "schooling": Schooling,
    "special_groups": SpecialGroup,
    "risk_level": Urgency,
    "dispositions": Disposition,
}
_WANTED = ((rules.YES, "需要"), (rules.NO, "不需要"))
DIVISION_LEVELS = ("division_province", "division_city", "division_county")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A first-level category with itself and its second level as options."""

    label: str
    options: list[Option]


def typed_from(posted: QueryDict) -> dict[str, Any]:
    """All fields of the form as a page sent them; one that was not sent is empty, because pages send the whole form."""
    typed: dict[str, Any] = {name: posted.get(name, "") for name in rules.FIELDS}
    typed |= {name: posted.getlist(name) for name in rules.MANY}
    if DIVISION_LEVELS[0] in posted:
        typed["declared_division"] = chosen_division(posted)
    return typed


def chosen_division(posted: Mapping[str, Any]) -> str:
    """The deepest division of the three selects that lies within the one above it (they change one after another)."""
    chosen = ""
    for name, digits in zip(DIVISION_LEVELS, (0, 2, 4), strict=True):
        code = str(posted.get(name, ""))
        if not code or code[:digits] != chosen[:digits]:
            return chosen
        chosen = code
    return chosen


def version_of(posted: QueryDict) -> tuple[int, str]:
    """The draft's version with which the window was opened, and the window's own name."""
    version = posted.get("version", "0")
    return int(version) if version.isascii() and version.isdigit() else 0, str(posted.get("tab", ""))[:32]


def questions(values: Mapping[str, Any]) -> dict[str, list[Option]]:
    """Options of every question with fixed answers, with what is chosen."""
    asked = {name: _options(kind.choices, values[name]) for name, kind in _CHOICES.items()}
    return {**asked, "follow_up_wanted": _options(_WANTED, values["follow_up_wanted"])}


def _options(pairs: Iterable[tuple[str, Any]], chosen: Any) -> list[Option]:
    picked = set(chosen) if isinstance(chosen, list) else {chosen}
    return [Option(value, str(label), value in picked) for value, label in pairs]


def category_groups(chosen: str) -> list[Group]:
    """Case categories in two levels; a first-level one can be chosen where nobody asked further."""
    found = list(categories())
    tops = [category for category in found if category.parent_id is None]
    return [
        Group(
            top.name,
            _options(
                [
                    (top.code, f"{top.name}（未细分）"),
                    *((below.code, below.name) for below in found if below.parent_id == top.code),
                ],
                chosen,
            ),
        )
        for top in tops
    ]


def division_selects(code: str, *, first: str = "") -> list[tuple[str, list[Option]]]:
    """The selects province, city, county as far as they are open, each with its options. first: the province on top."""
    province = code[:2] + "0000" if code else ""
    city = code[:4] + "00" if code[2:4] not in {"", "00"} else ""
    county = code if code[4:] not in {"", "00"} else ""
    provinces = sorted(_divisions(None, province), key=lambda option: option.value != first)
    below = [_divisions(above, chosen) for above, chosen in ((province, city), (city, county)) if above]
    return [(name, options) for name, options in zip(DIVISION_LEVELS, [provinces, *below], strict=False) if options]


def _divisions(parent: str | None, chosen: str) -> list[Option]:
    return _options(divisions_below(parent).values_list("code", "name"), chosen)


def division_name(code: str) -> str:
    """「广东省广州市天河区」; empty for no code."""
    line = [code[:2] + "0000", code[:4] + "00", code]
    names = dict(Division.objects.filter(pk__in=line).values_list("code", "name"))
    return "".join(dict.fromkeys(names[part] for part in line if part in names))


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the read-only record; empty words mean that it was not asked."""

    label: str
    words: str


def facts(contact: Contact, category_name: str) -> list[Fact]:
    """The whole record in words, in the order of the form."""
    said = {name: "、".join(option.label for option in options if option.chosen) for name, options in _asked(contact)}
    said |= {
        "category": category_name,
        "summary": contact.summary,
        "declared_division": division_name(contact.declared_division),
        "number_division": division_name(contact.number_division),
    }
    return [Fact(rules.LABELS[name], said[name]) for name in rules.FIELDS]


def _asked(contact: Contact) -> Iterable[tuple[str, list[Option]]]:
    stored = rules.as_typed({name: getattr(contact, name) for name in rules.FIELDS})
    return questions(stored).items()


def asked_of(query: QueryDict) -> ContactFilter:
    """The list's filter from an address; what can't be read narrows nothing."""
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    seeker = query.get("seeker", "")
    return ContactFilter(
        state=_known(ContactState, query.get("state", "")),
        channel=_known(Channel, query.get("channel", "")),
        category=query.get("category", "")[:40],
        risk_level=_known(Urgency, query.get("risk_level", "")),
        since=since,
        until=until + timedelta(days=1) if until else None,
        mine=query.get("mine") == "on",
        seeker_id=int(seeker) if seeker.isascii() and seeker.isdigit() and len(seeker) < 19 else 0,
    )


def _known(kind: type[TextChoices], value: str) -> str:
    return value if value in kind.values else ""


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) if day else None


def moment(text: str, label: str) -> datetime:
    """A date and time as a page sends it, on the clocks of China. Raises Invalid naming the field."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(f"{label}没有填写完整。", code="contacts.walk-in.moment", do_next="请选择日期和时间。")
    return found.replace(tzinfo=BEIJING) if found.tzinfo is None else found
