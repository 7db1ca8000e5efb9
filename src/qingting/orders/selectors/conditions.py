"""Further conditions of acts, by the names that the table of moves uses: each says why not yet, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from qingting.cases.states import CaseState
from qingting.core.errors import DomainError
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import ClockKind
from qingting.orders.models import CoHandler, WorkOrder
from qingting.orders.states import LIVE, REMIND_AGAIN_MINUTES, Move, OrderState


def _not_firm(order: WorkOrder, at: datetime) -> DomainError | None:
    if not order.firm:
        return None
    return DomainError(
        "派单异议已经裁定，须接单办理。",
        code="orders.order.firm",
        do_next="如情况有变化，请接单后与审核单位商量改派。",
    )


def _has_hub(order: WorkOrder, at: datetime) -> DomainError | None:
    hub = order.reviewer_organisation_id
    if order.parent_id is None and hub not in (None, order.handler_organisation_id):
        return None
    return DomainError(
        "这张工单没有可以交回的上级。",
        code="orders.order.no-hub",
        do_next="子工单请与上一级工单的主办单位商量；本单位主办的请改派给下级或提交审核。",
    )


def _subs_over(order: WorkOrder, at: datetime) -> DomainError | None:
    with acting(EVERYTHING):
        left = WorkOrder.objects.filter(parent=order, state__in=LIVE).count()
    if not left:
        return None
    return DomainError(
        f"还有{left}张子工单没有办结。",
        code="orders.order.subs-open",
        do_next="请先办结或作废子工单。",
    )


def _case_open(order: WorkOrder, at: datetime) -> DomainError | None:
    if order.case.state == CaseState.OPEN:
        return None
    return DomainError(
        f"个案{CaseState(order.case.state).label}，工单不能再动。",
        code="orders.case.not-open",
        do_next="如需继续办理，请先重新办理这个个案。",
    )


def _crisis_met(order: WorkOrder, at: datetime) -> DomainError | None:
    with acting(EVERYTHING):
        waiting = Clock.objects.filter(subject_kind="order", subject_id=order.pk, kind=ClockKind.CRISIS_INTERVENTION)
        if not waiting.filter(met_at=None, cancelled_at=None).exists():
            return None
    return DomainError(
        "危机介入还没有完成，不能挂起。",
        code="orders.order.crisis-first",
        do_next="请先见到或联系上本人，并记录进展。",
    )


def _not_reminded_lately(order: WorkOrder, at: datetime) -> DomainError | None:
    pause = timedelta(minutes=REMIND_AGAIN_MINUTES)
    if order.reminded_at is None or order.reminded_at + pause <= at:
        return None
    return DomainError(
        "刚刚催办过了。",
        code="orders.order.reminded-lately",
        do_next=f"{REMIND_AGAIN_MINUTES}分钟后可以再催；情况紧急请直接电话联系。",
    )


def _not_a_sub(order: WorkOrder, at: datetime) -> DomainError | None:
    if order.parent_id is None:
        return None
    return DomainError(
        "子工单不能再分出工单。",
        code="orders.order.is-a-sub",
        do_next="请联系上一级工单的主办单位另建。",
    )


def _has_co_handler(order: WorkOrder, at: datetime) -> DomainError | None:
    if CoHandler.objects.filter(order=order, removed_at=None).exists():
        return None
    return DomainError("这张工单没有协办单位。", code="orders.order.no-co-handler")


def _still_merged(order: WorkOrder, at: datetime) -> DomainError | None:
    if order.finished_at is None:
        return None
    return DomainError(
        "并入的工单已经办结，本单随之办结。",
        code="orders.order.finished-with",
        do_next="如需继续办理，请另建工单。",
    )


def _parent_at_work(order: WorkOrder, at: datetime) -> DomainError | None:
    with acting(EVERYTHING):
        parent = WorkOrder.objects.filter(pk=order.parent_id or 0).first()
    if parent is None or parent.state == OrderState.IN_PROGRESS:
        return None
    return DomainError(
        f"上一级工单{OrderState(parent.state).label}，子工单不能重新办理。",
        code="orders.order.parent-not-at-work",
        do_next="请先请上一级工单的审核单位退回或重新办理。",
    )


def _not_supervised(order: WorkOrder, at: datetime) -> DomainError | None:
    if order.supervised_at is None:
        return None
    return DomainError(
        "工单正在挂牌督办。",
        code="orders.order.supervised",
        do_next="请先由督办单位核实并摘牌。",
    )


def _supervised(order: WorkOrder, at: datetime) -> DomainError | None:
    if order.supervised_at is not None:
        return None
    return DomainError("这张工单没有挂牌督办。", code="orders.order.not-supervised")


CONDITIONS: dict[str, Callable[[WorkOrder, datetime], DomainError | None]] = {
    "not_firm": _not_firm,
    "has_hub": _has_hub,
    "subs_over": _subs_over,
    "case_open": _case_open,
    "crisis_met": _crisis_met,
    "not_reminded_lately": _not_reminded_lately,
    "not_a_sub": _not_a_sub,
    "has_co_handler": _has_co_handler,
    "still_merged": _still_merged,
    "parent_at_work": _parent_at_work,
    "not_supervised": _not_supervised,
    "supervised": _supervised,
}
# What a page looks at before it offers a button; the rest it offers, and says why not once it is pressed.
_HIDES = frozenset({"has_hub", "not_firm", "not_a_sub", "has_co_handler", "still_merged"})


def hindrance(order: WorkOrder, move: Move, *, at: datetime) -> DomainError | None:
    """The first condition of a move that is not met; None where all are."""
    return next((refusal for name in move.needs if (refusal := CONDITIONS[name](order, at)) is not None), None)


def hindered(order: WorkOrder, move: Move, *, at: datetime) -> bool:
    """Whether the button of a move stays away."""
    hides = _HIDES | ({"not_supervised", "supervised"} if move.act.endswith(("supervise", "supervision")) else set())
    return any(CONDITIONS[name](order, at) is not None for name in move.needs if name in hides)
