"""The life of an order, as data: who may act is said in `permissions`, what an act needs beside it here."""

from dataclasses import dataclass

from django.db.models import TextChoices


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


@dataclass(frozen=True, slots=True)
class Move:
    """One act: from which states, to which, with which permission, whose organisation acts, and whether words are needed.

    by: `origin` (who drafted it), `handler` (the lead handler's organisation), `reviewer` (the reviewing organisation).
    """

    act: str
    label: str
    sources: frozenset[str]
    target: str
    permission: str
    by: str
    needs_words: bool = False


MOVES = {
    move.act: move
    for move in (
        Move(
            "dispatch",
            "派单",
            frozenset({OrderState.DRAFTED, OrderState.RETURNED}),
            OrderState.DISPATCHED,
            "orders.dispatch",
            "origin",
        ),
        Move(
            "accept",
            "接单",
            frozenset({OrderState.DISPATCHED}),
            OrderState.IN_PROGRESS,
            "orders.accept",
            "handler",
        ),
        Move(
            "return",
            "退单",
            frozenset({OrderState.DISPATCHED}),
            OrderState.RETURNED,
            "orders.accept",
            "handler",
            True,
        ),
        Move(
            "progress",
            "记录进展",
            frozenset({OrderState.IN_PROGRESS}),
            OrderState.IN_PROGRESS,
            "orders.work",
            "handler",
            True,
        ),
        Move(
            "submit",
            "提交审核",
            frozenset({OrderState.IN_PROGRESS}),
            OrderState.SUBMITTED,
            "orders.work",
            "handler",
            True,
        ),
        Move(
            "send_back",
            "退回补充",
            frozenset({OrderState.SUBMITTED}),
            OrderState.IN_PROGRESS,
            "orders.review",
            "reviewer",
            True,
        ),
        Move(
            "approve",
            "审核通过",
            frozenset({OrderState.SUBMITTED}),
            OrderState.FINISHED,
            "orders.review",
            "reviewer",
        ),
        Move(
            "cancel",
            "作废",
            frozenset({OrderState.DRAFTED, OrderState.RETURNED, OrderState.DISPATCHED}),
            OrderState.CANCELLED,
            "orders.dispatch",
            "origin",
            True,
        ),
    )
}
