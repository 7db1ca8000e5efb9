"""Parties, where each stands, and every act with who may do it when, as data: one place for services, pages, tests and docs."""

from dataclasses import dataclass

from django.db.models import TextChoices

NATION = "100000"
"""The national desk as a region."""


class Role(TextChoices):
    """What a party is in a chain."""

    ORIGIN = "ORIGIN", "发起省"
    DESTINATION = "DESTINATION", "属地省"
    NATIONAL = "NATIONAL", "团中央"
    CENTRE = "CENTRE", "区域中心"


class Standing(TextChoices):
    """Where one party stands. Each party's standing is moved by its own acts only, so it is the same in every house
    however what they say crosses on its way."""

    SILENT = "SILENT", "尚未动作"
    # the province where the call came in
    RAISED = "RAISED", "已发起"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    DRILLED = "DRILLED", "已结束演练"
    # the province where the person is
    TAKEN = "TAKEN", "已签收"
    REFUSED = "REFUSED", "已退回"
    UNDER_WAY = "UNDER_WAY", "已出动"
    NOT_FOUND = "NOT_FOUND", "尚未找到本人"
    REACHED = "REACHED", "已见到本人"
    SETTLED = "SETTLED", "已通报结果"
    AFTERCARE = "AFTERCARE", "跟踪帮扶中"
    DONE = "DONE", "帮扶结束"
    # the national desk
    SUPERVISING = "SUPERVISING", "督办中"
    REDIRECTED = "REDIRECTED", "已改派"
    SIGNED_OFF = "SIGNED_OFF", "已销号"
    # a regional centre
    ASSISTING = "ASSISTING", "协助中"
    DECLINED = "DECLINED", "不能协助"
    LEFT = "LEFT", "协助结束"


class Stage(TextChoices):
    """The five links of the chain (2022年第22期《全团要讯》), and how it may end."""

    SUPERVISION = "SUPERVISION", "团中央督办"
    PASSING_ON = "PASSING_ON", "跨省工单流转"
    ON_SITE = "ON_SITE", "线下紧急干预"
    REPORTING = "REPORTING", "即时通报进展"
    AFTERCARE = "AFTERCARE", "预后跟踪帮扶"
    OVER = "OVER", "已销号"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    REDIRECTED = "REDIRECTED", "已改派"
    DRILLED = "DRILLED", "演练结束"


STAGES = (Stage.SUPERVISION, Stage.PASSING_ON, Stage.ON_SITE, Stage.REPORTING, Stage.AFTERCARE)
ENDED = frozenset({Stage.OVER, Stage.WITHDRAWN, Stage.REDIRECTED, Stage.DRILLED})


class Outcome(TextChoices):
    """What the destination reports when it has seen the person."""

    PERSON_SAFE = "PERSON_SAFE", "本人平安"
    TAKEN_TO_HOSPITAL = "TAKEN_TO_HOSPITAL", "已送医"
    WITH_GUARDIAN = "WITH_GUARDIAN", "已交监护人"
    SUICIDE_PREVENTED = "SUICIDE_PREVENTED", "制止了自杀自伤"
    FALSE_ALARM = "FALSE_ALARM", "情况不属实"
    DECEASED = "DECEASED", "本人已去世"
    OTHER = "OTHER", "其他"


class RefusalReason(TextChoices):
    NOT_OUR_AREA = "NOT_OUR_AREA", "本人不在本省"
    DUPLICATE = "DUPLICATE", "本省已在处置"
    INSUFFICIENT = "INSUFFICIENT", "信息不足，无法查找"
    OTHER = "OTHER", "其他原因"


