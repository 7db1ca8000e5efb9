"""What orders come in: states, kinds of work, parties, asks, and the lists people keep."""

from django.db.models import TextChoices

from qingting.directory.states import ClockKind, OrganisationKind, Urgency


class OrderState(TextChoices):
    DRAFTED = "DRAFTED", "待派单"
    DISPATCHED = "DISPATCHED", "待接单"
    OBJECTED = "OBJECTED", "异议待裁定"
    RETURNED = "RETURNED", "已退单"
    GIVEN_BACK = "GIVEN_BACK", "交回待统筹"
    IN_PROGRESS = "IN_PROGRESS", "办理中"
    PAUSED = "PAUSED", "已挂起"
    SUBMITTED = "SUBMITTED", "待审核"
    FINISHED = "FINISHED", "已办结"
    SIGNED_OFF = "SIGNED_OFF", "已销号"
    CANCELLED = "CANCELLED", "已作废"
    MERGED = "MERGED", "已并单"


class OrderKind(TextChoices):
    CRISIS = "CRISIS", "危机干预"
    PSYCHOLOGY = "PSYCHOLOGY", "心理帮扶"
    LEGAL = "LEGAL", "法律帮扶"
    RIGHTS = "RIGHTS", "权益维护"
    SCHOOLING = "SCHOOLING", "返校就学"
    LIVING = "LIVING", "生活救助"
    OTHER = "OTHER", "其他"


# Parties to an order. `above` is whoever stands over the handler in the tree; `system` is the platform itself.
ORIGIN, HANDLER, CO_HANDLER, REVIEWER, ABOVE, OWNER, SYSTEM = (
    "origin",
    "handler",
    "co_handler",
    "reviewer",
    "above",
    "owner",
    "system",
)
PARTY_LABELS = {
    ORIGIN: "派单单位",
    HANDLER: "主办单位",
    CO_HANDLER: "协办单位",
    REVIEWER: "审核单位",
    ABOVE: "上级单位",
    SYSTEM: "系统",
}

LIVE = frozenset(
    {
        OrderState.DRAFTED,
        OrderState.DISPATCHED,
        OrderState.OBJECTED,
        OrderState.RETURNED,
        OrderState.GIVEN_BACK,
        OrderState.IN_PROGRESS,
        OrderState.PAUSED,
        OrderState.SUBMITTED,
    }
)
# States in which handler and reviewer see the case; a finished order stays readable until the case is signed off.
OPENS_CASE = frozenset(
    {
        OrderState.DISPATCHED,
        OrderState.OBJECTED,
        OrderState.GIVEN_BACK,
        OrderState.IN_PROGRESS,
        OrderState.PAUSED,
        OrderState.SUBMITTED,
        OrderState.FINISHED,
    }
)
# States in which the reviewer has to say something; an ask that waits for an answer counts as well.
REVIEWER_WAITED_FOR = frozenset({OrderState.OBJECTED, OrderState.GIVEN_BACK, OrderState.SUBMITTED})
# What has come back to the reviewer may be kept there instead of being sent on.
REVIEWER_MAY_KEEP = frozenset({OrderState.OBJECTED, OrderState.GIVEN_BACK})
OVER = frozenset({OrderState.FINISHED, OrderState.SIGNED_OFF, OrderState.CANCELLED, OrderState.MERGED})


class AskKind(TextChoices):
    """What a handler asks the reviewer for."""

    EXTENSION = "EXTENSION", "延期"
    PAUSE = "PAUSE", "挂起"


class AskState(TextChoices):
    OPEN = "OPEN", "待答复"
    GRANTED = "GRANTED", "已同意"
    DECLINED = "DECLINED", "未同意"
    WITHDRAWN = "WITHDRAWN", "已撤回"


LONGEST_EXTENSION_HOURS = 30 * 24
LONGEST_PAUSE_DAYS = 180
REMIND_AGAIN_MINUTES = 30

# Which clocks the work runs against once accepted. The first sign of work meets the 30 minutes of a crisis (2022 黑龙江); the
# rest is met when the reviewer is satisfied.
WORK_CLOCKS = {
    Urgency.CRITICAL: (ClockKind.CRISIS_INTERVENTION, ClockKind.CONSULTATION),
    Urgency.URGENT: (ClockKind.CONSULTATION,),
    Urgency.ROUTINE: (ClockKind.CASE_REPLY,),
}
# Half an hour to be with somebody in danger is neither extended nor paused.
NOT_EXTENDABLE = frozenset({ClockKind.CRISIS_INTERVENTION, ClockKind.ORDER_ACCEPTANCE, ClockKind.ORDER_REVIEW})

