"""What the start page shows of linkage: incidents of 110 that wait for us, and handoffs that nobody has taken yet."""

from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse

from qingting.core.actors import Actor
from qingting.directory.states import Direction, Urgency
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import HAND_OFF
from qingting.linkage.selectors import partner_name, visible_to
from qingting.linkage.states import HandoffState

MOST = 5
_URGENCY = Case(
    When(urgency=Urgency.CRITICAL, then=Value(0)),
    When(urgency=Urgency.URGENT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def waiting(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Nothing at all while nothing waits: this card is for the moment when something does."""
    if not actor.may(HAND_OFF):
        return None
    inward = Q(direction=Direction.FROM_POLICE, state=HandoffState.SENT)
    outward = Q(direction=Direction.TO_POLICE, state__in=[HandoffState.QUEUED, HandoffState.SENT])
    found = list(visible_to(actor).filter(inward | outward).order_by(_URGENCY, "opened_at")[: MOST + 1])
    inwards = any(row.direction == Direction.FROM_POLICE for row in found)
    return {
        "title": "联动：等待签收",
        "template": "workbench/cards/rows.html",
        "url": reverse("linkage:incoming" if inwards else "linkage:list"),
        "urgent": bool(found),
        "push": "linkage.*",
        "context": {"rows": [_row(row) for row in found[:MOST]], "more": len(found) > MOST, "hidden": not found},
    }


def _row(handoff: Handoff) -> dict[str, Any]:
    inward = handoff.direction == Direction.FROM_POLICE
    return {
        "title": handoff.item_text or "转来的事项",
        "line": f"{partner_name(handoff.desk)}转来，等我们签收"
        if inward
        else f"等{partner_name(handoff.desk)}签收 · {handoff.case.number if handoff.case else ''}",
        "url": reverse("linkage:handoff", args=[handoff.pk]),
        "level": handoff.urgency,
        "level_label": handoff.get_urgency_display(),
        "due_at": handoff.reply_by,
        "due_label": "签收",
    }
