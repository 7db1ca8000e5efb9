"""What happens to an order. The words of a step stand in an order note; the event carries the note's id."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderObjected(OrderEvent):
    name: ClassVar[str] = "orders.objected"
    label: ClassVar[str] = "提出派单异议 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionUpheld(OrderEvent):
    """The objection was not accepted: the dispatch stands."""

    name: ClassVar[str] = "orders.upheld"
    label: ClassVar[str] = "裁定：维持派单 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionSustained(OrderEvent):
    name: ClassVar[str] = "orders.sustained"
    label: ClassVar[str] = "裁定：异议成立，退回重派 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReassigned(OrderEvent):
    name: ClassVar[str] = "orders.reassigned"
    label: ClassVar[str] = "改派 {number}：{former} → {handler}"
    former: str
    handler: str
    former_organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAssigned(OrderEvent):
    name: ClassVar[str] = "orders.assigned"
    label: ClassVar[str] = "指派经办人 {number} → {person}"
    person: str
    handler_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReminded(OrderEvent):
    name: ClassVar[str] = "orders.reminded"
    label: ClassVar[str] = "第{count}次催办 {number}"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMerged(OrderEvent):
    name: ClassVar[str] = "orders.merged"
    label: ClassVar[str] = "并单 {number} → {into}"
    into: str
    into_order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderUnmerged(OrderEvent):
    name: ClassVar[str] = "orders.unmerged"
    label: ClassVar[str] = "撤销并单 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSplit(OrderEvent):
    name: ClassVar[str] = "orders.split"
    label: ClassVar[str] = "拆分 {number}，另建 {part}"
    part: str
    part_order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoHandlerAdded(OrderEvent):
    name: ClassVar[str] = "orders.co-handler-added"
    label: ClassVar[str] = "请{helper}协办 {number}"
    helper: str
    helper_organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoHandlerRemoved(OrderEvent):
    name: ClassVar[str] = "orders.co-handler-removed"
    label: ClassVar[str] = "取消{helper}协办 {number}"
    helper: str
    helper_organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoHandlerDone(OrderEvent):
    name: ClassVar[str] = "orders.co-handler-done"
    label: ClassVar[str] = "完成协办 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubOrdered(OrderEvent):
    name: ClassVar[str] = "orders.sub-ordered"
    label: ClassVar[str] = "建子工单 {part} → {handler}"
    part: str
    handler: str
    part_order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(OrderEvent):
    name: ClassVar[str] = "orders.extension-asked"
    label: ClassVar[str] = "申请延期{amount}小时 {number}"
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(OrderEvent):
    name: ClassVar[str] = "orders.extension-granted"
    label: ClassVar[str] = "同意延期{amount}小时 {number}"
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDeclined(OrderEvent):
    name: ClassVar[str] = "orders.extension-declined"
    label: ClassVar[str] = "不同意延期 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked(OrderEvent):
    name: ClassVar[str] = "orders.pause-asked"
    label: ClassVar[str] = "申请挂起{amount}天 {number}"
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaused(OrderEvent):
    name: ClassVar[str] = "orders.paused"
    label: ClassVar[str] = "同意挂起{amount}天，时限暂停 {number}"
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseDeclined(OrderEvent):
    name: ClassVar[str] = "orders.pause-declined"
    label: ClassVar[str] = "不同意挂起 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResumed(OrderEvent):
    name: ClassVar[str] = "orders.resumed"
    label: ClassVar[str] = "恢复办理，时限继续计算 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGivenBack(OrderEvent):
    """The county gives the order back to the city that keeps the balance."""

    name: ClassVar[str] = "orders.given-back"
    label: ClassVar[str] = "交回上级统筹 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHandedAgain(OrderEvent):
    name: ClassVar[str] = "orders.handed-again"
    label: ClassVar[str] = "统筹意见：请继续办理 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReopened(OrderEvent):
    name: ClassVar[str] = "orders.reopened"
    label: ClassVar[str] = "重新办理工单 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSignedOff(OrderEvent):
    name: ClassVar[str] = "orders.signed-off"
    label: ClassVar[str] = "工单销号 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSupervised(OrderEvent):
    name: ClassVar[str] = "orders.supervised"
    label: ClassVar[str] = "挂牌督办 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLifted(OrderEvent):
    name: ClassVar[str] = "orders.supervision-lifted"
    label: ClassVar[str] = "督办摘牌 {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEvent(Event):
    """Work on many orders at once. count: how many."""

    subject: ClassVar[str] = "bulk_id"
    bulk_id: int
    act: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkStarted(BulkEvent):
    name: ClassVar[str] = "orders.bulk-started"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkProgressed(BulkEvent):
    name: ClassVar[str] = "orders.bulk-progressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDone(BulkEvent):
    name: ClassVar[str] = "orders.bulk-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkUndoStarted(BulkEvent):
    name: ClassVar[str] = "orders.bulk-undo-started"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """A draft of the dispatch catalogue was made, changed or thrown away."""

    name: ClassVar[str] = "orders.catalogue-changed"
    subject: ClassVar[str] = "catalogue_id"
    catalogue_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueActivated(Event):
    name: ClassVar[str] = "orders.catalogue-activated"
    subject: ClassVar[str] = "catalogue_id"
    catalogue_id: int
    active_from: datetime


# What each act of the table of moves tells.
EVENT_OF_ACT: dict[str, type[OrderEvent]] = {
    "dispatch": OrderDispatched,
    "accept": OrderAccepted,
    "return": OrderReturned,
    "object": OrderObjected,
    "uphold": ObjectionUpheld,
    "sustain": ObjectionSustained,
    "reassign": OrderReassigned,
    "assign": OrderAssigned,
    "cancel": OrderCancelled,
    "remind": OrderReminded,
    "merge": OrderMerged,
    "unmerge": OrderUnmerged,
    "split": OrderSplit,
    "progress": OrderProgressed,
    "submit": OrderSubmitted,
    "add_co_handler": CoHandlerAdded,
    "remove_co_handler": CoHandlerRemoved,
    "co_done": CoHandlerDone,
    "sub_order": SubOrdered,
    "ask_extension": ExtensionAsked,
    "grant_extension": ExtensionGranted,
    "decline_extension": ExtensionDeclined,
    "ask_pause": PauseAsked,
    "grant_pause": OrderPaused,
    "decline_pause": PauseDeclined,
    "resume": OrderResumed,
    "give_back": OrderGivenBack,
    "hand_again": OrderHandedAgain,
    "send_back": OrderSentBack,
    "approve": OrderFinished,
    "supervise": OrderSupervised,
    "lift_supervision": SupervisionLifted,
    "reopen": OrderReopened,
    "sign_off": OrderSignedOff,
}