# Who looks at the result: the nearest organisation of these kinds above the handler.
REVIEWING_KINDS = frozenset({OrganisationKind.CITY, OrganisationKind.PROVINCE})
# Who can't lead an order: other desks get handoffs and referrals, not orders; the nation and regional centres supervise.
NOT_HANDLING_KINDS = frozenset(
    {OrganisationKind.PARTNER, OrganisationKind.NATION, OrganisationKind.REGIONAL_CENTRE, OrganisationKind.SCHOOL}
)


class Box(TextChoices):
    """The lists people keep: what my organisation has to do about an order."""

    TO_HANDLE = "to-handle", "待我办理"
    TO_REVIEW = "to-review", "待我审核"
    SENT = "sent", "我派出的"
    CO_HANDLED = "co-handled", "我协办的"
    DONE = "done", "已办结"
    ALL = "all", "全部"


# What a notice says to whoever gets it.
NOTICES = {
    "core.clock-warned:ORDER_PAUSE": "工单挂起即将期满",
    "core.clock-breached:ORDER_PAUSE": "工单挂起期满，已恢复办理",
    "orders.dispatched": "收到新工单，请尽快接单",
    "orders.reassigned": "收到改派来的工单，请尽快接单",
    "orders.taken-away": "一张工单已改派给其他单位，不需再办",
    "orders.assigned": "有一张工单指派给您办理",
    "orders.returned": "工单被退回，请重新安排",
    "orders.objected": "主办单位对派单有异议，请裁定",
    "orders.upheld": "派单异议未成立，请接单办理",
    "orders.given-back": "县区交回一张工单，请统筹安排",
    "orders.handed-again": "交回的工单仍由您单位办理，请继续",
    "orders.sustained": "派单异议成立，请重新安排工单",
    "orders.co-handler-added": "请您单位协办一张工单",
    "orders.co-handler-done": "协办单位已完成协办",
    "orders.sub-ordered": "一张工单下建了子工单",
    "orders.extension-asked": "主办单位申请延期，请答复",
    "orders.extension-granted": "延期申请已同意",
    "orders.extension-declined": "延期申请未同意，请按原时限办理",
    "orders.pause-asked": "主办单位申请挂起工单，请答复",
    "orders.paused": "工单已挂起，时限暂停",
    "orders.pause-declined": "挂起申请未同意，请继续办理",
    "orders.resumed": "挂起的工单恢复办理",
    "orders.reminded": "工单被催办，请尽快处理",
    "orders.supervised": "工单被挂牌督办，请按要求抓紧办理",
    "orders.supervision-lifted": "工单督办已摘牌",
    "orders.bulk-done": "批量操作已完成，请查看结果",
    "orders.submitted": "有工单办理结果等待审核",
    "orders.sent-back": "工单被退回补充，请继续办理",
    "orders.finished": "您的个案有工单已办结",
    "orders.reopened": "已办结的工单需要重新办理",
    "orders.cancelled": "一张工单已作废，不需再办",
    "orders.merged": "一张工单已并入另一张，不需再办",
    "orders.unmerged": "并单已撤销，请重新安排这张工单",
}


class BulkAct(TextChoices):
    """What may be done to many orders at once; each order goes through the same act as by hand."""

    REASSIGN = "reassign", "改派"
    ASSIGN = "assign", "指派经办人"
    REMIND = "remind", "催办"
    MERGE = "merge", "并单"


class BulkState(TextChoices):
    PREVIEW = "PREVIEW", "待确认"
    RUNNING = "RUNNING", "进行中"
    DONE = "DONE", "已完成"
    UNDOING = "UNDOING", "撤销中"
    UNDONE = "UNDONE", "已撤销"


class ItemState(TextChoices):
    WAITING = "WAITING", "等待"
    DONE = "DONE", "已完成"
    REFUSED = "REFUSED", "不能操作"
    UNDONE = "UNDONE", "已撤销"
    KEPT = "KEPT", "不能撤销"


MOST_IN_BULK = 500
