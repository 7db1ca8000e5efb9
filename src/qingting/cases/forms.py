"""From what a page sends to what a service takes."""

from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from qingting.cases.selectors import CaseFilter
from qingting.cases.services import NewCase
from qingting.chat.models import Conversation
from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.directory.models import CaseCategory, Division
from qingting.directory.selectors import categories
from qingting.directory.states import Urgency
from qingting.risk.models import RiskAssessment


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def new_case_from(data: QueryDict) -> NewCase:
    """What the panel sends."""
    return NewCase(
        category=words_from(data, "category", 40),
        urgency=words_from(data, "urgency", 10),
        division=words_from(data, "division", 6),
        summary=words_from(data, "summary"),
    )


def filter_from(data: QueryDict) -> CaseFilter:
    """What the list's filters send."""
    return CaseFilter(
        state=words_from(data, "state", 12),
        urgency=words_from(data, "urgency", 10),
        whose=words_from(data, "whose", 8),
        words=words_from(data, "number", 24),
    )


def page_from(data: QueryDict) -> int:
    """The number of the page asked for; 1 for anything odd."""
    number = data.get("page", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What the panel proposes from the contact's form, as typed so far."""

    category: str
    urgency: str
    division: str
    summary: str


def prefilled(contact: Contact) -> Prefilled:
    """The contact's own answers, the draft over what is stored. The contact must have been read in sight."""
    values = form_values(contact)
    return Prefilled(
        category=str(values.get("category") or ""),
        urgency=_urgency(contact, str(values.get("risk_level") or "")),
        division=str(values.get("declared_division") or ""),
        summary=str(values.get("summary") or ""),
    )


def _urgency(contact: Contact, typed: str) -> str:
    """What a person judged: the latest assessment, else the level in the record; else what screening saw in the talk."""
    assessed = RiskAssessment.objects.filter(contact_id=contact.pk).order_by("-assessed_at", "-pk")
    talk = Conversation.objects.filter(pk=contact.conversation_id or 0)
    return (
        assessed.values_list("level", flat=True).first()
        or typed
        or talk.values_list("danger_level", flat=True).first()
        or Urgency.ROUTINE
    )


Group = tuple[str, list[tuple[str, str]]]


def category_groups() -> list[Group]:
    """Second-level categories under their first-level ones."""
    rows: list[CaseCategory] = list(categories())
    firsts = [row for row in rows if row.parent_id is None]
    return [
        (first.name, [(row.pk, row.name) for row in rows if row.parent_id == first.pk] or [(first.pk, first.name)])
        for first in firsts
    ]


def division_groups(province: str, chosen: str) -> list[Group]:
    """The province's counties under their cities; a chosen division of another province stands first by itself."""
    own = Division.objects.filter(pk__startswith=province[:2]).exclude(pk=province).order_by("pk")
    names = dict(own.values_list("pk", "name"))
    groups = [
        (names.get(f"{city}00", ""), [(code, names[code]) for code in codes])
        for city, codes in groupby(names, key=lambda code: code[:4])
    ]
    known = Division.objects.filter(pk=chosen).exclude(pk__in=names).values_list("name", flat=True).first()
    return [("", [(chosen, known)]), *groups] if known else groups
