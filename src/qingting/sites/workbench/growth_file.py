"""一人一成长档案, as far as this road goes: all that was done for one person, in the order of time, from all rooms.

It stands in the site, because no single room may look at all of them. Each row is what that room shows to this reader anyway;
whoever lacks a room's permission sees none of its rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from qingting.cases.models import Case
from qingting.cases.selectors import category_names
from qingting.cases.selectors import visible_to as cases_in_sight
from qingting.contacts.models import Contact
from qingting.contacts.selectors import visible_to as contacts_in_sight
from qingting.core.actors import Actor
from qingting.followups.selectors import visible_to as follow_ups_in_sight
from qingting.linkage.models import Handoff
from qingting.linkage.selectors import partner_name, wording_of
from qingting.linkage.selectors import visible_to as handoffs_in_sight
from qingting.orders.selectors import names_of
from qingting.orders.selectors import visible_to as orders_in_sight
from qingting.risk.selectors import visible_to as assessments_in_sight

MOST = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done. kind: its label; level with its word, state: in words; url: its page, where there is one."""

    at: datetime
    kind: str
    title: str
    line: str = ""
    level: str = ""
    level_label: str = ""
    state: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class GrowthFile:
    """All steps, oldest first; counts by kind in the order of the road."""

    steps: list[Step]
    counts: list[tuple[str, int]]


def is_mine(actor: Actor, seeker_ids: list[int]) -> bool:
    """Whether this account has had the person's contact, case, order or handoff: whose own matter it is gives no reason."""
    me = actor.account_id
    contacts = contacts_in_sight(actor).filter(seeker_id__in=seeker_ids)
    if contacts.filter(Q(account_id=me) | Q(first_contact_owner_account_id=me)).exists():
        return True
    cases = cases_in_sight(actor).filter(seeker_id__in=seeker_ids)
    if cases.filter(owner_account_id=me).exists():
        return True
    orders = orders_in_sight(actor).filter(case_id__in=list(cases.values_list("pk", flat=True)))
    return orders.filter(Q(handler_account_id=me) | Q(drafted_by_account_id=me)).exists()


def growth_file(actor: Actor, seeker_ids: list[int]) -> GrowthFile:
    """The file of a person, all of whose records (`seekers.selectors.same_person`) must have been read in sight."""
    contacts = _rows(contacts_in_sight(actor).filter(seeker_id__in=seeker_ids).defer("draft"), actor, "contacts.view")
    cases = _rows(cases_in_sight(actor).filter(seeker_id__in=seeker_ids), actor, "cases.view")
    names = category_names({row.category for row in [*contacts, *cases] if row.category})
    found = {
        "接触": list(_contact_steps(contacts, names)),
        "评估": list(_assessment_steps(actor, contacts)),
        "个案": list(_case_steps(cases, names)),
        "工单": list(_order_steps(actor, cases)),
        "联动": list(_handoff_steps(actor, cases)),
        "回访": list(_follow_up_steps(actor, cases)),
    }
    steps = sorted((step for told in found.values() for step in told), key=lambda step: step.at)
    return GrowthFile(steps, [(kind, len(told)) for kind, told in found.items() if told])


def _rows(rows: QuerySet[Any], actor: Actor, permission: str) -> list[Any]:
    return list(rows[:MOST]) if actor.may(permission) else []


def _levels(row: Any, column: str = "urgency") -> dict[str, str]:
    return {"level": getattr(row, column), "level_label": getattr(row, f"get_{column}_display")()}


def _contact_steps(contacts: list[Contact], names: dict[str, str]) -> Iterator[Step]:
    for row in contacts:
        parts = (names.get(row.category, ""), row.get_caller_kind_display(), " ".join(row.summary.split())[:60])
        yield Step(
            row.started_at,
            "接触",
            row.get_channel_display(),
            " · ".join(part for part in parts if part),
            state=row.get_state_display(),
            url=reverse("contacts:detail", args=[row.pk]),
            **_levels(row, "risk_level"),
        )


def _assessment_steps(actor: Actor, contacts: list[Contact]) -> Iterator[Step]:
    found = assessments_in_sight(actor).filter(contact_id__in=[row.pk for row in contacts])
    for row in found.defer("whereabouts_sealed")[:MOST]:
        url = reverse("contacts:detail", args=[row.contact_id])
        yield Step(row.assessed_at, "评估", "风险评估", url=url, **_levels(row, "level"))


def _case_steps(cases: list[Case], names: dict[str, str]) -> Iterator[Step]:
    for row in cases:
        yield Step(
            row.opened_at,
            "个案",
            row.number,
            names.get(row.category, ""),
            state=row.get_state_display(),
            url=reverse("cases:case", args=[row.pk]),
            **_levels(row),
        )


def _order_steps(actor: Actor, cases: list[Case]) -> Iterator[Step]:
    found = _rows(orders_in_sight(actor).filter(case_id__in=_ids(cases)), actor, "orders.view")
    handlers = names_of({row.handler_organisation_id for row in found if row.handler_organisation_id})
    for row in found:
        yield Step(
            row.drafted_at,
            "工单",
            f"{row.number} · {row.get_kind_display()}",
            handlers.get(row.handler_organisation_id, ""),
            state=row.get_state_display(),
            url=reverse("orders:order", args=[row.pk]),
            **_levels(row),
        )


def _between(row: Handoff) -> str:
    """The list's own words for the 110; the name of anybody else."""
    if row.item_number:
        return str(row.get_direction_display())
    name = partner_name(row.desk)
    return f"转介{name}" if row.direction == "TO_POLICE" else f"{name}转来"


def _handoff_steps(actor: Actor, cases: list[Case]) -> Iterator[Step]:
    for row in _rows(handoffs_in_sight(actor).filter(case_id__in=_ids(cases)), actor, "linkage.view"):
        number = f"{wording_of(row.desk).number} {row.incident_number}" if row.incident_number else ""
        yield Step(
            row.opened_at,
            "联动",
            _between(row),
            " · ".join(part for part in (row.item_text, number) if part),
            state=row.get_state_display(),
            url=reverse("linkage:handoff", args=[row.pk]),
            **_levels(row),
        )


def _follow_up_steps(actor: Actor, cases: list[Case]) -> Iterator[Step]:
    pages = actor.may("followups.view")
    for row in _rows(follow_ups_in_sight(actor).filter(case_id__in=_ids(cases)), actor, "cases.view"):
        yield Step(
            row.done_at or row.planned_at,
            "回访",
            row.get_helped_display() or "回访",
            state=row.get_state_display(),
            url=reverse("followups:follow-up", args=[row.pk]) if pages else "",
        )


def _ids(cases: list[Case]) -> list[int]:
    return [case.pk for case in cases]
