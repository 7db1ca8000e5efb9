"""What happens to an order. The words of a step stand in an order note; the event carries the note's id."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(Event):
    """The journal is that of the organisation which drafted the order; handler and reviewer hear of every step.

    acting_organisation_id: for whom somebody acted; note_id: the words of the step, 0 where there are none.
    """

    subject: ClassVar[str] = "order_id"
    order_id: int
    case_id: int
    number: str
    note_id: int = 0
    handler_organisation_id: int = 0
    reviewer_organisation_id: int = 0
    acting_organisation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDrafted(OrderEvent):
    name: ClassVar[str] = "orders.drafted"
    label: ClassVar[str] = "起草工单 {number}"
    kind: str
    urgency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDispatched(OrderEvent):
    name: ClassVar[str] = "orders.dispatched"
    label: ClassVar[str] = "派单 {number} → {handler}"
    handler: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted(OrderEvent):
    name: ClassVar[str] = "orders.accepted"
    label: ClassVar[str] = "接单 {number}"
    handler_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReturned(OrderEvent):
    name: ClassVar[str] = "orders.returned"
    label: ClassVar[str] = "退单 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderProgressed(OrderEvent):
    name: ClassVar[str] = "orders.progressed"
    label: ClassVar[str] = "工单进展 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSubmitted(OrderEvent):
    name: ClassVar[str] = "orders.submitted"
    label: ClassVar[str] = "提交审核 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSentBack(OrderEvent):
    name: ClassVar[str] = "orders.sent-back"
    label: ClassVar[str] = "退回补充 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFinished(OrderEvent):
    name: ClassVar[str] = "orders.finished"
    label: ClassVar[str] = "审核通过，工单办结 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(OrderEvent):
    name: ClassVar[str] = "orders.cancelled"
    label: ClassVar[str] = "工单作废 {number}"
