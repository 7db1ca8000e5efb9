"""What the start page shows a shift leader of the room: who waits, for how long, and who could take them."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.duty.models import WaitingEntry
from qingting.duty.permissions import LEAD
from qingting.duty.selectors import at_seats, line
from qingting.duty.states import PresenceState
from qingting.duty.subjects import SUBJECTS

MOST = 5


def room(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """The numbers of the room and whoever waits."""
    if not actor.may(LEAD):
        return None
    waiting, seats = list(line(actor)[:200]), list(at_seats(actor).values_list("state", flat=True))
    ready, url = seats.count(PresenceState.READY), reverse("duty:room")
    return {
        "title": "值班室",
        "template": "workbench/cards/rows.html",
        "url": url,
        "urgent": any(entry.danger_level for entry in waiting) or bool(waiting and not ready),
        "push": "duty.*",
        "context": {
            "tiles": [
                {"label": "正在等待", "value": len(waiting), "url": url, "level": "urgent" if waiting else ""},
                {"label": "可接入", "value": ready, "url": url, "level": "" if ready else "urgent"},
                {"label": "在岗", "value": len(seats), "url": url},
            ],
            "rows": [_row(entry, url) for entry in waiting[:MOST]],
            "more": len(waiting) > MOST,
            "quiet": "没有人在等待。" if ready else "没有人在等待，但也没有人可以接入，请安排同事上线。",
        },
    }


def _row(entry: WaitingEntry, url: str) -> dict[str, Any]:
    subject = SUBJECTS.get(entry.subject_kind)
    return {
        "title": subject.label if subject else entry.subject_kind,
        "line": entry.get_skill_display(),
        "url": url,
        "level": entry.danger_level,
        "level_label": Urgency(entry.danger_level).label if entry.danger_level else "",
        "state": entry.get_state_display(),
        "since": entry.entered_at,
        "since_words": "已等待",
    }
