"""The life of an order, as data: what each act needs, tells and does. The first half: from a draft to a handler at work."""

from dataclasses import dataclass

from qingting.directory.states import ClockKind
from qingting.orders.states.kinds import (
    ABOVE,
    CO_HANDLER,
    HANDLER,
    ORIGIN,
    REVIEWER,
    OrderState,
)

ALL_CLOCKS = frozenset({"*"})
S = OrderState
AT_HANDLER = frozenset({S.DISPATCHED, S.OBJECTED, S.GIVEN_BACK, S.IN_PROGRESS, S.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One act.

    sources → target: states (target empty: it stays where it is); permission and by: who may, for which parties;
    form: what is asked for besides words; needs_words: whether it must be said why or what, words_label: as what;
    needs: further conditions by name (`selectors.conditions`); explains: what a person reads before pressing;
    tells: (party, permission) that gets a notice, `owner` is whoever owns the case;
    meets: kinds of clocks that got what they waited for; drops: whether clocks still open make no sense any more; starts:
    `acceptance`, `work` or nothing; pauses, resumes: whether the clocks of the work stand still or run on;
    asks, answers: the kind of ask that this opens or ends; prominent: whether its button stands in front.
    """

    act: str
    label: str
    sources: frozenset[str]
    permission: str
    by: tuple[str, ...]
    target: str = ""
    form: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    needs_words: bool = False
    words_label: str = "说明"
    explains: str = ""
    tells: tuple[tuple[str, str], ...] = ()
    meets: frozenset[str] = frozenset()
    drops: bool = False
    starts: str = ""
    pauses: bool = False
    resumes: bool = False
    asks: str = ""
    answers: str = ""
    prominent: bool = False

    def leads_to(self, state: str) -> str:
        """The state after the act."""
        return self.target or state


SENDING = (
    Move(
        act="dispatch",
        label="派单",
        sources=frozenset({S.DRAFTED, S.RETURNED}),
        target=S.DISPATCHED,
        permission="orders.dispatch",
        by=(ORIGIN,),
        form=("handler",),
        explains="办理单位会立即收到通知，接单时限开始计算。",
        tells=((HANDLER, "orders.accept"),),
        starts="acceptance",
        prominent=True,
    ),
    Move(
        act="accept",
        label="接单",
        sources=frozenset({S.DISPATCHED}),
        target=S.IN_PROGRESS,
        permission="orders.accept",
        by=(HANDLER,),
        explains="接单后由您单位主办，办理时限开始计算。",
        meets=frozenset({ClockKind.ORDER_ACCEPTANCE}),
        starts="work",
        prominent=True,
    ),
    Move(
        act="return",
        label="退单",
        sources=frozenset({S.DISPATCHED}),
        target=S.RETURNED,
        permission="orders.accept",
        by=(HANDLER,),
        needs=("not_firm",),
        needs_words=True,
        words_label="退单理由",
        explains="工单退回派单单位重新安排，您单位将不再能查看。",
        tells=((ORIGIN, "orders.dispatch"),),
        drops=True,
        prominent=True,
    ),
    Move(
        act="object",
        label="提出异议",
        sources=frozenset({S.DISPATCHED}),
        target=S.OBJECTED,
        permission="orders.accept",
        by=(HANDLER,),
        needs=("not_firm",),
        needs_words=True,
        words_label="异议理由（不属本地、不属职责等）",
        explains="由审核单位裁定。裁定前不计接单时限；异议不成立的，须接单办理。",
        tells=((REVIEWER, "orders.review"),),
        meets=frozenset({ClockKind.ORDER_ACCEPTANCE}),
    ),
    Move(
        act="uphold",
        label="维持派单",
        sources=frozenset({S.OBJECTED}),
        target=S.DISPATCHED,
        permission="orders.review",
        by=(REVIEWER,),
        needs_words=True,
        words_label="裁定意见",
        explains="异议不成立，主办单位须接单，不能再退单；接单时限重新开始。",
        tells=((HANDLER, "orders.accept"),),
        starts="acceptance",
        prominent=True,
    ),
    Move(
        act="sustain",
        label="异议成立",
        sources=frozenset({S.OBJECTED}),
        target=S.RETURNED,
        permission="orders.review",
        by=(REVIEWER,),
        needs_words=True,
        words_label="裁定意见",
        explains="工单退回派单单位重新安排，主办单位和您单位将不再能查看。",
        tells=((ORIGIN, "orders.dispatch"),),
        drops=True,
        prominent=True,
    ),
    Move(
        act="reassign",
        label="改派",
        sources=AT_HANDLER,
        target=S.DISPATCHED,
        permission="orders.dispatch",
        by=(ORIGIN, REVIEWER, HANDLER),
        form=("handler",),
        needs=("subs_over",),
        needs_words=True,
        words_label="改派理由",
        explains="原主办单位将不再能查看，新单位重新接单。主办单位和审核单位只能改派给自己下级；审核单位可以把交回的工单留给自己办。",
        tells=((HANDLER, "orders.accept"),),
        drops=True,
        starts="acceptance",
    ),
    Move(
        act="assign",
        label="指派经办人",
        sources=frozenset({S.DISPATCHED, S.IN_PROGRESS, S.PAUSED}),
        permission="orders.work",
        by=(HANDLER,),
        form=("account",),
        explains="指定本单位由谁具体办理，对方会收到通知。",
    ),
    Move(
        act="cancel",
        label="作废",
        sources=frozenset({S.DRAFTED, S.RETURNED, S.DISPATCHED, S.OBJECTED}),
        target=S.CANCELLED,
        permission="orders.dispatch",
        by=(ORIGIN,),
        needs_words=True,
        words_label="作废理由",
        explains="工单不再办理，已派的单位会收到通知。作废后不能恢复，需要时请另建工单。",
        tells=((HANDLER, "orders.view"),),
        drops=True,
    ),
    Move(
        act="remind",
        label="催办",
        sources=AT_HANDLER,
        permission="orders.view",
        by=(ORIGIN, REVIEWER, ABOVE),
        needs=("not_reminded_lately",),
        words_label="催办说明",
        explains="主办单位会立即收到催办通知，催办会记入办理过程。",
        tells=((HANDLER, "orders.work"),),
    ),
    Move(
        act="merge",
        label="并单",
        sources=frozenset({S.DRAFTED, S.RETURNED, S.DISPATCHED, S.OBJECTED, S.IN_PROGRESS, S.PAUSED}),
        target=S.MERGED,
        permission="orders.dispatch",
        by=(ORIGIN,),
        form=("target",),
        needs=("subs_over",),
        needs_words=True,
        words_label="为什么是同一件事",
        explains="本单并入另一张工单统一办理；那张办结时，本单一并办结。",
        tells=((HANDLER, "orders.view"),),
        drops=True,
    ),
    Move(
        act="unmerge",
        label="撤销并单",
        sources=frozenset({S.MERGED}),
        target=S.DRAFTED,
        permission="orders.dispatch",
        by=(ORIGIN,),
        needs=("still_merged", "case_open"),
        needs_words=True,
        words_label="撤销理由",
        explains="本单恢复为单独的工单，需要重新派单。",
        prominent=True,
    ),
    Move(
        act="split",
        label="拆分",
        sources=frozenset({S.DRAFTED, S.RETURNED, S.DISPATCHED, S.OBJECTED, S.IN_PROGRESS, S.PAUSED}),
        permission="orders.draft",
        by=(ORIGIN,),
        form=("kind", "instructions"),
        needs=("case_open", "not_a_sub"),
        explains="把其中一件事另建一张工单，可以派给别的单位；本单继续办理其余的事。",
    ),
)
CO_WORKING = (HANDLER, CO_HANDLER)
