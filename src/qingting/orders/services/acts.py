"""One service for each act. The engine checks and moves; what stands here is what only this act does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.services import lift_hold, place_hold
from qingting.cases.states import CaseState, HoldKind
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.directory import selectors as directory
from qingting.directory.models import Organisation
from qingting.directory.states import Urgency
from qingting.orders import rules, selectors
from qingting.orders.events import OrderDrafted
from qingting.orders.models import WorkOrder
from qingting.orders.permissions import DRAFT
from qingting.orders.services.access import close_to_parties, open_to_parties
from qingting.orders.services.engine import Step, allowed, ids_of, settle, take
from qingting.orders.states import NOT_HANDLING_KINDS, OrderKind


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What is asked: kind of work, urgency, GB/T 2260 division (empty: the case's), instructions in free words."""

    kind: str
    urgency: str
    division: str
    instructions: str


@transaction.atomic
def draft_order(*, actor: Actor, case_id: int, new: NewOrder, at: datetime) -> WorkOrder:
    """Write an order down (起草); nobody else sees it before it is dispatched.

    Raises NotFound for a case out of sight, NotAllowed without the right, Invalid without instructions, DomainError when
    the case is not open.
    """
    case = case_of(actor, case_id)
    actor.require(DRAFT, case.organisation_id)
    _check_new(new)
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_closed(case)
    order = _drawn(actor, case, new, at)
    order.number = rules.order_number(case.number, WorkOrder.objects.filter(case=case).count() + 1)
    order.save(force_insert=True)
    publish(_drafted(order, actor), actor=actor, at=at)
    return order


def drawn_up(*, actor: Actor, case: Case, new: NewOrder, at: datetime) -> tuple[WorkOrder, OrderDrafted]:
    """What `draft_order` would store and tell for the first order of a new case, not stored yet and without its number:
    for a statement that writes it together with the case. Same refusals."""
    actor.require(DRAFT, case.organisation_id)
    _check_new(new)
    order = _drawn(actor, case, new, at)
    return order, _drafted(order, actor)


def _drawn(actor: Actor, case: Case, new: NewOrder, at: datetime) -> WorkOrder:
    return WorkOrder(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        kind=new.kind,
        urgency=new.urgency,
        division=new.division or case.division,
        instructions=new.instructions.strip(),
        drafted_by_account_id=actor.account_id,
        drafted_at=at,
    )


def _drafted(order: WorkOrder, actor: Actor) -> OrderDrafted:
    return OrderDrafted(**ids_of(order, actor), kind=order.kind, urgency=order.urgency)


def _check_new(new: NewOrder) -> None:
    if new.kind not in OrderKind.values or new.urgency not in Urgency.values:
        raise Invalid("请选择工单类型和紧急程度。", code="orders.order.kind-unknown")
    if not new.instructions.strip():
        raise Invalid(
            "请写明要办什么。",
            code="orders.order.instructions-missing",
            do_next="写清对象的情况、需要做的事、要注意的风险。",
        )


def _refuse_closed(case: Case) -> None:
    if case.state != CaseState.OPEN:
        raise DomainError(
            "个案已经结案，不能再建工单。",
            code="orders.case.not-open",
            do_next="如需继续办理，请先重新办理这个个案。",
        )


def _begin(actor: Actor, order_id: int, act: str, at: datetime, words: str = "") -> Step:
    order, move = allowed(actor, order_id, act, words)
    return Step(order, move, actor, 0, at)


@transaction.atomic
def dispatch(*, actor: Actor, order_id: int, handler_organisation_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Send an order to the organisation that shall handle it (派单); the city or province above it reviews.

    Both see the order, its case and the masked person from now on. The case is held until the order is over.
    """
    step = _begin(actor, order_id, "dispatch", at, words)
    handler = _handler(step.order, handler_organisation_id)
    step = take(
        step,
        words,
        handler_organisation_id=handler.pk,
        reviewer_organisation_id=selectors.reviewer_for(handler),
        handler_account_id=None,
        dispatched_at=at,
    )
    open_to_parties(step.order, actor, at)
    place_hold(**_hold(step))
    return settle(step, handler=handler.short_name)


def _handler(order: WorkOrder, organisation_id: int) -> Organisation:
    handler = directory.organisation(organisation_id)
    if not handler.active or handler.kind in NOT_HANDLING_KINDS or handler.province != order.province:
        raise Invalid(
            f"{handler.short_name}不能主办工单。",
            code="orders.handler.not-ours",
            do_next="请选择本省的区县、地市团委或服务中心；110等联动单位请用“一键流转”。",
        )
    return handler


def _hold(step: Step) -> dict[str, Any]:
    return {
        "actor": step.actor,
        "case_id": step.order.case_id,
        "kind": HoldKind.ORDER_OPEN,
        "subject": ("order", step.order.pk),
        "at": step.at,
    }


@transaction.atomic
def send_order(*, actor: Actor, case_id: int, new: NewOrder, handler_organisation_id: int, at: datetime) -> WorkOrder:
    """Draft and dispatch in one go, as at the seat; both or neither."""
    order = draft_order(actor=actor, case_id=case_id, new=new, at=at)
    return dispatch(actor=actor, order_id=order.pk, handler_organisation_id=handler_organisation_id, at=at)


@transaction.atomic
def accept(*, actor: Actor, order_id: int, at: datetime) -> WorkOrder:
    """Take an order on (接单): from now on the work has its own deadline."""
    step = _begin(actor, order_id, "accept", at)
    step = take(step, "", handler_account_id=actor.account_id, accepted_at=at)
    return settle(step, handler_account_id=actor.account_id)


@transaction.atomic
def return_order(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Send an order back to its origin with a reason (退单); what was opened to handler and reviewer closes."""
    step = take(_begin(actor, order_id, "return", at, words), words)
    settle(step)
    close_to_parties(step)
    return step.order


@transaction.atomic
def record_progress(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Say how it goes (记录进展)."""
    return settle(take(_begin(actor, order_id, "progress", at, words), words))


@transaction.atomic
def submit(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Hand the result in for review (提交审核)."""
    return settle(take(_begin(actor, order_id, "submit", at, words), words, submitted_at=at))


@transaction.atomic
def send_back(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Ask the handler for more (退回补充)."""
    return settle(take(_begin(actor, order_id, "send_back", at, words), words))


@transaction.atomic
def approve(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Accept the result (审核通过): the order is finished, its clocks stop, its hold on the case falls."""
    step = _begin(actor, order_id, "approve", at, words)
    step = take(step, words, finished_at=at, finished_by_account_id=actor.account_id)
    lift_hold(**_hold(step))
    return settle(step)


@transaction.atomic
def cancel(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Drop an order that is no longer needed (作废), before anybody has accepted it."""
    step = take(_begin(actor, order_id, "cancel", at, words), words)
    lift_hold(**_hold(step))
    settle(step)
    close_to_parties(step)
    return step.order
