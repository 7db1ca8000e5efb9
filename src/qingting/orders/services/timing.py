"""What acts do to the clocks of an order.

Clocks belong to whoever has to act, which need not be the organisation that acts now: hence the wide sight, in this file only.
"""

from datetime import datetime, timedelta

from django.db.models import Min, QuerySet

from qingting.core.actors import system_for
from qingting.core.clocks import Span, cancel_clock, meet_clock, pause_clock, resume_clock, start_clock
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.states import ClockKind, Urgency
from qingting.orders.models import OrderAsk, WorkOrder
from qingting.orders.states import (
    ALL_CLOCKS,
    NOT_EXTENDABLE,
    REVIEWER_WAITED_FOR,
    WORK_CLOCKS,
    AskState,
    Move,
)


def _subject(order: WorkOrder) -> tuple[str, int]:
    return ("order", order.pk)


def _running(order: WorkOrder) -> QuerySet[Clock]:
    return Clock.objects.filter(subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None)


def move_clocks(order: WorkOrder, move: Move, reason: str, at: datetime) -> None:
    """What the table says of a move, and afterwards the reviewer's own clock and the order's next deadline."""
    subject = _subject(order)
    with acting(EVERYTHING):
        for kind in move.meets:
            meet_clock(subject=subject, kind=None if move.meets == ALL_CLOCKS else kind, at=at)
        if move.drops:
            cancel_clock(subject=subject, at=at)
        if move.resumes:
            resume_clock(subject=subject, at=at)
        if move.pauses:
            pause_clock(subject=subject, reason=reason, at=at)
        for kind in _starting(order, move):
            _start(order, kind, order.handler_organisation_id or order.organisation_id, at)
        _keep_review_clock(order, at)
        note_due(order)


def note_due(order: WorkOrder) -> None:
    """Copy the deadline that comes first onto the order."""
    order.due_at = _running(order).filter(paused_at=None).aggregate(soonest=Min("due_at"))["soonest"]
    WorkOrder.objects.filter(pk=order.pk).update(due_at=order.due_at)


def _starting(order: WorkOrder, move: Move) -> tuple[str, ...]:
    if move.starts == "acceptance":
        return (ClockKind.ORDER_ACCEPTANCE,)
    return WORK_CLOCKS[Urgency(order.urgency)] if move.starts == "work" else ()


def _start(order: WorkOrder, kind: str, organisation_id: int, at: datetime) -> None:
    _start_with(order, kind, organisation_id, _span(order, kind, organisation_id, at), at)


def _span(order: WorkOrder, kind: str, organisation_id: int, at: datetime) -> Span:
    """By the catalogue where it says something about this order, else as the organisation usually does. The half hour of a
    crisis is nobody's to change here."""
    usual = directory.clock_span(organisation_id, kind, start=at)
    by_catalogue = {ClockKind.ORDER_ACCEPTANCE: order.accept_minutes, **dict.fromkeys(_WORK, order.work_minutes)}
    minutes = by_catalogue.get(ClockKind(kind))
    if minutes is None:
        return usual
    span = directory.span_of(minutes, working_time=order.working_time, start=at)
    return Span(span.due_at, span.warn_at, usual.escalate_every)


_WORK = (ClockKind.CONSULTATION, ClockKind.CASE_REPLY)


def _start_with(order: WorkOrder, kind: str, organisation_id: int, span: Span, at: datetime) -> None:
    start_clock(
        actor=system_for(organisation_id, order.province),
        kind=kind,
        subject=_subject(order),
        span=span,
        at=at,
        case_id=order.case_id,
    )


def _keep_review_clock(order: WorkOrder, at: datetime) -> None:
    """The reviewer's clock runs exactly while the reviewer is waited for."""
    asked = OrderAsk.objects.filter(order=order, state=AskState.OPEN).exists()
    waited_for = order.state in REVIEWER_WAITED_FOR or asked
    running = _running(order).filter(kind=ClockKind.ORDER_REVIEW).exists()
    if waited_for and not running:
        _start(order, ClockKind.ORDER_REVIEW, order.reviewer_organisation_id or order.organisation_id, at)
    if running and not waited_for:
        meet_clock(subject=_subject(order), kind=ClockKind.ORDER_REVIEW, at=at)


def extend(order: WorkOrder, by: timedelta, at: datetime) -> int:
    """Give the work more time. Each clock ends as cancelled and a later one begins, so that a breach stays on record.

    Returns how many were extended.
    """
    with acting(EVERYTHING):
        clocks = list(_running(order).exclude(kind__in=NOT_EXTENDABLE | {ClockKind.ORDER_PAUSE}))
        for clock in clocks:
            cancel_clock(subject=_subject(order), kind=clock.kind, at=at)
            due = max(clock.due_at, at) + by
            span = Span(due_at=due, warn_at=due - (clock.due_at - clock.warn_at), escalate_every=clock.escalate_every)
            _start_with(order, clock.kind, clock.organisation_id, _not_before(span, at), at)
    return len(clocks)


def _not_before(span: Span, at: datetime) -> Span:
    return Span(span.due_at, max(span.warn_at, at), span.escalate_every)


def start_pause(order: WorkOrder, days: int, at: datetime) -> None:
    """A pause has an end: a clock that takes the work up again when it runs out."""
    due = at + timedelta(days=days)
    span = Span(due_at=due, warn_at=due - timedelta(hours=12), escalate_every=timedelta(days=1))
    with acting(EVERYTHING):
        handler = order.handler_organisation_id or order.organisation_id
        _start_with(order, ClockKind.ORDER_PAUSE, handler, span, at)
        note_due(order)
