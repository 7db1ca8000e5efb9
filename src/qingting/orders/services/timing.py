"""What acts do to the clocks of an order.

Clocks belong to whoever has to act, which need not be the organisation that acts now: hence the wide sight, in this file only.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from qingting.core.actors import system_for
from qingting.core.clocks import (
    Span,
    cancel_clock,
    drawn_clock,
    meet_clocks,
    pause_clock,
    resume_clock,
    start_clocks,
)
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import later
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
    OrderState,
)


def _subject(order: WorkOrder) -> tuple[str, int]:
    return ("order", order.pk)


def _running(order: WorkOrder) -> QuerySet[Clock]:
    return Clock.objects.filter(subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None)


def move_clocks(order: WorkOrder, move: Move, before: str, *, reason: str, at: datetime) -> None:
    """What the table says of a move; the reviewer's own clock runs exactly while the reviewer is waited for; and the
    order's next deadline. before: the state that the move found."""
    subject, waited_for = _subject(order), _waits_for_reviewer(order, move, before)
    with acting(EVERYTHING):
        _meet(subject, move, waited_for is False, at)
        if move.drops:
            cancel_clock(subject=subject, at=at)
        if move.resumes:
            resume_clock(subject=subject, at=at)
        if move.pauses:
            pause_clock(subject=subject, reason=reason, at=at)
        handler = order.handler_organisation_id or order.organisation_id
        start_clocks([_usual(order, kind, handler, at) for kind in _starting(order, move)])
        if waited_for:
            reviewer = order.reviewer_organisation_id or order.organisation_id
            start_clocks([_usual(order, ClockKind.ORDER_REVIEW, reviewer, at)], unless_running=True)
        note_due(order)


def _meet(subject: tuple[str, int], move: Move, reviewed: bool, at: datetime) -> None:
    if move.meets == ALL_CLOCKS:
        meet_clocks(subject=subject, kinds=None, at=at)
        return
    kinds = set(move.meets) | ({str(ClockKind.ORDER_REVIEW)} if reviewed and not move.drops else set())
    if kinds:
        meet_clocks(subject=subject, kinds=kinds, at=at)


def _waits_for_reviewer(order: WorkOrder, move: Move, before: str) -> bool | None:
    """Whether the reviewer is waited for now; None where the move leaves that as it was. Asks live only while the work goes
    on, and only asking and answering change them."""
    if order.state != OrderState.IN_PROGRESS:
        return order.state in REVIEWER_WAITED_FOR
    if before != OrderState.IN_PROGRESS:
        return False
    if move.answers:
        return OrderAsk.objects.filter(order=order, state=AskState.OPEN).exists()
    return True if move.asks else None


_NOTE_DUE = f"""UPDATE {WorkOrder._meta.db_table} SET due_at = (
  SELECT min(due_at) FROM core_clock WHERE subject_kind = 'order' AND subject_id = %(order)s
    AND met_at IS NULL AND cancelled_at IS NULL AND paused_at IS NULL)
WHERE id = %(order)s"""  # noqa: SLF001


def note_due(order: WorkOrder) -> None:
    """Copy the deadline that comes first onto the order; the instance asks for it when somebody looks."""
    later(_NOTE_DUE, {"order": order.pk})
    order.__dict__.pop("due_at", None)


def _starting(order: WorkOrder, move: Move) -> tuple[str, ...]:
    if move.starts == "acceptance":
        return (ClockKind.ORDER_ACCEPTANCE,)
    return WORK_CLOCKS[Urgency(order.urgency)] if move.starts == "work" else ()


def _usual(order: WorkOrder, kind: str, organisation_id: int, at: datetime) -> Clock:
    return _drawn(order, kind, organisation_id, _span(order, kind, organisation_id, at), at)


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


def _drawn(order: WorkOrder, kind: str, organisation_id: int, span: Span, at: datetime) -> Clock:
    return drawn_clock(
        actor=system_for(organisation_id, order.province),
        kind=kind,
        subject=_subject(order),
        span=span,
        at=at,
        case_id=order.case_id,
    )


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
            start_clocks([_drawn(order, clock.kind, clock.organisation_id, _not_before(span, at), at)])
    return len(clocks)


def _not_before(span: Span, at: datetime) -> Span:
    return Span(span.due_at, max(span.warn_at, at), span.escalate_every)


def start_pause(order: WorkOrder, days: int, at: datetime) -> None:
    """A pause has an end: a clock that takes the work up again when it runs out."""
    due = at + timedelta(days=days)
    span = Span(due_at=due, warn_at=due - timedelta(hours=12), escalate_every=timedelta(days=1))
    with acting(EVERYTHING):
        handler = order.handler_organisation_id or order.organisation_id
        start_clocks([_drawn(order, ClockKind.ORDER_PAUSE, handler, span, at)])
        note_due(order)
