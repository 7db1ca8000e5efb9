"""The life of a case, as data: (state, act) → state. Nothing else is allowed."""

from django.db.models import TextChoices


class CaseState(TextChoices):
    OPEN = "OPEN", "办理中"
    CLOSED = "CLOSED", "已结案"
    SIGNED_OFF = "SIGNED_OFF", "已销号"


MOVES: dict[tuple[str, str], str] = {
    (CaseState.OPEN, "close"): CaseState.CLOSED,
    (CaseState.CLOSED, "sign_off"): CaseState.SIGNED_OFF,
    (CaseState.CLOSED, "reopen"): CaseState.OPEN,
    (CaseState.SIGNED_OFF, "reopen"): CaseState.OPEN,
}


class HoldKind(TextChoices):
    ORDER_OPEN = "ORDER_OPEN", "工单未办结"
    HANDOFF_OPEN = "HANDOFF_OPEN", "联动未反馈结果"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE", "回访未完成"
    RATING_AWAITED = "RATING_AWAITED", "等待本人评价"
    REPORT_DUE = "REPORT_DUE", "强制报告未完成"
    CONFERENCE_OPEN = "CONFERENCE_OPEN", "会商未结束"
    TALK_OPEN = "TALK_OPEN", "还在通话或会话中"


# Holds that forbid closing; every hold forbids signing off.
FORBIDS_CLOSING = frozenset({HoldKind.ORDER_OPEN, HoldKind.HANDOFF_OPEN, HoldKind.REPORT_DUE, HoldKind.CONFERENCE_OPEN})

# What somebody has to do so that a hold falls.
HOLD_ADVICE = {
    HoldKind.ORDER_OPEN: "请先让办理单位办结工单，或作废不再需要的工单。",
    HoldKind.HANDOFF_OPEN: "请等待联动单位反馈结果，必要时电话催办。",
    HoldKind.FOLLOW_UP_DUE: "请由未参与办理的同事完成回访。",
    HoldKind.RATING_AWAITED: "请等待本人评价；评价链接到期后会自动解除。",
    HoldKind.CONFERENCE_OPEN: "请先落实会商决定并结束会商，或取消还没有召开的会商。",
    HoldKind.REPORT_DUE: "请先完成强制报告，或由值班长记录不报告的理由。",
    HoldKind.TALK_OPEN: "请先接待完本人，结束会话或通话后再销号。",
}
