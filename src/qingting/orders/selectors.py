"""Reading orders. Row-level security is the wall; every read names its organisations as well, so that indexes are used."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from qingting.cases.models import Case
from qingting.cases.selectors import Deadline, case_of, category_names, deadline
from qingting.cases.telling import CLOCK_EVENTS, Told, tell
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.events import told_on_timelines
from qingting.core.grants import opened_to
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.orders import rules
from qingting.orders.models import OrderNote, WorkOrder
from qingting.orders.states import HANDLER, LIVE, NOT_HANDLING_KINDS, ORIGIN, REVIEWER, Box, Move, OrderState

PAGE = 20


def visible_to(actor: Actor) -> QuerySet[WorkOrder]:
    """Orders drafted in the actor's own organisations and those opened to them."""
    if actor.scope.everything:
        return WorkOrder.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return WorkOrder.objects.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "order")))


def order_of(actor: Actor, order_id: int) -> WorkOrder:
    """One order with its case; NotFound where there is none within the actor's sight."""
    found = visible_to(actor).select_related("case").filter(pk=order_id).first()
    if found is None:
        raise not_found("工单", "orders.order.not-found")
    return found


def orders_of_case(actor: Actor, case_id: int) -> list[WorkOrder]:
    """The orders of one case within sight, in the order of their numbers."""
    case = case_of(actor, case_id)
    return list(visible_to(actor).filter(case=case).order_by("number"))


def others_open(case_id: int, order_id: int) -> bool:
    """Whether another order of the case than this one is still open, wherever it is."""
    with acting(EVERYTHING):
        return WorkOrder.objects.filter(case_id=case_id, state__in=LIVE).exclude(pk=order_id).exists()


def party(order: WorkOrder, by: str) -> int | None:
    """The organisation that stands for `origin`, `handler` or `reviewer`; None where there is none yet."""
    parties = {
        ORIGIN: order.organisation_id,
        HANDLER: order.handler_organisation_id,
        REVIEWER: order.reviewer_organisation_id,
    }
    return parties[by]


def acts_for(actor: Actor, order: WorkOrder, move: Move) -> bool:
    """Whether the actor acts for the organisation whose act it is. Seeing it from above is not acting for it."""
    return actor.acting_as == "system" or actor.organisation_id == party(order, move.by)


def acts_open_to(actor: Actor, order: WorkOrder) -> list[Move]:
    """The acts this actor may do now, in the order in which pages show them."""
    return [
        move for move in rules.moves_from(order.state) if acts_for(actor, order, move) and actor.may(move.permission)
    ]


_AT_WORK = (OrderState.DISPATCHED, OrderState.IN_PROGRESS)
_OVER = (OrderState.FINISHED, OrderState.CANCELLED)


def _in_box(box: str, organisation_id: int) -> Q:
    boxes = {
        Box.TO_HANDLE: Q(handler_organisation_id=organisation_id, state__in=_AT_WORK),
        Box.TO_REVIEW: Q(reviewer_organisation_id=organisation_id, state=OrderState.SUBMITTED),
        Box.SENT: Q(organisation_id=organisation_id) & ~Q(state__in=_OVER),
        Box.DONE: Q(state__in=_OVER),
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


def orders_list(actor: Actor, box: str, page: int = 1, urgency: str = "") -> OrderPage:
    """The orders of a box, the soonest deadline first (so that late ones lead), then the newest. `page` counts from 1."""
    orders = visible_to(actor).filter(_in_box(box, actor.organisation_id))
    if urgency:
        orders = orders.filter(urgency=urgency)
    total = orders.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    ordered = orders.order_by(F("due_at").asc(nulls_last=True), "-drafted_at", "-pk")
    return OrderPage(list(ordered[(number - 1) * PAGE : number * PAGE]), total, number, pages)


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
    kinds = dict(Organisation.objects.filter(pk__in=handler.path).values_list("pk", "kind"))
    above = [(organisation_id, kinds[organisation_id]) for organisation_id in reversed(handler.path[:-1])]
    return rules.reviewer_among(above, handler.pk)


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
    about = Q(subject_kind="order", subject_id=order.pk, name__in=told_on_timelines())
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
