"""Two orders become one (统一并单), one becomes two (拆分), and a part of the work goes to somebody else (子工单)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import rules, selectors
from qingting.orders.events import OrderDrafted
from qingting.orders.models import WorkOrder
from qingting.orders.permissions import DISPATCH
from qingting.orders.services.access import close_to_parties
from qingting.orders.services.acts import NewOrder, check_new, dispatch, next_number
from qingting.orders.services.engine import Step, begin, ids_of, settle, take
from qingting.orders.services.holding import hold_case, release_case
from qingting.orders.states import LIVE, OrderState


@transaction.atomic
def merge(*, actor: Actor, order_id: int, target_number: str, words: str, at: datetime) -> WorkOrder:
    """Let another open order of the same origin stand for this one. A case that only this order held stays held until
    the other is finished."""
    step = begin(actor, order_id, "merge", at, words)
    main = _locked_target(actor, step.order, target_number)
    step = take(step, words, merged_into_id=main.pk)
    WorkOrder.objects.filter(merged_into=step.order).update(merged_into=main)
    settle(step, into=main.number, into_order_id=main.pk)
    close_to_parties(step)
    _keep_or_release(step, main)
    return step.order


def _keep_or_release(step: Step, main: WorkOrder) -> None:
    """The main order holds its own case; another case needs a hold of its own."""
    if main.case_id == step.order.case_id and main.state != OrderState.DRAFTED:
        release_case(step.order, step.actor, step.at)
    else:
        hold_case(step.order, step.actor, step.at)


def _locked_target(actor: Actor, order: WorkOrder, number: str) -> WorkOrder:
    """The order to merge into. Both are locked, lower id first, so that two never merge into each other."""
    main = selectors.order_numbered(actor, number)
    for pk in sorted({order.pk, main.pk}):
        WorkOrder.objects.select_for_update().get(pk=pk)
    main.refresh_from_db()
    fits = main.pk != order.pk and main.state in LIVE and main.organisation_id == order.organisation_id
    if not fits or order.pk in (main.parent_id, main.merged_into_id) or main.parent_id is not None:
        raise Invalid(
            f"不能并入工单{main.number}。",
            code="orders.merge.target",
            do_next="请选择本单位派出、还没有办结的另一张工单（不能是子工单）。",
        )
    return main


@transaction.atomic
def unmerge(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Undo a merge (撤销并单) while the other order is open: this one must be dispatched again."""
    step = take(begin(actor, order_id, "unmerge", at, words), words, merged_into_id=None)
    hold_case(step.order, actor, at)
    return settle(step)


@dataclass(frozen=True, slots=True)
class Part:
    """What a part is about: kind of work, and what shall be done."""

    kind: str
    instructions: str


@transaction.atomic
def split(*, actor: Actor, order_id: int, part: Part, at: datetime, words: str = "") -> WorkOrder:
    """Write one matter of an order down as an order of its own (拆分), as a draft. Returns the new one."""
    step = begin(actor, order_id, "split", at, words)
    fresh = _drafted_part(step, part, step.order.organisation_id)
    step = take(step, words)
    settle(step, part=fresh.number, part_order_id=fresh.pk)
    return fresh


@transaction.atomic
def sub_order(
    *, actor: Actor, order_id: int, part: Part, handler_organisation_id: int, at: datetime, words: str = ""
) -> WorkOrder:
    """Have a part of the work done by another organisation (子工单), with clocks of its own; the handler reviews it.

    Returns the part, dispatched.
    """
    step = begin(actor, order_id, "sub_order", at, words)
    if handler_organisation_id == step.order.handler_organisation_id:
        raise Invalid("子工单要派给另一个单位。", code="orders.handler.same", do_next="本单位的工作请直接记录进展。")
    fresh = _drafted_part(step, part, step.order.handler_organisation_id or 0, parent=step.order)
    step = take(step, words)
    names = selectors.names_of({handler_organisation_id})
    settle(step, part=fresh.number, part_order_id=fresh.pk, handler=names.get(handler_organisation_id, ""))
    return _sent(step, fresh, handler_organisation_id)


def _sent(step: Step, part: WorkOrder, handler_organisation_id: int) -> WorkOrder:
    """Whoever works on the whole may send its part, without the right to dispatch other orders."""
    sender = step.actor
    if not sender.may(DISPATCH):
        sender = replace(sender, permissions=sender.permissions | {DISPATCH})
    return dispatch(actor=sender, order_id=part.pk, handler_organisation_id=handler_organisation_id, at=step.at)


def _drafted_part(step: Step, part: Part, organisation_id: int, parent: WorkOrder | None = None) -> WorkOrder:
    order = step.order
    check_new(NewOrder(part.kind, order.urgency, order.division, part.instructions))
    case_of(step.actor, order.case_id)
    case = Case.objects.select_for_update().get(pk=order.case_id)
    fresh = WorkOrder(
        organisation_id=organisation_id,
        province=order.province,
        case=case,
        number=_part_number(order) if parent else next_number(case),
        kind=part.kind,
        urgency=order.urgency,
        division=order.division,
        instructions=part.instructions.strip(),
        parent=parent,
        split_from=None if parent else order,
        drafted_by_account_id=step.actor.account_id,
        drafted_at=step.at,
    )
    fresh.save(force_insert=True)
    told = OrderDrafted(**ids_of(fresh, step.actor), kind=fresh.kind, urgency=fresh.urgency)
    publish(told, actor=step.actor, at=step.at)
    return fresh


def _part_number(order: WorkOrder) -> str:
    with acting(EVERYTHING):
        return rules.sub_order_number(order.number, WorkOrder.objects.filter(parent=order).count() + 1)
