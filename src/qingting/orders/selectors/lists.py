"""Lists and pages of orders. Row-level security is the wall; every read names its organisations as well, so that indexes are used."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from qingting.cases.models import Case
from qingting.cases.selectors import Deadline, case_of, category_names, deadline
from qingting.cases.telling import CLOCK_EVENTS, Told, tell
from qingting.core.actors import Actor
from qingting.core.events import told_on_timelines
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.orders import rules
from qingting.orders.models import CoHandler, OrderAsk, OrderNote, WorkOrder
from qingting.orders.selectors.sight import order_of, visible_to
from qingting.orders.states import LIVE, NOT_HANDLING_KINDS, OVER, REVIEWER_WAITED_FOR, AskState, Box, OrderState
from qingting.staff.selectors import holders

PAGE = 20


def orders_of_case(actor: Actor, case_id: int) -> list[WorkOrder]:
    """The orders of one case within sight, in the order of their numbers."""
    case = case_of(actor, case_id)
    return list(visible_to(actor).filter(case=case).order_by("number"))


_AT_WORK = (OrderState.DISPATCHED, OrderState.IN_PROGRESS, OrderState.PAUSED)


def waits_for_reviewer() -> Q:
    """The reviewer has to say something: about a result, an objection, or an ask."""
    asked = OrderAsk.objects.filter(state=AskState.OPEN, order__state=OrderState.IN_PROGRESS)
    return Q(state__in=REVIEWER_WAITED_FOR) | Q(pk__in=asked.values("order_id"))


def _helped_by(organisation_id: int) -> QuerySet[CoHandler, int]:
    helping = CoHandler.objects.filter(helper_organisation_id=organisation_id, removed_at=None, done_at=None)
    return helping.values_list("order_id", flat=True)


def _in_box(box: str, organisation_id: int) -> Q:
    boxes = {
        Box.TO_HANDLE: Q(handler_organisation_id=organisation_id, state__in=_AT_WORK),
        Box.TO_REVIEW: Q(reviewer_organisation_id=organisation_id) & waits_for_reviewer(),
        Box.SENT: Q(organisation_id=organisation_id) & ~Q(state__in=OVER),
        Box.CO_HANDLED: Q(pk__in=_helped_by(organisation_id)) & ~Q(state__in=OVER),
        Box.DONE: Q(state__in=OVER),
    }
    return boxes.get(Box(box), Q())


def box_counts(actor: Actor) -> dict[str, int]:
    """How many orders lie in each box."""
    counted: dict[str, int] = visible_to(actor).aggregate(
        **{box.name: Count("pk", filter=_in_box(box, actor.organisation_id)) for box in Box if box is not Box.ALL},
        ALL=Count("pk"),
    )
    return {box.value: counted[box.name] for box in Box}


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a box. `total` counts all pages."""

    orders: list[WorkOrder]
    total: int
    number: int
    pages: int


def order_ids(actor: Actor, box: str, urgency: str, most: int) -> list[int]:
    """Ids of at most `most` orders of a box (empty: all), in the order of the list."""
    return list(_listed(actor, box if box in Box.values else Box.ALL, urgency).values_list("pk", flat=True)[:most])


def _listed(actor: Actor, box: str, urgency: str) -> QuerySet[WorkOrder]:
    orders = visible_to(actor).filter(_in_box(box, actor.organisation_id))
    if urgency:
        orders = orders.filter(urgency=urgency)
    return orders.order_by(F("due_at").asc(nulls_last=True), "-drafted_at", "-pk")


def orders_list(actor: Actor, box: str, page: int = 1, urgency: str = "") -> OrderPage:
    """The orders of a box, the soonest deadline first (so that late ones lead), then the newest. `page` counts from 1."""
    orders = _listed(actor, box, urgency)
    total = orders.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    return OrderPage(list(orders[(number - 1) * PAGE : number * PAGE]), total, number, pages)


def deadlines_of(order: WorkOrder, *, at: datetime) -> list[Deadline]:
    """Open clocks of an order, the most pressing first. The order must have been read in sight."""
    with acting(EVERYTHING):
        clocks = Clock.objects.filter(
            subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None
        ).order_by("due_at")
        return [deadline(clock, at=at) for clock in clocks]


