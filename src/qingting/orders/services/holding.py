"""The hold that an open order places on its case."""

from datetime import datetime
from typing import Any

from qingting.cases.services import lift_hold, place_hold
from qingting.cases.states import HoldKind
from qingting.core.actors import Actor
from qingting.orders.models import WorkOrder


def hold_case(order: WorkOrder, actor: Actor, at: datetime) -> None:
    """The case may not close while the order is open."""
    place_hold(**_hold(order, actor, at))


def release_case(order: WorkOrder, actor: Actor, at: datetime) -> None:
    """As far as this order goes, the case may close."""
    lift_hold(**_hold(order, actor, at))


def _hold(order: WorkOrder, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "actor": actor,
        "case_id": order.case_id,
        "kind": HoldKind.ORDER_OPEN,
        "subject": ("order", order.pk),
        "at": at,
    }
