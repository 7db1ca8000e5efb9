"""What an order opens to its parties, and closes again: the order, its case, the person behind it (masked).

Handler and reviewer get all three; a helper the order and the case; whoever sent the order that this is a part of, the part.

Not the contact and not the conversation: they need not know every word to do the work. A case or a person may be needed
by another order of the same party, so closing looks at those first.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from qingting.cases.states import CaseState
from qingting.core.actors import Actor
from qingting.core.grants import Opening, end_access, grant_all, limit_access
from qingting.core.scope import EVERYTHING, acting
from qingting.orders.models import CoHandler, WorkOrder
from qingting.orders.services.engine import Step
from qingting.orders.states import OPENS_CASE

HANDLING, REVIEWING, HELPING, PARENT = "ORDER_HANDLING", "ORDER_REVIEW", "ORDER_CO_HANDLING", "ORDER_PARENT"
_PARTY = {HANDLING: "handler_organisation_id", REVIEWING: "reviewer_organisation_id"}
Opened = tuple[tuple[str, int], int, str]  # subject, organisation, purpose


def _subjects(order: WorkOrder) -> list[tuple[str, int]]:
    seeker = [("seeker", order.case.seeker_id)] if order.case.seeker_id else []
    return [("order", order.pk), ("case", order.case_id), *seeker]


def openings(order: WorkOrder) -> list[Opened]:
    """What stands open for an order that is out, for every party but the one that owns it."""
    found = [*_to_leads(order), *_to_helpers(order), *_to_parents(order)]
    return [opening for opening in found if opening[1] != order.organisation_id]


def _to_leads(order: WorkOrder) -> Iterator[Opened]:
    for purpose, column in _PARTY.items():
        organisation_id = getattr(order, column)
        if organisation_id is not None:
            yield from ((subject, organisation_id, purpose) for subject in _subjects(order))


def _to_helpers(order: WorkOrder) -> Iterator[Opened]:
    for helper in CoHandler.objects.filter(order=order, removed_at=None):
        yield from ((subject, helper.helper_organisation_id, HELPING) for subject in _subjects(order)[:2])


def _to_parents(order: WorkOrder) -> Iterator[Opened]:
    if order.parent_id is not None:
        with acting(EVERYTHING):  # a part's handler need not see the whole
            parent = WorkOrder.objects.get(pk=order.parent_id)
        above = {parent.organisation_id, parent.reviewer_organisation_id or parent.organisation_id}
        yield from ((("order", order.pk), organisation_id, PARENT) for organisation_id in sorted(above))


def open_to_parties(order: WorkOrder, actor: Actor, at: datetime) -> None:
    """Let the parties see what the work needs."""
    grant_all(actor=actor, openings=[Opening(*opening) for opening in openings(order)], at=at)


def close_to_parties(step: Step) -> None:
    """End at once what this order opened and no other order of the same party needs; its helpers are let go."""
    former = openings(step.order)
    let_helpers_go(step.order, step.at)
    close(step, former)


def let_helpers_go(order: WorkOrder, at: datetime) -> None:
    """Nobody helps with this order any more."""
    CoHandler.objects.filter(order=order, removed_at=None).update(removed_at=at)


def close(step: Step, former: list[Opened]) -> None:
    """End these openings, as far as nothing else of the same party needs them."""
    for subject, organisation_id, purpose in former:
        if not _needed_elsewhere(step.order, subject, organisation_id, purpose):
            end_access(actor=step.actor, subject=subject, purpose=purpose, to_organisation=organisation_id, at=step.at)


def _needed_elsewhere(order: WorkOrder, subject: tuple[str, int], organisation_id: int, purpose: str) -> bool:
    kind, subject_id = subject
    if kind == "order":
        return False
    same = {"case_id": subject_id} if kind == "case" else {"case__seeker_id": subject_id}
    with acting(EVERYTHING):
        others = WorkOrder.objects.filter(**same, state__in=OPENS_CASE).exclude(pk=order.pk)
        if purpose == HELPING:
            others = others.filter(co_handlers__helper_organisation_id=organisation_id, co_handlers__removed_at=None)
        else:
            others = others.filter(**{_PARTY[purpose]: organisation_id})
        return others.exclude(case__state=CaseState.SIGNED_OFF).exists()


@transaction.atomic
def end_reading(*, case_id: int, ends_at: datetime) -> None:
    """The case is signed off: what its orders opened to others ends with the reading period."""
    with acting(EVERYTHING):
        for order in WorkOrder.objects.filter(case_id=case_id).select_related("case"):
            for subject, organisation_id, purpose in openings(order):
                if not _needed_elsewhere(order, subject, organisation_id, purpose):
                    limit_access(subject=subject, ends_at=ends_at, purpose=purpose, to_organisation=organisation_id)


@transaction.atomic
def follow_person(*, actor: Actor, contact_id: int, seeker_id: int, at: datetime) -> None:
    """The person behind a case became known, or is another one, after its orders were sent: open the right record.

    Called before the case itself takes the new person over, so that the former record can be closed.
    """
    with acting(EVERYTHING):
        orders = WorkOrder.objects.filter(case__contact_id=contact_id, state__in=OPENS_CASE)
        for order in orders.select_related("case").exclude(case__seeker_id=seeker_id):
            former = ("seeker", order.case.seeker_id or 0)
            for subject, organisation_id, purpose in openings(order):
                if subject == former and not _needed_elsewhere(order, subject, organisation_id, purpose):
                    end_access(actor=actor, subject=subject, purpose=purpose, to_organisation=organisation_id, at=at)
            order.case.seeker_id = seeker_id
            open_to_parties(order, actor, at)