class WithdrawalReason(TextChoices):
    RESOLVED = "RESOLVED", "危险已解除"
    FALSE_ALARM = "FALSE_ALARM", "情况不属实"
    SENT_IN_ERROR = "SENT_IN_ERROR", "误发"
    OTHER = "OTHER", "其他原因"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one party.

    label: on the button; told: on the timeline; sources → target: the party's own standing (target "": unchanged); needs: which
    of `words`, `code`, `due`, `region` must come with it; codes: the list `code` is of; destination: where the
    destination must stand for it (empty: anywhere); alive: not once the chain is over; private: the words may speak of the person, so
    only the two provinces read them; grave: the others are told urgently; drill: in an exercise (演练) only.
    """

    code: str
    role: Role
    label: str
    told: str
    sources: frozenset[str]
    target: str = ""
    needs: frozenset[str] = frozenset({"words"})
    codes: type[TextChoices] | None = None
    destination: frozenset[str] = frozenset()
    alive: bool = True
    private: bool = False
    grave: bool = False
    drill: bool = False


_S = Standing
_BEFORE_REACHED = frozenset({_S.SILENT, _S.TAKEN, _S.REFUSED, _S.UNDER_WAY, _S.NOT_FOUND})
_MAY_MOVE = frozenset({_S.SILENT, _S.REFUSED, _S.TAKEN, _S.NOT_FOUND})
_NONE: frozenset[str] = frozenset()
_CODED = frozenset({"words", "code"})
_DATED = frozenset({"words", "due"})
_PLACED = frozenset({"words", "region"})


def _from(*standings: str) -> frozenset[str]:
    return frozenset(standings)


_ORIGIN, _THERE, _NATION, _CENTRE = Role.ORIGIN, Role.DESTINATION, Role.NATIONAL, Role.CENTRE
ACTS = {
    act.code: act
    for act in (
        Act("RAISE", _ORIGIN, "发起跨省转介", "发起跨省转介", _from(_S.SILENT), _S.RAISED, private=True, grave=True),
        Act("SUPPLEMENT", _ORIGIN, "补充情况", "补充情况", _from(_S.RAISED), private=True, grave=True),
        Act(
            "WITHDRAW", _ORIGIN, "撤回", "撤回转介", _from(_S.RAISED), _S.WITHDRAWN,
            _CODED, WithdrawalReason, _BEFORE_REACHED, grave=True,
        ),
        Act("RENEW", _ORIGIN, "恢复转介", "恢复转介", _from(_S.WITHDRAWN), _S.RAISED, alive=False, grave=True),
        Act("END_DRILL", _ORIGIN, "结束演练", "结束演练", _from(_S.RAISED), _S.DRILLED, drill=True),
        Act("ACCEPT", _THERE, "签收", "签收跨省工单", _from(_S.SILENT, _S.REFUSED), _S.TAKEN, _NONE),
        Act(
            "REFUSE", _THERE, "退回", "退回跨省工单", _from(_S.SILENT, _S.TAKEN), _S.REFUSED,
            _CODED, RefusalReason, grave=True,
        ),
        Act("SET_OUT", _THERE, "出动", "已出动干预", _from(_S.TAKEN, _S.NOT_FOUND), _S.UNDER_WAY),
        Act("REPORT", _THERE, "通报进展", "通报进展", _from(_S.TAKEN, _S.UNDER_WAY, _S.NOT_FOUND, _S.REACHED)),
        Act("LOSE", _THERE, "没有找到本人", "尚未找到本人", _from(_S.TAKEN, _S.UNDER_WAY), _S.NOT_FOUND, grave=True),
        Act("REACH", _THERE, "已见到本人", "已见到本人", _from(_S.TAKEN, _S.UNDER_WAY, _S.NOT_FOUND), _S.REACHED),
        Act("SETTLE", _THERE, "通报结果", "通报干预结果", _from(_S.REACHED), _S.SETTLED, _CODED, Outcome),
        Act("BEGIN_CARE", _THERE, "开始跟踪帮扶", "开始跟踪帮扶", _from(_S.SETTLED), _S.AFTERCARE, _DATED),
        Act("VISIT", _THERE, "记录跟踪情况", "通报跟踪情况", _from(_S.AFTERCARE), "", _DATED),
        Act(
            "RELAPSE", _THERE, "再次出现危险", "再次出现危险，重新出动", _from(_S.SETTLED, _S.AFTERCARE), _S.UNDER_WAY,
            grave=True,
        ),
        Act("FINISH", _THERE, "结束帮扶", "结束帮扶，请团中央审核", _from(_S.SETTLED, _S.AFTERCARE), _S.DONE),
        Act("RESUME", _THERE, "继续帮扶", "恢复跟踪帮扶", _from(_S.DONE), _S.AFTERCARE, _DATED),
        Act("SUPERVISE", _NATION, "督办", "团中央督办", _from(_S.SILENT), _S.SUPERVISING),
        Act("URGE", _NATION, "催办", "催办", _from(_S.SUPERVISING), grave=True),
        Act("ASK_CENTRE", _NATION, "请区域中心协助", "请区域中心协助", _from(_S.SUPERVISING), "", _PLACED),
        Act(
            "REDIRECT", _NATION, "改派其他省", "改派其他省", _from(_S.SUPERVISING), _S.REDIRECTED,
            _PLACED, None, _MAY_MOVE, grave=True,
        ),
        Act(
            "TAKE_BACK", _NATION, "取消改派", "取消改派，由原属地省继续", _from(_S.REDIRECTED), _S.SUPERVISING,
            alive=False, grave=True,
        ),
        Act(
            "SIGN_OFF", _NATION, "销号", "审核通过，销号", _from(_S.SUPERVISING), _S.SIGNED_OFF,
            destination=_from(_S.DONE),
        ),
        Act("REOPEN", _NATION, "重新督办", "重新督办", _from(_S.SIGNED_OFF), _S.SUPERVISING, alive=False, grave=True),
        Act("ASSIST", _CENTRE, "开始协助", "区域中心开始协助", _from(_S.SILENT, _S.DECLINED, _S.LEFT), _S.ASSISTING),
        Act("DECLINE", _CENTRE, "不能协助", "区域中心不能协助", _from(_S.SILENT), _S.DECLINED, grave=True),
        Act("ADVISE", _CENTRE, "协助和建议", "区域中心协助", _from(_S.ASSISTING)),
        Act("LEAVE", _CENTRE, "结束协助", "区域中心协助结束", _from(_S.ASSISTING), _S.LEFT),
    )
}  # fmt: skip

TELLS: dict[tuple[Role, Role], tuple[Role, ...]] = {
    (_ORIGIN, _ORIGIN): (_THERE, _NATION),
    (_THERE, _THERE): (_ORIGIN, _NATION),
    (_NATION, _NATION): (_ORIGIN, _THERE, _CENTRE),
    (_CENTRE, _CENTRE): (_NATION,),
    # The national desk passes on what a centre cannot hear, and what others cannot hear of a centre.
    (_NATION, _ORIGIN): (_CENTRE,),
    (_NATION, _THERE): (_CENTRE,),
    (_NATION, _CENTRE): (_ORIGIN, _THERE),
}
"""(whose file, who wrote) → whom the owner of the file tells."""

READS_PERSON = frozenset({Role.ORIGIN, Role.DESTINATION})
"""Who may read of the person: facts, and the words of private acts. The national desk and a centre read what was done."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A clock that runs in the files of `roles` while the chain is alive and `role` stands in one of `standings`.

    kind: of `directory.states.ClockKind`, where its length and source stand; again: acts that start it anew; due: whether the
    last entry's own date counts instead of the rule's.
    """

    kind: str
    roles: frozenset[Role]
    role: Role
    standings: frozenset[str]
    again: frozenset[str] = frozenset()
    due: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What the report of an exercise measures: from the first of one act to the first of others after it, by whom, against the clock
    that a real chain has for it ('' where it has none)."""

    stage: Stage
    label: str
    role: Role
    begins: str
    ends: frozenset[str]
    kind: str = ""


