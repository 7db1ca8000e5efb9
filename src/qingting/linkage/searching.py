"""What the workbench's search finds among handoffs: by the number of the other desk's incident."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.directory.states import Direction
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import VIEW
from qingting.linkage.selectors import partner_name, visible_to, wording_of

MOST = 8
SHORTEST = 4


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group, the newest first. The end of a 警情单号 is enough, as people read it out on the telephone."""
    number = text.strip()
    if not actor.may(VIEW) or len(number) < SHORTEST or not number.isascii():
        return []
    handoffs = visible_to(actor).filter(incident_number__iendswith=number).order_by("-opened_at")[:MOST]
    results = [
        {
            "title": f"{wording_of(handoff.desk).number} {handoff.incident_number}",
            "line": " · ".join(part for part in (_way(handoff), handoff.case.number if handoff.case else "") if part),
            "url": reverse("linkage:handoff", args=[handoff.pk]),
            "level": handoff.urgency,
            "level_label": handoff.get_urgency_display(),
            "state": handoff.get_state_display(),
        }
        for handoff in handoffs
    ]
    return [{"title": "联动", "results": results}]


def _way(handoff: Handoff) -> str:
    """Between whom it goes: the list's own words for the 110, the partner's name for anybody else."""
    if handoff.item_number:
        return str(handoff.get_direction_display())
    name = partner_name(handoff.desk)
    return f"转介{name}" if handoff.direction == Direction.TO_POLICE else f"{name}转来"
