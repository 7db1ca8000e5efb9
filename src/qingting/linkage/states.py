"""States, allowed moves and code lists of linkage, as data. Wire codes are those of the protocol between desks."""

from dataclasses import dataclass

from django.db.models import TextChoices


class HandoffState(TextChoices):
    QUEUED = "QUEUED", "已发出"
    SENT = "SENT", "对方已收到"
    ACKNOWLEDGED = "ACKNOWLEDGED", "已签收"
    IN_PROGRESS = "IN_PROGRESS", "处置中"
    COMPLETED = "COMPLETED", "已反馈"
    REJECTED = "REJECTED", "已退回"
    FAILED = "FAILED", "未能完成"
    CANCELLED = "CANCELLED", "已撤回"


_S = HandoffState
OPEN = frozenset({_S.QUEUED, _S.SENT, _S.ACKNOWLEDGED, _S.IN_PROGRESS})
"""The other desk (or, for an incident of theirs, we) still have something to do."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act: from which states, to which. A word that crossed a cancellation on its way is recorded, not applied."""

    act: str
    sources: frozenset[str]
    target: str


_ANSWERED = frozenset({_S.ACKNOWLEDGED, _S.IN_PROGRESS})
_TOLD = frozenset({_S.COMPLETED, _S.FAILED})
MOVES = {
    move.act: move
    for move in (
        Move("deliver", frozenset({_S.QUEUED}), _S.SENT),
        Move("refuse", frozenset({_S.QUEUED}), _S.FAILED),
        # Their system refused our message; the cause was removed, and it goes out once more.
        Move("send_again", frozenset({_S.FAILED}), _S.QUEUED),
        # An acknowledgement may be here before we have noted our own receipt.
        Move("acknowledge", frozenset({_S.QUEUED, _S.SENT}), _S.ACKNOWLEDGED),
        Move("reject", frozenset({_S.QUEUED, _S.SENT, _S.CANCELLED}), _S.REJECTED),
        Move("progress", _ANSWERED, _S.IN_PROGRESS),
        # A later result corrects an earlier one; the performer's final word outweighs a cancellation.
        Move("complete", _ANSWERED | _TOLD | {_S.CANCELLED}, _S.COMPLETED),
        Move("fail", _ANSWERED | _TOLD | {_S.CANCELLED}, _S.FAILED),
        Move("cancel", OPEN, _S.CANCELLED),
    )
}

STEPS = (_S.QUEUED, _S.SENT, _S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.COMPLETED)
"""What the panel shows as a line of steps, in order."""


class Manner(TextChoices):
    """How another desk is reached: its own system, our page for its people, or a letter on paper."""

    WIRE = "WIRE", "系统对接"
    PAGE = "PAGE", "联动单位页面"
    LETTER = "LETTER", "函件"


class LinkState(TextChoices):
    """How the line to a desk is. UNKNOWN until the first answer or the first silence."""

    UNKNOWN = "UNKNOWN", "尚未联通"
    UP = "UP", "联通"
    DOWN = "DOWN", "中断"


class Way(TextChoices):
    OUT = "OUT", "发出"
    IN = "IN", "收到"


class MessageState(TextChoices):
    """OUT: WAITING, DELIVERED, REFUSED (for good). IN: STORED, HELD (a gap before it), REFUSED (out of state)."""

    WAITING = "WAITING", "待送达"
    DELIVERED = "DELIVERED", "已送达"
    STORED = "STORED", "已处理"
    HELD = "HELD", "等前序"
    REFUSED = "REFUSED", "被拒收"


class Stage(TextChoices):
    DISPATCHED = "DISPATCHED", "已出警"
    ON_SCENE = "ON_SCENE", "已到场"
    COUNSELLOR_ENGAGED = "COUNSELLOR_ENGAGED", "咨询师已介入"
    OTHER = "OTHER", "其他进展"


class Outcome(TextChoices):
    PERSON_SAFE = "PERSON_SAFE", "本人平安"
    TAKEN_TO_HOSPITAL = "TAKEN_TO_HOSPITAL", "已送医"
    WITH_GUARDIAN = "WITH_GUARDIAN", "已交监护人"
    COUNSELLED = "COUNSELLED", "已疏导"
    CASE_OPENED = "CASE_OPENED", "已受案"
    TRANSFERRED = "TRANSFERRED", "已移交其他单位"
    NOT_FOUND = "NOT_FOUND", "未找到本人"
    FALSE_ALARM = "FALSE_ALARM", "情况不属实"
    DECEASED = "DECEASED", "本人已去世"
    OTHER = "OTHER", "其他"


class Found(TextChoices):
    """Whether somebody who follows up in our place has spoken with the person."""

    REACHED = "REACHED", "联系上了"
    NOT_REACHED = "NOT_REACHED", "没有联系上"
    REFUSED = "REFUSED", "联系上了，不愿意接受回访"


class Condition(TextChoices):
    """How the person is, as far as whoever asked could tell."""

    BETTER = "BETTER", "比之前好"
    SAME = "SAME", "和之前差不多"
    WORSE = "WORSE", "比之前差"
    IN_DANGER = "IN_DANGER", "有新的危险"


ALARMING = frozenset({Condition.WORSE, Condition.IN_DANGER})


class RejectionReason(TextChoices):
    NOT_ON_LIST = "NOT_ON_LIST", "不在清单内"
    NOT_OUR_AREA = "NOT_OUR_AREA", "不属本辖区"
    DUPLICATE = "DUPLICATE", "重复流转"
    INSUFFICIENT = "INSUFFICIENT", "信息不足"
    OTHER = "OTHER", "其他原因"


class CancelReason(TextChoices):
    RESOLVED = "RESOLVED", "危险已解除"
    FALSE_ALARM = "FALSE_ALARM", "情况不属实"
    SENT_IN_ERROR = "SENT_IN_ERROR", "误发"
    DRILL_OVER = "DRILL_OVER", "演练结束"
    OTHER = "OTHER", "其他原因"


class Basis(TextChoices):
    """On which basis something about a person is told to another desk."""

    LIFE_AT_STAKE = "LIFE_AT_STAKE", "紧急情况下保护生命安全"
    MANDATORY_REPORT = "MANDATORY_REPORT", "强制报告"
    LEGAL_DUTY = "LEGAL_DUTY", "法定职责"
    CONSENT = "CONSENT", "本人同意"
    GUARDIAN_CONSENT = "GUARDIAN_CONSENT", "监护人同意"


class NoteKind(TextChoices):
    HANDOFF = "handoff", "流转说明"
    ACKNOWLEDGEMENT = "acknowledgement", "签收"
    PROGRESS = "progress", "处置进展"
    RESULT = "result", "处置结果"
    REJECTION = "rejection", "退回理由"
    CANCELLATION = "cancellation", "撤回理由"
    NOTE = "note", "补充情况"
    CONFIRMATION = "confirmation", "人工确认"


class ReportState(TextChoices):
    """A mandatory report (强制报告)."""

    DUE = "DUE", "待报告"
    MADE = "MADE", "已报告"
    WAIVED = "WAIVED", "经核实不报告"


class ReportWay(TextChoices):
    HANDOFF = "HANDOFF", "一键流转110"
    PHONE = "PHONE", "电话报告"
    IN_PERSON = "IN_PERSON", "当面报告"
    IN_WRITING = "IN_WRITING", "书面报告"
