"""Supervision orders (督办): an order is listed (挂牌) until whoever listed it has verified that it is done (摘牌)."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed
from qingting.orders.models import WorkOrder
from qingting.orders.services.engine import begin, settle, take


@transaction.atomic
def supervise(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """List an order that is late or matters (挂牌督办), with what is asked for."""
    step = begin(actor, order_id, "supervise", at, words)
    return settle(take(step, words, supervised_at=at, supervised_by_organisation_id=actor.organisation_id))


@transaction.atomic
def lift_supervision(*, actor: Actor, order_id: int, words: str, at: datetime) -> WorkOrder:
    """Take it off the list (摘牌), with what was verified; only whoever listed it, or somebody above them."""
    step = begin(actor, order_id, "lift_supervision", at, words)
    listed_by = step.order.supervised_by_organisation_id
    if actor.acting_as != "system" and listed_by not in actor.scope.organisations:
        raise NotAllowed(
            "只能由挂牌单位或其上级摘牌。",
            code="orders.supervision.not-yours",
            do_next="请联系挂牌单位核实摘牌。",
        )
    return settle(take(step, words, supervised_at=None, supervised_by_organisation_id=None))
