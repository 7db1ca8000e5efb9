"""Drafting, and the acts from a draft to a finished order. The engine checks and moves; here is what only one act does."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.models import Organisation
from qingting.directory.states import Urgency
from qingting.orders import rules, selectors
from qingting.orders.events import OrderDrafted
from qingting.orders.models import WorkOrder
from qingting.orders.permissions import DRAFT
from qingting.orders.services.access import close, close_to_parties, let_helpers_go, open_to_parties, openings
from qingting.orders.services.engine import Step, begin, ids_of, settle, take, tell_account, tell_house
from qingting.orders.services.holding import hold_case
from qingting.orders.states import HANDLER, NOT_HANDLING_KINDS, ORIGIN, REVIEWER_MAY_KEEP, OrderKind
from qingting.staff.selectors import holders


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
    check_new(new)
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_closed(case)
    order = _drawn(actor, case, new, at)
    order.number = next_number(case)
    order.save(force_insert=True)
    publish(_drafted(order, actor), actor=actor, at=at)
    return order


def next_number(case: Case) -> str:
    """The number of the next order of a case whose row is locked; parts of orders are numbered after their order."""
    with acting(EVERYTHING):
        return rules.order_number(case.number, WorkOrder.objects.filter(case=case, parent=None).count() + 1)


def drawn_up(*, actor: Actor, case: Case, new: NewOrder, at: datetime) -> tuple[WorkOrder, OrderDrafted]:
    """What `draft_order` would store and tell for the first order of a new case, not stored yet and without its number:
    for a statement that writes it together with the case. Same refusals."""
    actor.require(DRAFT, case.organisation_id)
    check_new(new)
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


def check_new(new: NewOrder) -> None:
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


@transaction.atomic
def dispatch(*, actor: Actor, order_id: int, handler_organisation_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Send an order to the organisation that shall handle it (派单); the city or province above it reviews.

    Both see the order, its case and the masked person from now on. The case is held until the order is over.
    """
    step = begin(actor, order_id, "dispatch", at, words)
    handler = handler_within(step.order.province, handler_organisation_id)
    step = take(
        step,
        words,
        handler_organisation_id=handler.pk,
        reviewer_organisation_id=_reviewer(step.order, handler),
        handler_account_id=None,
        dispatched_at=at,
        firm=False,
        **_deadlines(step.order, at),
    )
    open_to_parties(step.order, actor, at)
    hold_case(step.order, actor, at)
    return settle(step, handler=handler.short_name)


def _deadlines(order: WorkOrder, at: datetime) -> dict[str, object]:
    """What the catalogue says about time, whoever was chosen."""
    asked = {"kind": order.kind, "urgency": order.urgency, "division": order.division}
    terms = selectors.terms_for(order.case, **asked, at=at)
    return {name: getattr(terms, name) for name in ("accept_minutes", "work_minutes", "working_time")}


def handler_within(province: str, organisation_id: int) -> Organisation:
    """The organisation, if it may lead an order of that province."""
    handler = directory.organisation(organisation_id)
    if not handler.active or handler.kind in NOT_HANDLING_KINDS or handler.province != province:
        raise Invalid(
            f"{handler.short_name}不能主办工单。",
            code="orders.handler.not-ours",
            do_next="请选择本省的区县、地市团委或服务中心；110等联动单位请用“一键流转”。",
        )
    return handler


def _reviewer(order: WorkOrder, handler: Organisation) -> int:
    """Whoever asked for a part looks at it; everything else is reviewed from above."""
    return order.organisation_id if order.parent_id is not None else selectors.reviewer_for(handler)


@transaction.atomic
def send_order(*, actor: Actor, case_id: int, new: NewOrder, handler_organisation_id: int, at: datetime) -> WorkOrder:
    """Draft and dispatch in one go, as at the seat; both or neither."""
    order = draft_order(actor=actor, case_id=case_id, new=new, at=at)
    return dispatch(actor=actor, order_id=order.pk, handler_organisation_id=handler_organisation_id, at=at)


