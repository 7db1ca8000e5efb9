"""States and acts of a complaint, as data."""

from dataclasses import dataclass

from django.db.models import TextChoices

from qingting.directory.states import ClockKind


class ComplaintState(TextChoices):
    RECEIVED = "RECEIVED", "待受理"
    IN_HAND = "IN_HAND", "办理中"
    ANSWERED = "ANSWERED", "已答复"
    DECLINED = "DECLINED", "不属本平台"
    WITHDRAWN = "WITHDRAWN", "本人撤回"


class About(TextChoices):
    """What it is about. A station: all who work there are concerned, so that it is dealt with one organisation higher."""

    PERSON = "PERSON", "某位工作人员"
    ORDER = "ORDER", "事情办得怎么样"
    STATION = "STATION", "服务台或单位"


class Source(TextChoices):
    PORTAL = "PORTAL", "网页"
    RATING = "RATING", "评价链接"
    FOLLOW_UP = "FOLLOW_UP", "回访中提出"
    PHONE = "PHONE", "电话"
    LETTER = "LETTER", "来信来访"


class Finding(TextChoices):
    TRUE = "TRUE", "属实"
    PARTLY = "PARTLY", "部分属实"
    NOT_TRUE = "NOT_TRUE", "不属实"
    UNCLEAR = "UNCLEAR", "无法查清"


COMPLAINANT, HANDLER = "complainant", "handler"
S = ComplaintState


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One act: from which states to which, by whom; told: whether its words go to the complainant; meets, starts: clocks;
    climbs: whether the next organisation deals with it from then on."""

    act: str
    label: str
    sources: frozenset[str]
    target: str
    by: str = HANDLER
    words_label: str = ""
    explains: str = ""
    told: bool = False
    meets: tuple[str, ...] = ()
    starts: str = ""
    climbs: bool = False


_ALL = (ClockKind.COMPLAINT_ACKNOWLEDGEMENT, ClockKind.COMPLAINT_ANSWER)
MOVES = {
    move.act: move
    for move in (
        Move(
            act="acknowledge",
            label="受理",
            sources=frozenset({S.RECEIVED}),
            target=S.IN_HAND,
            explains="由您办理并答复本人。与这件事有关的人不能办理。",
            meets=(ClockKind.COMPLAINT_ACKNOWLEDGEMENT,),
            starts=ClockKind.COMPLAINT_ANSWER,
        ),
        Move(
            act="answer",
            label="答复本人",
            sources=frozenset({S.IN_HAND}),
            target=S.ANSWERED,
            words_label="告诉本人的话（查到了什么、怎么改、对不起说在前面）",
            explains="本人凭回执能看到这段话，请像当面说话一样写。不满意的，可以请上一级复核。",
            told=True,
            meets=(ClockKind.COMPLAINT_ANSWER,),
        ),
        Move(
            act="note",
            label="记录调查",
            sources=frozenset({S.IN_HAND}),
            target=S.IN_HAND,
            words_label="问了谁、查了什么",
            explains="只有办理的单位能看到，不告诉本人。",
        ),
        Move(
            act="decline",
            label="不属本平台",
            sources=frozenset({S.RECEIVED, S.IN_HAND}),
            target=S.DECLINED,
            words_label="为什么不归我们、该找谁",
            explains="本人凭回执能看到这段话，请写清该找哪里、怎么找。",
            told=True,
            meets=_ALL,
        ),
        Move(
            act="escalate",
            label="交上一级办理",
            sources=frozenset({S.RECEIVED, S.IN_HAND}),
            target=S.RECEIVED,
            words_label="为什么由上一级办",
            explains="本单位与这件事有关、或者办不了的，交上一级；受理时限重新计算。",
            meets=_ALL,
            starts=ClockKind.COMPLAINT_ACKNOWLEDGEMENT,
            climbs=True,
        ),
        Move(
            act="review",
            label="申请复核",
            sources=frozenset({S.ANSWERED}),
            target=S.RECEIVED,
            by=COMPLAINANT,
            words_label="哪里不满意",
            explains="由上一级单位重新查、重新答复。",
            told=True,
            starts=ClockKind.COMPLAINT_ACKNOWLEDGEMENT,
            climbs=True,
        ),
        Move(
            act="withdraw",
            label="撤回",
            sources=frozenset({S.RECEIVED, S.IN_HAND}),
            target=S.WITHDRAWN,
            by=COMPLAINANT,
            explains="不再处理。以后想说，随时可以再提。",
            told=True,
            meets=_ALL,
        ),
    )
}
OPEN = (S.RECEIVED, S.IN_HAND)
REVIEW_DAYS = 60  # product default: how long after an answer a review may be asked for
NOTICES = {
    "complaints.received": "收到一件投诉，请在时限内受理",
    "complaints.review-asked": "本人对投诉答复不满意，申请复核",
    "complaints.escalated": "下级交来一件投诉，请受理",
    "complaints.withdrawn": "一件投诉已由本人撤回",
}
