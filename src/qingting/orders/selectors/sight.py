"""Which orders somebody sees, as which party, and which acts are open to them now."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet

from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.grants import opened_row, opened_to, seen_sql, sight_of
from qingting.core.rows import columns, instance_of, width
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import rules
from qingting.orders.models import CoHandler, OrderAsk, WorkOrder
from qingting.orders.selectors.conditions import hindered
from qingting.orders.states import (
    ABOVE,
    CO_HANDLER,
    HANDLER,
    LIVE,
    ORIGIN,
    REVIEWER,
    SYSTEM,
    AskState,
    Move,
    OrderState,
)


def visible_to(actor: Actor) -> QuerySet[WorkOrder]:
    """Orders drafted in the actor's own organisations and those opened to them."""
    if actor.scope.everything:
        return WorkOrder.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return WorkOrder.objects.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "order")))


def few_visible_to(actor: Actor) -> QuerySet[WorkOrder]:
    """The same for few orders asked for by id: each is looked at alone."""
    if actor.scope.everything:
        return WorkOrder.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return WorkOrder.objects.filter(own | Q(opened_row(actor.scope.organisations, "order")))


# Every act begins with it: written once, since the ORM takes longer to write it than the database to answer.
_ORDER = f"""SELECT {columns(WorkOrder, "o")}, {columns(Case, "c")} FROM orders_workorder o
JOIN cases_case c ON c.id = o.case_id WHERE o.id = %(order)s AND {seen_sql("o", "order")}"""


def order_of(actor: Actor, order_id: int) -> WorkOrder:
    """One order with its case; NotFound where there is none within the actor's sight."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, {"order": order_id, **sight_of(actor.scope)})
        values = cursor.fetchone()
    if values is None:
        raise not_found("工单", "orders.order.not-found")
    order = instance_of(WorkOrder, values[: width(WorkOrder)])
    order.case = instance_of(Case, values[width(WorkOrder) :])
    return order


def order_numbered(actor: Actor, number: str) -> WorkOrder:
    """The same by its number."""
    found = few_visible_to(actor).select_related("case").filter(number=number.strip().upper()).first()
    if found is None:
        raise not_found("工单", "orders.order.not-found")
    return found


def others_open(case_id: int, order_id: int) -> bool:
    """Whether another order of the case than this one is still open, wherever it is; also one that is worked within an
    open order of another case."""
    merged = Q(state=OrderState.MERGED, merged_into__state__in=LIVE) & ~Q(merged_into__case_id=F("case_id"))
    with acting(EVERYTHING):
        others = WorkOrder.objects.filter(Q(state__in=LIVE) | merged, case_id=case_id)
        return others.exclude(pk=order_id).exists()


def last_finished(case: Case) -> WorkOrder | None:
    """The order of a case that was finished last and may be taken up again, wherever it was worked."""
    with acting(EVERYTHING):
        whole = WorkOrder.objects.filter(case=case, parent=None)
        over = whole.filter(state__in=[OrderState.FINISHED, OrderState.SIGNED_OFF])
        return over.order_by(F("finished_at").desc(nulls_last=True), "-pk").first()


def party(order: WorkOrder, by: str) -> int | None:
    """The organisation that stands for `origin`, `handler` or `reviewer`; None where there is none yet."""
    parties = {
        ORIGIN: order.organisation_id,
        HANDLER: order.handler_organisation_id,
        REVIEWER: order.reviewer_organisation_id,
    }
    return parties[by]


def co_handlers_of(order: WorkOrder) -> list[CoHandler]:
    """Who helps with an order read in sight, the first asked first."""
    return list(CoHandler.objects.filter(order=order, removed_at=None).order_by("added_at", "pk"))


def roles_in(actor: Actor, order: WorkOrder) -> set[str]:
    """As which parties the actor acts. Seeing an order from above lets one remind, and nothing else."""
    mine = _plain_roles(actor, order)
    if HANDLER not in mine and order.handler_organisation_id is not None and _helps(actor, order):
        mine.add(CO_HANDLER)
    return mine


def _plain_roles(actor: Actor, order: WorkOrder) -> set[str]:
    """The same as far as the order itself says it."""
    if actor.acting_as == "system":
        return {ORIGIN, HANDLER, CO_HANDLER, REVIEWER, ABOVE, SYSTEM}
    mine = {by for by in (ORIGIN, HANDLER, REVIEWER) if party(order, by) == actor.organisation_id}
    handler = order.handler_organisation_id
    if HANDLER not in mine and handler in actor.scope.organisations:
        mine.add(ABOVE)
    return mine


def _helps(actor: Actor, order: WorkOrder) -> bool:
    helping = CoHandler.objects.filter(order=order, helper_organisation_id=actor.organisation_id, removed_at=None)
    return helping.exists()


def acts_for(actor: Actor, order: WorkOrder, move: Move) -> bool:
    """Whether the actor acts for a party whose act it is. Only where nothing else fits, the helpers are looked up."""
    if bool(_plain_roles(actor, order).intersection(move.by)):
        return True
    return CO_HANDLER in move.by and bool(roles_in(actor, order).intersection(move.by))


def open_asks(order: WorkOrder) -> dict[str, OrderAsk]:
    """The asks that wait for an answer, by kind."""
    return {ask.kind: ask for ask in OrderAsk.objects.filter(order=order, state=AskState.OPEN)}


def asks_allow(move: Move, kinds: Iterable[str]) -> bool:
    """Whether the open asks leave room for a move: one of a kind at a time, and no answer without an ask."""
    waiting = set(kinds)
    return move.asks not in waiting and (not move.answers or move.answers in waiting)


def acts_open_to(actor: Actor, order: WorkOrder, *, at: datetime) -> list[Move]:
    """The acts this actor may try now, in the order in which pages show them."""
    roles, asks = roles_in(actor, order), open_asks(order)
    return [
        move
        for move in rules.moves_from(order.state)
        if roles.intersection(move.by)
        and SYSTEM not in move.by
        and actor.may(move.permission)
        and asks_allow(move, asks)
        and not hindered(order, move, at=at)
    ]