MEASURED = (
    Measured(Stage.SUPERVISION, "从发起到督办", _NATION, "RAISE", _from("SUPERVISE"), "CHAIN_SUPERVISION"),
    Measured(Stage.PASSING_ON, "从发起到签收", _THERE, "RAISE", _from("ACCEPT"), "CHAIN_ACCEPTANCE"),
    Measured(Stage.ON_SITE, "从签收到出动", _THERE, "ACCEPT", _from("SET_OUT", "REACH"), "CHAIN_INTERVENTION"),
    Measured(Stage.ON_SITE, "从出动到见到本人", _THERE, "SET_OUT", _from("REACH")),
    Measured(Stage.REPORTING, "从见到本人到通报结果", _THERE, "REACH", _from("SETTLE"), "CHAIN_REPORT"),
    Measured(Stage.AFTERCARE, "从通报结果到开始帮扶", _THERE, "SETTLE", _from("BEGIN_CARE", "FINISH"), "CHAIN_CARE"),
    Measured(Stage.AFTERCARE, "从结束帮扶到销号", _NATION, "FINISH", _from("SIGN_OFF"), "CHAIN_SIGN_OFF"),
)

_ALL_THREE = frozenset({_ORIGIN, _THERE, _NATION})
WATCHES = (
    Watch("CHAIN_SUPERVISION", frozenset({_NATION}), _NATION, _from(_S.SILENT)),
    Watch("CHAIN_ACCEPTANCE", _ALL_THREE, _THERE, _from(_S.SILENT), frozenset({"RENEW"})),
    Watch("CHAIN_DECISION", frozenset({_NATION}), _THERE, _from(_S.REFUSED)),
    Watch("CHAIN_INTERVENTION", frozenset({_THERE, _NATION}), _THERE, _from(_S.TAKEN)),
    Watch(
        "CHAIN_REPORT", _ALL_THREE, _THERE, _from(_S.UNDER_WAY, _S.NOT_FOUND, _S.REACHED),
        frozenset({"REPORT", "REACH", "SET_OUT", "LOSE", "RELAPSE"}),
    ),
    Watch("CHAIN_CARE", frozenset({_THERE}), _THERE, _from(_S.SETTLED)),
    Watch(
        "CHAIN_VISIT", frozenset({_THERE, _NATION}), _THERE, _from(_S.AFTERCARE),
        frozenset({"BEGIN_CARE", "VISIT", "RESUME"}), due=True,
    ),
    Watch("CHAIN_SIGN_OFF", frozenset({_NATION}), _THERE, _from(_S.DONE)),
)  # fmt: skip
