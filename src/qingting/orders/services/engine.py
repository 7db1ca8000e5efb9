"""The engine that walks `states.MOVES`: check, change by conditional update, write words, move clocks, tell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from qingting.core.actors import Actor, system_for
from qingting.core.clocks import cancel_clock, meet_clock, start_clock
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.events import publish
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.states import ClockKind, Urgency
from qingting.orders import selectors
from qingting.orders.events import (
    OrderAccepted,
    OrderCancelled,
    OrderDispatched,
    OrderEvent,
    OrderFinished,
    OrderProgressed,
    OrderReturned,
    OrderSentBack,
    OrderSubmitted,
)
from qingting.orders.models import OrderNote, WorkOrder
from qingting.orders.states import ALL_CLOCKS, MOVES, OWNER, PARTY_LABELS, WORK_CLOCKS, Move, OrderState
from qingting.staff.services import News, notify_account, notify_holders

_EVENTS: dict[str, type[OrderEvent]] = {
    "dispatch": OrderDispatched,
    "accept": OrderAccepted,
    "return": OrderReturned,
    "progress": OrderProgressed,
    "submit": OrderSubmitted,
    "send_back": OrderSentBack,
    "approve": OrderFinished,
    "cancel": OrderCancelled,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One act that is being done: its order (as it was changed), its move, by whom, with which note (0: none), when."""

    order: WorkOrder
    move: Move
    actor: Actor
    note_id: int
    at: datetime


def allowed(actor: Actor, order_id: int, act: str, words: str) -> tuple[WorkOrder, Move]:
    """The order and the move, once the order is in sight, the act this organisation's, permitted, from here, in words.

    Raises NotFound, NotAllowed, DomainError (`orders.order.wrong-state`) and Invalid, in this order.
    """
    order, move = selectors.order_of(actor, order_id), MOVES[act]
    if not selectors.acts_for(actor, order, move):
        raise NotAllowed(
            f"“{move.label}”应由{PARTY_LABELS[move.by]}操作。",
            code="orders.order.other-organisation",
            do_next="如果您同时在该单位任职，请先切换岗位。",
        )
    actor.require(move.permission)
    _refuse_state(order, move)
    if move.needs_words and not words.strip():
        raise Invalid(f"请填写{move.words_label}。", code="orders.order.words-missing")
    return order, move


def _refuse_state(order: WorkOrder, move: Move) -> None:
    if order.state not in move.sources:
        raise _wrong_state(f"工单现在是“{OrderState(order.state).label}”，不能{move.label}。")


def _wrong_state(message: str) -> DomainError:
    return DomainError(
        message, code="orders.order.wrong-state", do_next="可能有同事刚刚操作过，请刷新页面查看最新状态。"
    )


def take(step: Step, words: str, **changes: object) -> Step:
    """Change the state if nobody was faster, and write the words down. Returns the step with its note."""
    order, move = step.order, step.move
    if not WorkOrder.objects.filter(pk=order.pk, state=order.state).update(state=move.target, **changes):
        # Whoever was faster may have taken the order out of this actor's sight (a return ends its grants).
        raise _wrong_state(f"工单刚刚被别人处理了，不能再{move.label}。")
    for name, value in {"state": move.target, **changes}.items():
        setattr(order, name, value)
    return Step(order, move, step.actor, _noted(step, words), step.at)


def _noted(step: Step, words: str) -> int:
    if not words.strip():
        return 0
    note = OrderNote.objects.create(
        organisation_id=step.order.organisation_id,
        province=step.order.province,
        order=step.order,
        act=step.move.act,
        text=words.strip(),
        account_id=step.actor.account_id or None,
        at=step.at,
    )
    return note.pk


def settle(step: Step, **told: Any) -> WorkOrder:
    """What every act does at its end: clocks, journal, notices."""
    _move_clocks(step)
    event = _EVENTS[step.move.act]
    ids = ids_of(step.order, step.actor)
    publish(event(**ids, note_id=step.note_id, **told), actor=step.actor, at=step.at)
    for by, permission in step.move.tells:
        _tell(step, by, permission)
    return step.order


def ids_of(order: WorkOrder, actor: Actor) -> dict[str, Any]:
    """What every event of an order carries."""
    return {
        "organisation_id": order.organisation_id,
        "province": order.province,
        "order_id": order.pk,
        "case_id": order.case_id,
        "number": order.number,
        "handler_organisation_id": order.handler_organisation_id or 0,
        "reviewer_organisation_id": order.reviewer_organisation_id or 0,
        "acting_organisation_id": actor.organisation_id,
    }


def _move_clocks(step: Step) -> None:
    """Clocks belong to the handling organisation, which need not be the one that acts: hence the wide sight, here only."""
    order, move, subject = step.order, step.move, ("order", step.order.pk)
    with acting(EVERYTHING):
        for kind in move.meets:
            meet_clock(subject=subject, kind=None if move.meets == ALL_CLOCKS else kind, at=step.at)
        if move.drops:
            cancel_clock(subject=subject, at=step.at)
        for kind in _starting(order, move):
            _start(order, kind, step.at)
        running = Clock.objects.filter(subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None)
        order.due_at = running.aggregate(soonest=Min("due_at"))["soonest"]
        WorkOrder.objects.filter(pk=order.pk).update(due_at=order.due_at)


def _starting(order: WorkOrder, move: Move) -> tuple[str, ...]:
    if move.starts == "acceptance":
        return (ClockKind.ORDER_ACCEPTANCE,)
    return WORK_CLOCKS[Urgency(order.urgency)] if move.starts == "work" else ()


def _start(order: WorkOrder, kind: str, at: datetime) -> None:
    handler = order.handler_organisation_id or order.organisation_id
    start_clock(
        actor=system_for(handler, order.province),
        kind=kind,
        subject=("order", order.pk),
        span=directory.clock_span(handler, kind, start=at),
        at=at,
        case_id=order.case_id,
    )


def _tell(step: Step, by: str, permission: str) -> None:
    order, name = step.order, _EVENTS[step.move.act].name
    news = News(kind=name, subject=("order", order.pk), urgency=order.urgency, case_id=order.case_id)
    if by == OWNER:
        owner, home = order.case.owner_account_id, order.organisation_id
        notify_account(organisation_id=home, account_id=owner, news=news, at=step.at)
        return
    organisation_id = selectors.party(order, by)
    if organisation_id is not None:
        notify_holders(organisation_id=organisation_id, permission=permission, news=news, at=step.at)
