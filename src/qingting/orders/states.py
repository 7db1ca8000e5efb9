"""The life of an order, as data: from which states an act leads where, who may, what it needs, tells, and does to clocks."""

from dataclasses import dataclass

from django.db.models import TextChoices

from qingting.directory.states import ClockKind, OrganisationKind, Urgency


class OrderState(TextChoices):
    DRAFTED = "DRAFTED", "待派单"
    DISPATCHED = "DISPATCHED", "待接单"
    RETURNED = "RETURNED", "已退单"
    IN_PROGRESS = "IN_PROGRESS", "办理中"
    SUBMITTED = "SUBMITTED", "待审核"
    FINISHED = "FINISHED", "已办结"
    CANCELLED = "CANCELLED", "已作废"


class OrderKind(TextChoices):
    CRISIS = "CRISIS", "危机干预"
    PSYCHOLOGY = "PSYCHOLOGY", "心理帮扶"
    LEGAL = "LEGAL", "法律帮扶"
    RIGHTS = "RIGHTS", "权益维护"
    SCHOOLING = "SCHOOLING", "返校就学"
    LIVING = "LIVING", "生活救助"
    OTHER = "OTHER", "其他"


ORIGIN, HANDLER, REVIEWER, OWNER = "origin", "handler", "reviewer", "owner"
LIVE = frozenset(
    {OrderState.DRAFTED, OrderState.DISPATCHED, OrderState.RETURNED, OrderState.IN_PROGRESS, OrderState.SUBMITTED}
)
# States in which handler and reviewer see the case; a finished order stays readable until the case is signed off.
OPENS_CASE = frozenset({OrderState.DISPATCHED, OrderState.IN_PROGRESS, OrderState.SUBMITTED, OrderState.FINISHED})
PARTY_LABELS = {ORIGIN: "派单单位", HANDLER: "主办单位", REVIEWER: "审核单位"}
ALL_CLOCKS = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Move:
    """One act.

    sources, target: states; permission and by: who may, at which party (`origin` drafted it, `handler` leads the work,
    `reviewer` looks at the result); needs_words: whether it must be said why or what; explains: what a person reads before
    pressing; tells: (party, permission) that gets a notice, `owner` is whoever owns the case; meets: kinds of clocks that have got what they waited for;
    drops: whether clocks still open make no sense any more; starts: `acceptance`, `work` or nothing.
    """

    act: str
    label: str
    sources: frozenset[str]
    target: str
    permission: str
    by: str
    needs_words: bool = False
    explains: str = ""
    words_label: str = "说明"
    tells: tuple[tuple[str, str], ...] = ()
    meets: frozenset[str] = frozenset()
    drops: bool = False
    starts: str = ""


_MOVES = (
    Move(
        act="dispatch",
        label="派单",
        sources=frozenset({OrderState.DRAFTED, OrderState.RETURNED}),
        target=OrderState.DISPATCHED,
        permission="orders.dispatch",
        by=ORIGIN,
        explains="办理单位会立即收到通知，接单时限开始计算。",
        tells=((HANDLER, "orders.accept"),),
        starts="acceptance",
    ),
    Move(
        act="accept",
        label="接单",
        sources=frozenset({OrderState.DISPATCHED}),
        target=OrderState.IN_PROGRESS,
        permission="orders.accept",
        by=HANDLER,
        explains="接单后由您单位主办，办理时限开始计算。",
        meets=frozenset({ClockKind.ORDER_ACCEPTANCE}),
        starts="work",
    ),
    Move(
        act="return",
        label="退单",
        sources=frozenset({OrderState.DISPATCHED}),
        target=OrderState.RETURNED,
        permission="orders.accept",
        by=HANDLER,
        needs_words=True,
        explains="工单退回派单单位重新安排，您单位将不再能查看。",
        words_label="退单理由",
        tells=((ORIGIN, "orders.dispatch"),),
        drops=True,
    ),
    Move(
        act="progress",
        label="记录进展",
        sources=frozenset({OrderState.IN_PROGRESS}),
        target=OrderState.IN_PROGRESS,
        permission="orders.work",
        by=HANDLER,
        needs_words=True,
        explains="派单单位和审核单位会立即看到。",
        words_label="做了什么，本人现在怎样",
        meets=frozenset({ClockKind.CRISIS_INTERVENTION}),
    ),
    Move(
        act="submit",
        label="提交审核",
        sources=frozenset({OrderState.IN_PROGRESS}),
        target=OrderState.SUBMITTED,
        permission="orders.work",
        by=HANDLER,
        needs_words=True,
        explains="提交后由审核单位查看办理结果，通过即办结。",
        words_label="办理结果",
        tells=((REVIEWER, "orders.review"),),
        meets=frozenset({ClockKind.CRISIS_INTERVENTION}),
    ),
    Move(
        act="send_back",
        label="退回补充",
        sources=frozenset({OrderState.SUBMITTED}),
        target=OrderState.IN_PROGRESS,
        permission="orders.review",
        by=REVIEWER,
        needs_words=True,
        explains="工单回到办理单位，办理时限继续计算。",
        words_label="还需要补充什么",
        tells=((HANDLER, "orders.work"),),
    ),
    Move(
        act="approve",
        label="审核通过",
        sources=frozenset({OrderState.SUBMITTED}),
        target=OrderState.FINISHED,
        permission="orders.review",
        by=REVIEWER,
        explains="工单办结，时限停止，随后安排回访和本人评价。",
        words_label="审核意见",
        tells=((OWNER, ""),),
        meets=ALL_CLOCKS,
    ),
    Move(
        act="cancel",
        label="作废",
        sources=frozenset({OrderState.DRAFTED, OrderState.RETURNED, OrderState.DISPATCHED}),
        target=OrderState.CANCELLED,
        permission="orders.dispatch",
        by=ORIGIN,
        needs_words=True,
        explains="工单不再办理，已派的单位会收到通知。作废后不能恢复，需要时请另建工单。",
        words_label="作废理由",
        tells=((HANDLER, "orders.view"),),
        drops=True,
    ),
)
MOVES = {move.act: move for move in _MOVES}

# Which clocks the work runs against once accepted. The first sign of work meets the 30 minutes of a crisis (2022 黑龙江); the
# rest is met when the reviewer is satisfied.
WORK_CLOCKS = {
    Urgency.CRITICAL: (ClockKind.CRISIS_INTERVENTION, ClockKind.CONSULTATION),
    Urgency.URGENT: (ClockKind.CONSULTATION,),
    Urgency.ROUTINE: (ClockKind.CASE_REPLY,),
}

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
    DONE = "done", "已办结"
    ALL = "all", "全部"


# What a notice says to whoever gets it.
NOTICES = {
    "orders.dispatched": "收到新工单，请尽快接单",
    "orders.returned": "工单被退回，请重新安排",
    "orders.submitted": "有工单办理结果等待审核",
    "orders.sent-back": "工单被退回补充，请继续办理",
    "orders.finished": "您的个案有工单已办结",
    "orders.cancelled": "一张工单已作废，不需再办",
}