@transaction.atomic
def accept(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Take an order on (接单): from now on the work has its own deadline. Whoever was assigned before stays so."""
    step = begin(actor, order_id, "accept", at, words)
    account = step.order.handler_account_id or actor.account_id
    step = take(step, words, handler_account_id=account, accepted_at=at)
    return settle(step, handler_account_id=account)


@transaction.atomic
def return_order(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Send an order back to its origin with a reason (退单); what was opened to handler and reviewer closes."""
    return _take_back(begin(actor, order_id, "return", at, words), words)


def _take_back(step: Step, words: str) -> WorkOrder:
    step = take(step, words)
    settle(step)
    close_to_parties(step)
    return step.order


@transaction.atomic
def object_to(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Say that the order was sent to the wrong place (派单异议); the reviewer rules."""
    return settle(take(begin(actor, order_id, "object", at, words), words))


@transaction.atomic
def uphold(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Rule that the dispatch stands (维持派单): it must be accepted now, and can't be returned."""
    return settle(take(begin(actor, order_id, "uphold", at, words), words, firm=True))


@transaction.atomic
def sustain(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Rule that the objection holds (异议成立): the origin sends it elsewhere."""
    return _take_back(begin(actor, order_id, "sustain", at, words), words)


@transaction.atomic
def reassign(*, actor: Actor, order_id: int, handler_organisation_id: int, words: str, at: datetime) -> WorkOrder:
    """Give an order that is out to another organisation (改派). The origin may choose any of the province; the reviewer and
    the handler (a city that splits among its counties) only those below themselves; the reviewer may keep for itself what was
    given back or objected to."""
    step = begin(actor, order_id, "reassign", at, words)
    order, handler = step.order, handler_within(step.order.province, handler_organisation_id)
    _check_reach(actor, order, handler)
    former_id, former = order.handler_organisation_id or 0, openings(order)
    step = take(
        step,
        words,
        handler_organisation_id=handler.pk,
        reviewer_organisation_id=_reviewer(order, handler),
        handler_account_id=None,
        dispatched_at=at,
        accepted_at=None,
        firm=False,
        **_deadlines(order, at),
    )
    let_helpers_go(order, at)
    still = openings(order)
    open_to_parties(order, actor, at)
    names = selectors.names_of({former_id})
    tell_house(step, former_id, "orders.view", "orders.taken-away")
    told = {"former": names.get(former_id, ""), "former_organisation_id": former_id, "handler": handler.short_name}
    settle(step, **told)
    close(step, [opening for opening in former if opening not in still])
    return order


def _check_reach(actor: Actor, order: WorkOrder, handler: Organisation) -> None:
    if handler.pk == order.handler_organisation_id:
        raise Invalid("这张工单已经由该单位主办。", code="orders.handler.same", do_next="请选择另一个单位。")
    keeps = handler.pk == actor.organisation_id and order.state in REVIEWER_MAY_KEEP
    below = handler.pk in actor.scope.organisations and (handler.pk != actor.organisation_id or keeps)
    if ORIGIN not in selectors.roles_in(actor, order) and not below:
        raise Invalid(
            f"{handler.short_name}不是您单位的下级，不能改派过去。",
            code="orders.handler.not-below",
            do_next="请改派给本单位下级；要派到别处，请提出异议由派单单位安排。",
        )


@transaction.atomic
def assign(*, actor: Actor, order_id: int, account_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Say who of the handling organisation does the work (指派经办人)."""
    step = begin(actor, order_id, "assign", at, words)
    house = selectors.party(step.order, HANDLER) or 0
    person = holders(house, "orders.work", at=at).filter(pk=account_id).first()
    if person is None:
        raise Invalid("请选择本单位的工单办理员。", code="orders.assign.not-a-colleague")
    step = take(step, words, handler_account_id=person.pk)
    tell_account(step, person.pk, house, "orders.assigned")
    return settle(step, person=person.display_name, handler_account_id=person.pk)


@transaction.atomic
def record_progress(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Say how it goes (记录进展)."""
    return settle(take(begin(actor, order_id, "progress", at, words), words))


@transaction.atomic
def remind(*, actor: Actor, order_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Ask the handler to hurry (催办); counted, and not more often than every half hour."""
    step = begin(actor, order_id, "remind", at, words)
    count = step.order.reminders + 1
    return settle(take(step, words, reminders=count, reminded_at=at), count=count)


@transaction.atomic
def submit(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Hand the result in for review (提交审核)."""
    return settle(take(begin(actor, order_id, "submit", at, words), words, submitted_at=at))


@transaction.atomic
def give_back(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Give an order that was taken on back to the city that balances the load (交回统筹), with the reason. Who gave it back
    stays answerable for the person until the city has decided, and the clocks of the work run on."""
    return settle(take(begin(actor, order_id, "give_back", at, words), words))


@transaction.atomic
def hand_again(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Decide that whoever gave it back goes on with it (请继续办理)."""
    return settle(take(begin(actor, order_id, "hand_again", at, words), words))


@transaction.atomic
def send_back(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Ask the handler for more (退回补充)."""
    return settle(take(begin(actor, order_id, "send_back", at, words), words))
