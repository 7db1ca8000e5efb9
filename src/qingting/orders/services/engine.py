"""The engine that walks `states.MOVES`: check, change by conditional update, write words, move clocks, tell."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.events import publish
from qingting.core.rows import store_later
from qingting.core.transactions import later
from qingting.orders import selectors
from qingting.orders.events import EVENT_OF_ACT
from qingting.orders.models import OrderAsk, OrderNote, WorkOrder
from qingting.orders.services.timing import move_clocks
from qingting.orders.states import MOVES, OWNER, PARTY_LABELS, AskState, Move, OrderState
from qingting.staff.services import News, notify_account, notify_holders


@dataclass(frozen=True, slots=True)
class Step:
    """One act that is being done: its order (as it was changed), its move, by whom, with which note (0: none), when.

    before: the state the act found; ask: what it opens or answers.
    """

    order: WorkOrder
    move: Move
    actor: Actor
    note_id: int
    at: datetime
    before: str = ""
    ask: OrderAsk | None = None


def begin(actor: Actor, order_id: int, act: str, at: datetime, words: str = "") -> Step:
    """The step, once the order is in sight, the act this organisation's, permitted, from here, in words, not hindered.

    Raises NotFound, NotAllowed, DomainError (`orders.order.wrong-state` and the conditions') and Invalid, in this order.
    """
    order, move = selectors.order_of(actor, order_id), MOVES[act]
    if not selectors.acts_for(actor, order, move):
        parties = "或".join(PARTY_LABELS[by] for by in move.by)
        raise NotAllowed(
            f"“{move.label}”应由{parties}操作。",
            code="orders.order.other-organisation",
            do_next="如果您同时在该单位任职，请先切换岗位。",
        )
    actor.require(move.permission)
    _refuse_state(order, move)
    if move.needs_words and not words.strip():
        raise Invalid(f"请填写{move.words_label}。", code="orders.order.words-missing")
    refusal = selectors.hindrance(order, move, at=at)
    if refusal is not None:
        raise refusal
    return Step(order, move, actor, 0, at, order.state, _ask_of(order, move))


def _refuse_state(order: WorkOrder, move: Move) -> None:
    if order.state not in move.sources:
        raise wrong_state(f"工单现在是“{OrderState(order.state).label}”，不能{move.label}。")


def wrong_state(message: str) -> DomainError:
    """Somebody was faster, or the page is an old one."""
    return DomainError(
        message, code="orders.order.wrong-state", do_next="可能有同事刚刚操作过，请刷新页面查看最新状态。"
    )


def _ask_of(order: WorkOrder, move: Move) -> OrderAsk | None:
    """The open ask that a move answers. One of a kind at a time, and no answer without an ask."""
    if not (move.asks or move.answers):
        return None
    waiting = selectors.open_asks(order)
    if not selectors.asks_allow(move, waiting):
        raise DomainError(
            "已经有一份同样的申请在等待答复。" if move.asks else "没有等待答复的申请。",
            code="orders.ask.already-open" if move.asks else "orders.ask.none-open",
            do_next="请刷新页面查看最新状态。",
        )
    return waiting.get(move.answers)


_JUDGED = ("state", "handler_organisation_id", "reviewer_organisation_id", "supervised_at", "firm")


def take(step: Step, words: str, **changes: object) -> Step:
    """Change the state if nobody was faster, and write the words down. Returns the step with its note.

    Faster is also who left the state as it was and gave the order to somebody else, or listed it: what `begin` has judged must
    still be so.
    """
    order, move = step.order, step.move
    state = move.leads_to(order.state)
    as_judged = {name: getattr(order, name) for name in _JUDGED}
    if not WorkOrder.objects.filter(pk=order.pk, **as_judged).update(state=state, **changes):
        # Whoever was faster may have taken the order out of this actor's sight (a return ends its grants).
        raise wrong_state(f"工单刚刚被别人处理了，不能再{move.label}。")
    for name, value in {"state": state, **changes}.items():
        setattr(order, name, value)
    return replace(step, note_id=_noted(step, words))


def _noted(step: Step, words: str) -> int:
    if not words.strip():
        return 0
    note = OrderNote(
        organisation_id=step.order.organisation_id,
        province=step.order.province,
        order=step.order,
        act=step.move.act,
        text=words.strip(),
        account_id=step.actor.account_id or None,
        at=step.at,
    )
    store_later([note])
    return note.pk


def settle(step: Step, **told: Any) -> WorkOrder:
    """What every act does at its end: asks, clocks, journal, notices."""
    _end_asks(step)
    move_clocks(step.order, step.move, step.before, reason=words_reason(step), at=step.at)
    event = EVENT_OF_ACT[step.move.act]
    publish(event(**ids_of(step.order, step.actor), note_id=step.note_id, **told), actor=step.actor, at=step.at)
    for by, permission in step.move.tells:
        _tell_party(step, by, permission)
    return step.order


def words_reason(step: Step) -> str:
    """Why clocks stand still, for the page: it names the ask, not its words."""
    return f"{step.ask.amount}天，经审核同意" if step.ask is not None else "经审核同意"


_WITHDRAW = f"""UPDATE {OrderAsk._meta.db_table} SET state = '{AskState.WITHDRAWN}', answered_at = %s
WHERE order_id = %s AND state = '{AskState.OPEN}'"""  # noqa: SLF001


def _end_asks(step: Step) -> None:
    """Asks live only while the work goes on."""
    if step.before == OrderState.IN_PROGRESS != step.order.state:
        later(_WITHDRAW, [step.at, step.order.pk])


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


def _tell_party(step: Step, by: str, permission: str) -> None:
    name = EVENT_OF_ACT[step.move.act].name
    if by == OWNER:
        tell_account(step, step.order.case.owner_account_id, step.order.case.organisation_id, name)
        return
    organisation_id = selectors.party(step.order, by)
    if organisation_id is not None:
        tell_house(step, organisation_id, permission, name)


def tell_house(step: Step, organisation_id: int, permission: str, kind: str) -> None:
    """A notice about the order for whoever holds the permission there."""
    notify_holders(organisation_id=organisation_id, permission=permission, news=_news(step, kind), at=step.at)


def tell_account(step: Step, account_id: int, organisation_id: int, kind: str) -> None:
    """A notice about the order for one person."""
    notify_account(organisation_id=organisation_id, account_id=account_id, news=_news(step, kind), at=step.at)


def _news(step: Step, kind: str) -> News:
    order = step.order
    return News(kind=kind, subject=("order", order.pk), urgency=order.urgency, case_id=order.case_id)
