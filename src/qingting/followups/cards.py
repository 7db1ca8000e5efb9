"""What the start page shows of follow-ups: those late and those due today, then the next ones."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.core.time import local
from qingting.followups.models import FollowUp
from qingting.followups.permissions import CALL
from qingting.followups.selectors import visible_to
from qingting.followups.states import FollowUpState

MOST = 6


def due(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Whom to call, the one waiting longest first."""
    if not actor.may(CALL):
        return None
    waiting = visible_to(actor).select_related("case").filter(state=FollowUpState.DUE).order_by("due_at", "pk")
    found = list(waiting[: MOST + 1])
    return {
        "title": "等着回访",
        "template": "workbench/cards/rows.html",
        "url": reverse("followups:list"),
        "urgent": any(follow_up.due_at <= at for follow_up in found),
        "push": "followups.* core.clock-breached",
        "context": {
            "rows": [_row(follow_up, at) for follow_up in found[:MOST]],
            "more": len(found) > MOST,
            "empty": ("callback", "没有等着回访的来访者", "工单全部办结后，系统会自动安排由没有参与办理的人回访。"),
        },
    }


def _row(follow_up: FollowUp, at: datetime) -> dict[str, Any]:
    return {
        "title": follow_up.case.number,
        "line": f"已联系{follow_up.attempts}次，没有接通" if follow_up.attempts else "还没有联系",
        "url": reverse("followups:follow-up", args=[follow_up.pk]),
        "level": follow_up.case.urgency,
        "level_label": follow_up.case.get_urgency_display(),
        "state": _when(follow_up.due_at, at),
        "due_at": follow_up.due_at,
        "due_label": "回访",
    }


def _when(due_at: datetime, at: datetime) -> str:
    if due_at <= at:
        return "已超时"
    days = (local(due_at).date() - local(at).date()).days
    return {0: "今天到期", 1: "明天到期"}.get(days, f"{days}天后到期")
