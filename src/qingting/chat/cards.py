"""What the start page shows of conversations: one's own, and for the shift leader the crises that are being counted."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.chat.models import Conversation
from qingting.chat.permissions import JOIN_SILENTLY, TALK
from qingting.chat.selectors import my_conversations
from qingting.core.actors import Actor
from qingting.core.models import Clock
from qingting.core.time import local
from qingting.directory.states import ClockKind, Urgency
from qingting.staff.selectors import display_names

MOST = 6


def open_conversations(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """What a counsellor has in hand, danger first."""
    if not actor.may(TALK):
        return None
    mine = list(my_conversations(actor)[:MOST])
    rows = [
        {
            **_danger(conversation),
            "title": f"来访者 {local(conversation.started_at):%H:%M}",
            "line": conversation.get_skill_display(),
            "url": reverse("workbench:seat-conversation", args=[conversation.pk]),
            "unread": getattr(conversation, "unread", 0),
            "since": conversation.started_at,
        }
        for conversation in mine
    ]
    return {
        "title": "进行中的会话",
        "template": "workbench/cards/rows.html",
        "url": reverse("workbench:seat"),
        "urgent": any(conversation.danger_level for conversation in mine),
        "push": "chat.taken chat.ended chat.danger-seen chat.message-posted chat.handover-ended",
        "context": {
            "rows": rows,
            "empty": ("headset", "手上没有会话", "状态为“可接入”时，新的来访会在这里响起，也会自动分配给您。"),
        },
    }


def _danger(conversation: Conversation) -> dict[str, str]:
    return {"level": conversation.danger_level, "level_label": conversation.get_danger_level_display()}


def crises(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Every conversation of the organisation whose thirty minutes run or have run out, the most pressing first."""
    if not actor.may(JOIN_SILENTLY):
        return None
    open_clocks = Clock.objects.filter(
        kind=ClockKind.CRISIS_INTERVENTION, subject_kind="conversation", met_at=None, cancelled_at=None
    )
    open_clocks = open_clocks.filter(organisation_id__in=sorted(actor.scope.organisations)).order_by("due_at")
    clocks = list(open_clocks[: MOST + 1])
    rows = _crisis_rows(clocks[:MOST])
    return {
        "title": "危机介入时限",
        "template": "workbench/cards/rows.html",
        "url": reverse("duty:room"),
        "urgent": bool(rows),
        "push": "chat.danger-seen chat.taken risk.* linkage.acknowledged core.clock-warned core.clock-breached",
        "context": {
            "rows": rows,
            "more": len(clocks) > MOST,
            "empty": ("shield", "没有正在计时的危机", "出现危险信号的会话会在这里倒计时，三十分钟内要有人介入。"),
        },
    }


def _crisis_rows(clocks: list[Clock]) -> list[dict[str, Any]]:
    conversations = Conversation.objects.in_bulk([clock.subject_id for clock in clocks])
    names = display_names({row.account_id for row in conversations.values() if row.account_id})
    found = ((clock, conversations.get(clock.subject_id)) for clock in clocks)
    return [
        {
            "title": names.get(conversation.account_id or 0, "还没有人接入"),
            "line": f"{conversation.get_state_display()} · {local(conversation.started_at):%H:%M}开始",
            "url": reverse("workbench:to-conversation", args=[conversation.pk]),
            "level": conversation.danger_level or Urgency.CRITICAL,
            "level_label": conversation.get_danger_level_display() or Urgency.CRITICAL.label,
            "due_label": "危机介入",
            "due_at": clock.due_at,
        }
        for clock, conversation in found
        if conversation
    ]
