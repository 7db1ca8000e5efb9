"""What the workbench's search finds among orders: by number, its end, the number of the case, person, or words."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.orders.permissions import VIEW
from qingting.orders.selectors import OrderQuery, names_of
from qingting.orders.services import find_orders

MOST = 8


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group, the newest first: by number or a part of one, by person, by words."""
    if not actor.may(VIEW):
        return []
    try:
        orders = find_orders(actor=actor, query=OrderQuery(words=text), at=at).orders[:MOST]
    except Invalid:
        return []
    handlers = names_of({order.handler_organisation_id for order in orders if order.handler_organisation_id})
    results = [
        {
            "title": order.number,
            "line": " · ".join(
                part for part in (order.get_kind_display(), handlers.get(order.handler_organisation_id or 0)) if part
            ),
            "url": reverse("orders:order", args=[order.pk]),
            "level": order.urgency,
            "level_label": order.get_urgency_display(),
            "state": order.get_state_display(),
        }
        for order in orders
    ]
    return [{"title": "工单", "results": results}]