def handler_proposals(division: str, province: str) -> list[Organisation]:
    """Who may lead an order there, the nearest first: the county, its city, the province. Empty for an unknown place."""
    proposals = directory.handlers_for(division).filter(province=province).exclude(kind__in=NOT_HANDLING_KINDS)
    return list(proposals)


def reviewer_for(handler: Organisation) -> int:
    """The organisation that reviews what `handler` did."""
    return rules.reviewer_among(directory.kinds_above(handler.pk), handler.pk)


def names_of(organisation_ids: set[int]) -> dict[int, str]:
    """Short names by id."""
    return dict(Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", "short_name"))


def words_of(note_ids: list[int]) -> dict[int, str]:
    """The words of order notes by id, those in sight only."""
    return dict(OrderNote.objects.filter(pk__in=note_ids).values_list("pk", "text"))


def timeline(actor: Actor, order_id: int) -> list[Told]:
    """What happened to one order, oldest first, as far as the actor may see it."""
    order = order_of(actor, order_id)
    clocks = Q(case_id=order.case_id, name__in=CLOCK_EVENTS, data__subject_kind="order", ids__matter=order.pk)
    names = told_on_timelines()
    about = Q(subject_kind="order", subject_id=order.pk, name__in=names)
    if order.finished_at is not None:  # what came after the work is told on the case: calls, the person's own word
        after = [name for name in names if name.startswith("followups.")]
        about |= Q(case_id=order.case_id, name__in=after, at__gte=order.finished_at)
    return tell(Entry.objects.filter(about | clocks).order_by("at", "pk"))


def all_handlers(province: str) -> list[Organisation]:
    """Every league organisation of a province that may lead an order, cities with their counties after them."""
    league = Organisation.objects.filter(
        province=province,
        active=True,
        kind__in=[OrganisationKind.PROVINCE, OrganisationKind.CITY, OrganisationKind.COUNTY],
    )
    return list(league.order_by("division_id", "pk"))


def case_names(case_ids: set[int]) -> dict[int, tuple[str, str]]:
    """Category names and numbers of cases in sight, by id."""
    rows = list(Case.objects.filter(pk__in=case_ids).values_list("pk", "number", "category"))
    names = category_names({category for _, _, category in rows})
    return {pk: (number, names.get(category, "")) for pk, number, category in rows}


@dataclass(frozen=True, slots=True)
class Related:
    """Another order that belongs to this one. how: in words, such as 子工单."""

    how: str
    order: WorkOrder


def related(actor: Actor, order: WorkOrder) -> list[Related]:
    """Orders in sight that this one is a part of, was split from, merged into, and the other way round."""
    up = {order.parent_id, order.split_from_id, order.merged_into_id} - {None}
    wanted = Q(pk__in=up) | Q(parent=order) | Q(split_from=order) | Q(merged_into=order)
    found = list(visible_to(actor).filter(wanted).order_by("number"))
    return [Related(_how(order, other), other) for other in found]


def _how(order: WorkOrder, other: WorkOrder) -> str:
    ways = {
        order.parent_id: "上一级工单",
        order.split_from_id: "拆分自",
        order.merged_into_id: "并入",
    }
    if other.pk in ways:
        return ways[other.pk]
    back = {other.parent_id: "子工单", other.split_from_id: "拆分出", other.merged_into_id: "并入本单"}
    return back[order.pk]


def colleagues(order: WorkOrder, *, at: datetime) -> list[tuple[int, str]]:
    """Who of the handling organisation may do the work."""
    found = holders(order.handler_organisation_id or 0, "orders.work", at=at)
    return list(found.values_list("pk", "display_name"))


MOST_TWINS = 20


def twins(actor: Actor, order: WorkOrder) -> list[WorkOrder]:
    """Open orders that this one may be the same as: of the same case or person first, then of the same place and kind."""
    open_ones = visible_to(actor).filter(state__in=LIVE, organisation_id=order.organisation_id, parent=None)
    same = Q(case_id=order.case_id) | Q(division=order.division, kind=order.kind)
    if order.case.seeker_id:
        same |= Q(case__seeker_id=order.case.seeker_id)
    found = open_ones.filter(same).exclude(pk=order.pk).select_related("case").order_by("-drafted_at")[:MOST_TWINS]
    return sorted(
        found, key=lambda other: (other.case_id != order.case_id, other.case.seeker_id != order.case.seeker_id)
    )
