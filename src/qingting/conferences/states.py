"""States and code lists of conferences, as data."""

from django.db.models import TextChoices


class ConferenceState(TextChoices):
    CALLED = "CALLED", "已召集"
    HELD = "HELD", "已召开"
    CLOSED = "CLOSED", "已结束"
    CANCELLED = "CANCELLED", "已取消"


MOVES: dict[tuple[str, str], str] = {
    (ConferenceState.CALLED, "change"): ConferenceState.CALLED,
    (ConferenceState.CALLED, "hold"): ConferenceState.HELD,
    (ConferenceState.HELD, "hold"): ConferenceState.HELD,  # minutes may be corrected until the conference is closed
    (ConferenceState.CALLED, "cancel"): ConferenceState.CANCELLED,
    (ConferenceState.HELD, "close"): ConferenceState.CLOSED,
}
"""(state, act) → state. Nothing else is allowed."""


class SeatState(TextChoices):
    INVITED = "INVITED", "待回复"
    COMING = "COMING", "参加"
    NOT_COMING = "NOT_COMING", "不参加"


class Invited(TextChoices):
    """How an organisation is reached: on its page with the bell, or by a printed letter."""

    PAGE = "PAGE", "页面和提醒"
    LETTER = "LETTER", "函件"


class DecisionWay(TextChoices):
    ORDER = "ORDER", "工单"
    REFERRAL = "REFERRAL", "转介"


class DecisionState(TextChoices):
    RUNNING = "RUNNING", "落实中"
    DONE = "DONE", "已落实"
    FAILED = "FAILED", "未能落实"
    WAIVED = "WAIVED", "不再落实"


UNSETTLED = frozenset({DecisionState.RUNNING, DecisionState.FAILED})
"""The conference stays open while a decision is one of these."""


class NoteKind(TextChoices):
    TOLD = "told", "告知内容"
    AGENDA = "agenda", "议程"
    CHANGED = "changed", "变更说明"
    REPLIED = "replied", "回复"
    MINUTES = "minutes", "会议纪要"
    DECIDED = "decided", "决定"
    WAIVED = "waived", "不再落实的理由"
    CANCELLED = "cancelled", "取消理由"
    CLOSED = "closed", "结束说明"
