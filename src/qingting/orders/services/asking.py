"""Asking the reviewer for more time or a pause, the answers, and taking the work up again."""

from datetime import datetime, timedelta

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import Invalid
from qingting.core.scope import EVERYTHING, acting
from qingting.orders.models import OrderAsk, WorkOrder
from qingting.orders.services.engine import Step, begin, settle, take
from qingting.orders.services.timing import extend, start_pause
from qingting.orders.states import LONGEST_EXTENSION_HOURS, LONGEST_PAUSE_DAYS, AskState, OrderState


@transaction.atomic
def ask_extension(*, actor: Actor, order_id: int, hours: int, words: str, at: datetime) -> WorkOrder:
    """Ask for more time (申请延期), in hours."""
    return _ask(begin(actor, order_id, "ask_extension", at, words), words, hours, LONGEST_EXTENSION_HOURS, "小时")


@transaction.atomic
def ask_pause(*, actor: Actor, order_id: int, days: int, words: str, at: datetime) -> WorkOrder:
    """Ask to let the clocks stand still (申请挂起), for so many days."""
    return _ask(begin(actor, order_id, "ask_pause", at, words), words, days, LONGEST_PAUSE_DAYS, "天")


def _ask(step: Step, words: str, amount: int, most: int, unit: str) -> WorkOrder:
    if not 1 <= amount <= most:
        raise Invalid(f"请填写1到{most}{unit}。", code="orders.ask.amount")
    order = step.order
    step = take(step, words)
    OrderAsk.objects.create(
        organisation_id=order.organisation_id,
        province=order.province,
        order=order,
        kind=step.move.asks,
        amount=amount,
        asked_by_account_id=step.actor.account_id,
        asked_at=step.at,
    )
    return settle(step, amount=amount)


def _answered(step: Step, words: str, state: str) -> Step:
    """The ask gets its answer, and the order its next state, if nobody was faster."""
    step = take(step, words)
    waiting = OrderAsk.objects.filter(order=step.order, kind=step.move.answers, state=AskState.OPEN)
    waiting.update(state=state, answered_by_account_id=step.actor.account_id, answered_at=step.at)
    return step


@transaction.atomic
def grant_extension(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Give the work the time it asked for."""
    step = _answered(begin(actor, order_id, "grant_extension", at, words), words, AskState.GRANTED)
    amount = step.ask.amount if step.ask else 0
    extend(step.order, timedelta(hours=amount), at)
    return settle(step, amount=amount)


@transaction.atomic
def decline_extension(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """The deadline stands."""
    return settle(_answered(begin(actor, order_id, "decline_extension", at, words), words, AskState.DECLINED))


@transaction.atomic
def grant_pause(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Let the clocks of the work stand still for the days asked for; then it goes on by itself."""
    step = _answered(begin(actor, order_id, "grant_pause", at, words), words, AskState.GRANTED)
    amount = step.ask.amount if step.ask else 1
    settle(step, amount=amount)
    start_pause(step.order, amount, at)
    return step.order


@transaction.atomic
def decline_pause(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """The clocks run on."""
    return settle(_answered(begin(actor, order_id, "decline_pause", at, words), words, AskState.DECLINED))


@transaction.atomic
def resume(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Take a paused order up again (恢复办理): what was left of its time runs on."""
    return settle(take(begin(actor, order_id, "resume", at, words), words))


@transaction.atomic
def resume_run_out(*, order_id: int, at: datetime) -> bool:
    """The pause is over: the work goes on by itself. Returns False where somebody was faster."""
    with acting(EVERYTHING):
        order = WorkOrder.objects.filter(pk=order_id, state=OrderState.PAUSED).first()
        if order is None:
            return False
        resume(actor=system_for(order.organisation_id, order.province), order_id=order_id, at=at)
    return True
