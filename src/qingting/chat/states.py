"""States of conversations, hand-overs and participants, as data."""

from django.db.models import TextChoices


class ConversationState(TextChoices):
    WAITING = "WAITING", "等待接入"
    ACTIVE = "ACTIVE", "会话中"
    ENDED = "ENDED", "已结束"


MOVES = {
    (ConversationState.WAITING, "take"): ConversationState.ACTIVE,
    (ConversationState.ACTIVE, "hand_over"): ConversationState.ACTIVE,
    (ConversationState.WAITING, "end"): ConversationState.ENDED,
    (ConversationState.ACTIVE, "end"): ConversationState.ENDED,
}


class Author(TextChoices):
    SEEKER = "SEEKER", "来访者"
    COUNSELLOR = "COUNSELLOR", "咨询师"
    SYSTEM = "SYSTEM", "系统"
    MACHINE = "MACHINE", "自动回复"


class ParticipantKind(TextChoices):
    OWNER = "OWNER", "接待"
    SILENT = "SILENT", "静默旁听"


class HandoverState(TextChoices):
    OFFERED = "OFFERED", "待对方接受"
    ACCEPTED = "ACCEPTED", "已接手"
    DECLINED = "DECLINED", "未接受"
    CANCELLED = "CANCELLED", "已取消"


LEVEL_ORDER = {"": 0, "ROUTINE": 1, "URGENT": 2, "CRITICAL": 3}
