"""What the start page shows of orders: what waits for the handling organisation, and what waits for review."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from qingting.core.actors import Actor
from qingting.orders.models import WorkOrder
from qingting.orders.permissions import ACCEPT, REVIEW, WORK
from qingting.orders.selectors import visible_to
from qingting.orders.states import Box, OrderState

MOST = 6


def to_handle(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Orders to accept first, then those in progress, each with what is left of its time."""
    if not (actor.may(ACCEPT) or actor.may(WORK)):
        return None
    here = visible_to(actor).filter(handler_organisation_id=actor.organisation_id)
    waiting = _soonest(here.filter(state=OrderState.DISPATCHED))
    working = _soonest(here.filter(state=OrderState.IN_PROGRESS))
    return _card(
        "等着办理的工单",
        Box.TO_HANDLE,
        [*waiting, *working],
        ("order", "没有等着您单位办理的工单", "新工单派来时会出现在这里，右上角的铃铛也会提醒您。"),
        at,
    )


def to_review(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """What has been submitted to this organisation."""
    if not actor.may(REVIEW):
        return None
    submitted = visible_to(actor).filter(reviewer_organisation_id=actor.organisation_id, state=OrderState.SUBMITTED)
    return _card(
        "等着审核的工单",
        Box.TO_REVIEW,
        _soonest(submitted),
        ("check", "没有等着审核的工单", "办理单位提交结果后会出现在这里。"),
        at,
    )


def _soonest(orders: QuerySet[WorkOrder]) -> list[WorkOrder]:
    return list(orders.order_by(F("due_at").asc(nulls_last=True), "-drafted_at")[: MOST + 1])


def _card(title: str, box: Box, orders: list[WorkOrder], empty: tuple[str, str, str], at: datetime) -> dict[str, Any]:
    return {
        "title": title,
        "template": "workbench/cards/rows.html",
        "url": f"{reverse('orders:list')}?box={box.value}",
        "urgent": any(order.due_at is not None and order.due_at <= at for order in orders),
        "push": "orders.* core.clock-breached",
        "context": {"rows": [_row(order) for order in orders[:MOST]], "more": len(orders) > MOST, "empty": empty},
    }


def _row(order: WorkOrder) -> dict[str, Any]:
    row: dict[str, Any] = {
        "title": f"{order.number} · {order.get_kind_display()}",
        "line": order.instructions[:40],
        "url": reverse("orders:order", args=[order.pk]),
        "level": order.urgency,
        "level_label": order.get_urgency_display(),
        "state": order.get_state_display(),
    }
    due_label = "接单" if order.state == OrderState.DISPATCHED else "办理"
    return row | ({"due_at": order.due_at, "due_label": due_label} if order.due_at else {})
