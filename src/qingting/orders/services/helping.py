"""Other organisations that help with an order (协办): asked, done, let go."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.orders import selectors
from qingting.orders.models import CoHandler, WorkOrder
from qingting.orders.services.access import close, open_to_parties, openings
from qingting.orders.services.acts import handler_within
from qingting.orders.services.engine import begin, settle, take, tell_house


@transaction.atomic
def add_co_handler(*, actor: Actor, order_id: int, organisation_id: int, words: str, at: datetime) -> WorkOrder:
    """Ask another organisation of the province to help; it sees the order and its case, and records what it does."""
    step = begin(actor, order_id, "add_co_handler", at, words)
    order, helper = step.order, handler_within(step.order.province, organisation_id)
    helping = {row.helper_organisation_id for row in selectors.co_handlers_of(order)}
    if helper.pk in helping | {order.handler_organisation_id}:
        raise Invalid(f"{helper.short_name}已经在办理这张工单。", code="orders.co-handler.already")
    step = take(step, words)
    CoHandler.objects.create(
        organisation_id=order.organisation_id,
        province=order.province,
        order=order,
        helper_organisation_id=helper.pk,
        added_at=at,
    )
    open_to_parties(order, actor, at)
    tell_house(step, helper.pk, "orders.work", "orders.co-handler-added")
    return settle(step, helper=helper.short_name, helper_organisation_id=helper.pk)


@transaction.atomic
def remove_co_handler(*, actor: Actor, order_id: int, organisation_id: int, at: datetime, words: str = "") -> WorkOrder:
    """Let a helper go; the order closes to it."""
    step = begin(actor, order_id, "remove_co_handler", at, words)
    order, former = step.order, openings(step.order)
    helping = CoHandler.objects.filter(order=order, helper_organisation_id=organisation_id, removed_at=None)
    step = take(step, words)
    if not helping.update(removed_at=at):
        raise Invalid("请选择要取消的协办单位。", code="orders.co-handler.unknown")
    name = selectors.names_of({organisation_id}).get(organisation_id, "")
    settle(step, helper=name, helper_organisation_id=organisation_id)
    still = openings(order)
    close(step, [opening for opening in former if opening not in still])
    return order


@transaction.atomic
def co_done(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """A helper has done its part, and says what came of it."""
    step = take(begin(actor, order_id, "co_done", at, words), words)
    helping = CoHandler.objects.filter(order=step.order, helper_organisation_id=actor.organisation_id, removed_at=None)
    helping.update(done_at=at)
    return settle(step)
