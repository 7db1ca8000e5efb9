"""How an order ends, and begins again: approved, cancelled, signed off, reopened."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.orders.events import OrderFinished
from qingting.orders.models import WorkOrder
from qingting.orders.services.access import close_to_parties, open_to_parties
from qingting.orders.services.engine import begin, ids_of, settle, take
from qingting.orders.services.holding import hold_case, release_case
from qingting.orders.services.joining import unmerge
from qingting.orders.states import OrderState


@transaction.atomic
def approve(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Accept the result (审核通过): the order is finished, its clocks stop, its hold on the case falls; what was merged into
    it is finished with it."""
    step = begin(actor, order_id, "approve", at, words)
    step = take(step, words, finished_at=at, finished_by_account_id=actor.account_id)
    release_case(step.order, actor, at)
    settle(step)
    _finish_merged(step.order, at)
    return step.order


def _finish_merged(main: WorkOrder, at: datetime) -> None:
    with acting(EVERYTHING):
        for order in WorkOrder.objects.filter(merged_into=main, finished_at=None).select_related("case"):
            actor = system_for(order.organisation_id, order.province)
            WorkOrder.objects.filter(pk=order.pk).update(finished_at=at)
            release_case(order, actor, at)
            if order.case_id != main.case_id:
                publish(OrderFinished(**ids_of(order, actor)), actor=actor, at=at)


@transaction.atomic
def cancel(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Drop an order that is no longer needed (作废), before anybody has accepted it. What was merged into it stands alone
    again."""
    step = take(begin(actor, order_id, "cancel", at, words), words)
    release_case(step.order, actor, at)
    settle(step)
    close_to_parties(step)
    for merged in list(WorkOrder.objects.filter(merged_into=step.order, finished_at=None)):
        unmerge(actor=actor, order_id=merged.pk, words=f"并入的工单{step.order.number}已作废。", at=at)
    return step.order


@transaction.atomic
def reopen(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Take a finished order up again (重新办理) where it was worked before; its clocks begin anew, the case is held."""
    step = begin(actor, order_id, "reopen", at, words)
    step = take(step, words, finished_at=None, finished_by_account_id=None, submitted_at=None)
    open_to_parties(step.order, actor, at)
    hold_case(step.order, actor, at)
    return settle(step)


@transaction.atomic
def sign_off_orders(*, case_id: int, at: datetime) -> int:
    """The case was signed off: so are its finished orders (销号). Returns how many."""
    with acting(EVERYTHING):
        finished = WorkOrder.objects.filter(case_id=case_id, state=OrderState.FINISHED)
        ids = list(finished.values_list("pk", "organisation_id", "province"))
        for pk, organisation_id, province in ids:
            settle(take(begin(system_for(organisation_id, province), pk, "sign_off", at), ""))
    return len(ids)
