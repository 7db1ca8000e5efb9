"""What the workbench's search finds among orders: by number, its end, or the number of the case."""

import re
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from qingting.core.actors import Actor
from qingting.orders.permissions import VIEW
from qingting.orders.selectors import names_of, visible_to

MOST = 8
_PART_OF_NUMBER = re.compile(r"[A-Z0-9-]*\d{2}")


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group, those still open first."""
    number = text.strip().upper()
    if not actor.may(VIEW) or not _PART_OF_NUMBER.fullmatch(number):
        return []
    named = Q(number=number) | Q(number__endswith=number) | Q(number__contains=f"{number}-W")
    orders = list(visible_to(actor).filter(named).order_by("due_at", "-drafted_at")[:MOST])
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
