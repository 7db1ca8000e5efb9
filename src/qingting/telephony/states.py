"""States and code lists of calls, legs, acts and tasks, as data."""

from django.db.models import TextChoices


class Direction(TextChoices):
    IN = "IN", "呼入"
    OUT = "OUT", "呼出"


class CallState(TextChoices):
    GREETING = "GREETING", "播放提示"
    WAITING = "WAITING", "排队中"
    DIALLING = "DIALLING", "呼叫中"
    TALKING = "TALKING", "通话中"
    HELD = "HELD", "保持中"
    RETURNING = "RETURNING", "等坐席恢复"
    MESSAGE = "MESSAGE", "留言中"
    ENDED = "ENDED", "已结束"


_S = CallState
_OPEN = frozenset({_S.GREETING, _S.WAITING, _S.DIALLING, _S.TALKING, _S.HELD, _S.RETURNING, _S.MESSAGE})
# act → (states it starts from, state it leads to). A controller that was away may find a call anywhere: what Asterisk
# did has happened, so `take`, `queue` and `end` are wide.
MOVES = {
    "queue": (_OPEN, _S.WAITING),
    "take": (_OPEN, _S.TALKING),
    "hold": (frozenset({_S.TALKING, _S.HELD}), _S.HELD),
    "resume": (frozenset({_S.HELD, _S.TALKING, _S.RETURNING}), _S.TALKING),
    "lose_seat": (frozenset({_S.TALKING, _S.HELD, _S.RETURNING}), _S.RETURNING),
    "take_message": (frozenset({_S.GREETING, _S.WAITING, _S.RETURNING, _S.MESSAGE}), _S.MESSAGE),
    "end": (_OPEN, _S.ENDED),
}
IN_HAND = frozenset({_S.TALKING, _S.HELD, _S.RETURNING})


class Outcome(TextChoices):
    TALKED = "TALKED", "已接听"
    ABANDONED = "ABANDONED", "未接通已挂断"
    MESSAGE_LEFT = "MESSAGE_LEFT", "已留言"
    CALLBACK_WANTED = "CALLBACK_WANTED", "要求回拨"
    REFUSED = "REFUSED", "未予接通"
    LOST = "LOST", "线路中断"
    BUSY = "BUSY", "对方占线"
    DECLINED = "DECLINED", "对方拒接"
    NO_ANSWER = "NO_ANSWER", "无人接听"
    UNREACHABLE = "UNREACHABLE", "未能接通"
    NOT_DIALLED = "NOT_DIALLED", "未拨出"
    SILENT = "SILENT", "静默来电"


class LegKind(TextChoices):
    CALLER = "CALLER", "来电人"
    SEAT = "SEAT", "坐席"
    COLLEAGUE = "COLLEAGUE", "同事"
    LEADER = "LEADER", "值班长"
    SECOND = "SECOND", "第二咨询师"
    POLICE_110 = "POLICE_110", "110"
    AMBULANCE = "AMBULANCE", "120"
    GUARDIAN = "GUARDIAN", "监护人"
    OUTSIDE = "OUTSIDE", "外线"


# Whoever may be in a call without being heard by the caller: in a room of their own, with an ear on the seat.
LISTENERS = frozenset({LegKind.LEADER, LegKind.SECOND})


class LegMode(TextChoices):
    SPEAK = "SPEAK", "可说话"
    LISTEN = "LISTEN", "只听"
    WHISPER = "WHISPER", "只对坐席说"


class ActKind(TextChoices):
    HOLD = "HOLD", "保持"
    RESUME = "RESUME", "恢复"
    CONSULT = "CONSULT", "咨询同事"
    END_CONSULT = "END_CONSULT", "结束咨询"
    HAND_OVER = "HAND_OVER", "转给咨询中的同事"
    SEND_TO = "SEND_TO", "转给同事"
    SEND_TO_SKILL = "SEND_TO_SKILL", "转到技能组"
    ADD_110 = "ADD_110", "接入110"
    SET_MODE = "SET_MODE", "改变说听"
    DROP = "DROP", "请出通话"
    LEAVE = "LEAVE", "退出通话"
    HANG_UP = "HANG_UP", "挂断"
    MONITOR = "MONITOR", "监听"
    LISTEN_IN = "LISTEN_IN", "旁听"
    TAKE_OVER = "TAKE_OVER", "接管"
    CALL_BACK = "CALL_BACK", "回拨"
    CALL_OUT = "CALL_OUT", "外呼"
    ADD_PARTY = "ADD_PARTY", "接入第三方"
    ASK_KEYS = "ASK_KEYS", "按键询问"
    END_SILENT = "END_SILENT", "礼貌结束静默来电"


class ActState(TextChoices):
    ASKED = "ASKED", "处理中"
    DONE = "DONE", "已完成"
    REFUSED = "REFUSED", "未完成"


