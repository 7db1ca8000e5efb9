"""What the start page shows of chains: those that run and concern one's own party, the longest waiting first."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.chains import selectors
from qingting.chains.models import Chain
from qingting.chains.permissions import VIEW
from qingting.chains.states import Standing
from qingting.core.actors import Actor

MOST = 5


def waiting(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Nothing at all while nothing runs."""
    if not actor.may(VIEW):
        return None
    open_ = selectors.visible_to(actor).filter(ended_at=None)
    found = list(open_.order_by("drill", "heard_at")[: MOST + 1])  # exercises never before a real one
    return {
        "title": "跨省转介",
        "template": "workbench/cards/rows.html",
        "url": reverse("chains:list"),
        "urgent": any(row.destination_standing == Standing.SILENT and not row.drill for row in found),
        "push": "chains.*",
        "context": {"rows": [_row(row) for row in found[:MOST]], "more": len(found) > MOST, "hidden": not found},
    }


def _row(row: Chain) -> dict[str, Any]:
    names = selectors.party_names(row)
    return {
        "title": f"{names['ORIGIN']} → {names['DESTINATION']}",
        "line": f"{row.number} · {row.get_stage_display()}",
        "url": reverse("chains:chain", args=[row.pk]),
        "level": "ROUTINE" if row.drill else row.urgency,
        "level_label": "演练" if row.drill else row.get_urgency_display(),
        "state": row.get_destination_standing_display(),
    }