class Question(TextChoices):
    """What is asked of somebody who can't speak; one key answers yes, another no."""

    CANT_SPEAK = "CANT_SPEAK", "是否不方便说话、需要帮助"
    DANGER = "DANGER", "现在是否有危险"
    BESIDE = "BESIDE", "伤害您的人是否在旁边"
    HURT = "HURT", "是否受伤或吃了药"
    POLICE = "POLICE", "是否需要报警"
    TEXT = "TEXT", "是否改用打字"


class KeyAnswer(TextChoices):
    YES = "YES", "是"
    NO = "NO", "否"
    NONE = "NONE", "没有按键"


KEYS = {"1": KeyAnswer.YES, "2": KeyAnswer.NO}
# How grave a yes is, at least; the counsellor may judge it higher.
RAISES = {
    Question.CANT_SPEAK: "URGENT",
    Question.BESIDE: "URGENT",
    Question.DANGER: "CRITICAL",
    Question.HURT: "CRITICAL",
    Question.POLICE: "CRITICAL",
}


class TextState(TextChoices):
    """A link by text message. KEPT: there is no gateway, so that it was not sent."""

    WAITING = "WAITING", "发送中"
    SENT = "SENT", "已发送"
    KEPT = "KEPT", "没有短信网关，未发送"
    FAILED = "FAILED", "发送失败"


class AccountKind(TextChoices):
    SEAT = "SEAT", "坐席"
    VISIT = "VISIT", "来访者"
    PHONE = "PHONE", "坐席的电话"


class TaskReason(TextChoices):
    ABANDONED = "ABANDONED", "未接通已挂断"
    REQUESTED = "REQUESTED", "要求回拨"
    MESSAGE = "MESSAGE", "留了言"
    LOST = "LOST", "线路中断"
    FOLLOW_UP = "FOLLOW_UP", "回访"


class TaskState(TextChoices):
    OPEN = "OPEN", "待回拨"
    DONE = "DONE", "已回拨"
    GIVEN_UP = "GIVEN_UP", "多次未接通"
    CLOSED = "CLOSED", "不必回拨"


class OutsideParty(TextChoices):
    """Whom a counsellor may call from a case. Labels as the timeline says them."""

    POLICE_110 = "POLICE_110", "110"
    AMBULANCE = "AMBULANCE", "120急救"
    GUARDIAN = "GUARDIAN", "监护人"


class OutsideState(TextChoices):
    ASKED = "ASKED", "正在拨打"
    ENDED = "ENDED", "已结束"


class RecordingKind(TextChoices):
    """Whose voice a recording holds: one side of a call, or a message."""

    CALLER = "CALLER", "来电人一侧"
    SEAT = "SEAT", "坐席一侧"
    COLLEAGUE = "COLLEAGUE", "同事一侧"
    LEADER = "LEADER", "值班长一侧"
    SECOND = "SECOND", "第二咨询师一侧"
    POLICE_110 = "POLICE_110", "110一侧"
    AMBULANCE = "AMBULANCE", "120一侧"
    GUARDIAN = "GUARDIAN", "监护人一侧"
    OUTSIDE = "OUTSIDE", "外线一侧"
    MESSAGE = "MESSAGE", "留言"


class ListeningReason(TextChoices):
    """Why somebody listens to a recording; it stands in the journal."""

    QUALITY = "QUALITY", "质检、评分"
    SUPERVISION = "SUPERVISION", "督导、带教"
    SAFETY = "SAFETY", "核对危险情况，救助需要"
    RECORD = "RECORD", "补全登记和个案"
    COMPLAINT = "COMPLAINT", "处理投诉或本人查询"
    LAW = "LAW", "司法、公安依法调取"


class Language(TextChoices):
    MANDARIN = "zh", "普通话"
    CANTONESE = "yue", "粤语"
    ENGLISH = "en", "英语"


class Notice(TextChoices):
    """What the platform itself telephones somebody about; each has a prompt of its own and a rule in `rules.NOTICES`."""

    HANDOFF_LATE = "HANDOFF_LATE", "催办签收"
    ALERT = "ALERT", "夜间警报"
    TEST = "TEST", "测试"


class AnnouncementState(TextChoices):
    ASKED = "ASKED", "待拨打"
    ENDED = "ENDED", "已结束"


class AnnouncementOutcome(TextChoices):
    """How it ended; NO_TELEPHONE stands until somebody's telephone has been dialled."""

    ACKNOWLEDGED = "ACKNOWLEDGED", "已接听并按键确认"
    HEARD = "HEARD", "已接听，没有按键"
    BUSY = "BUSY", "对方占线"
    DECLINED = "DECLINED", "对方拒接"
    NO_ANSWER = "NO_ANSWER", "无人接听"
    UNREACHABLE = "UNREACHABLE", "未能接通"
    NO_NUMBER = "NO_NUMBER", "没有可拨的号码，未拨出"
    NO_TELEPHONE = "NO_TELEPHONE", "电话系统不可用，未拨出"
    STOPPED = "STOPPED", "不再需要"
