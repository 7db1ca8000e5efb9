"""What happens at the door. Ids and plain values; no word of anybody."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorEvent(Event):
    subject: ClassVar[str] = "conversation_id"
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineAttends(DoorEvent):
    name: ClassVar[str] = "reception.attends"
    label: ClassVar[str] = "自动回复开始接待（{reason_label}）"
    attendance_id: int
    reason: str
    reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSpoke(DoorEvent):
    name: ClassVar[str] = "reception.spoke"
    label: ClassVar[str] = "自动回复：{kind_label}"
    message_id: int
    kind: str
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSilent(DoorEvent):
    name: ClassVar[str] = "reception.silent"
    label: ClassVar[str] = "有人接手，自动回复停止"
    attendance_id: int
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged(Event):
    name: ClassVar[str] = "reception.setting-changed"
    subject: ClassVar[str] = "setting_id"
    label: ClassVar[str] = "修改夜间接待设置"
    setting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChanged(Event):
    name: ClassVar[str] = "reception.watch-changed"
    label: ClassVar[str] = "修改值守顺序"
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChanged(Event):
    name: ClassVar[str] = "reception.target-changed"
    subject: ClassVar[str] = "target_id"
    label: ClassVar[str] = "{act}警报接收方式"
    target_id: int
    account_id: int
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftEvent(Event):
    subject: ClassVar[str] = "left_message_id"
    left_message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLeft(LeftEvent):
    name: ClassVar[str] = "reception.left"
    label: ClassVar[str] = "收到{kind_label}"
    kind: str
    kind_label: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftMessageAnswered(LeftEvent):
    name: ClassVar[str] = "reception.left-answered"
    label: ClassVar[str] = "回复了留言"
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftNumberRead(LeftEvent):
    name: ClassVar[str] = "reception.number-read"
    label: ClassVar[str] = "查看了回电号码"
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftWordsErased(Event):
    name: ClassVar[str] = "reception.left-erased"
    subject: ClassVar[str] = "left_message_id"
    label: ClassVar[str] = "按本人要求删除留言与聊天内容：删除{erased}次聊天，保留{kept}次"
    left_message_id: int
    account_id: int
    erased: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent(Event):
    subject: ClassVar[str] = "alert_id"
    alert_id: int
    conversation_id: int = 0
    left_message_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised(AlertEvent):
    name: ClassVar[str] = "reception.alert-raised"
    label: ClassVar[str] = "发出{level_label}警报"
    level: str
    level_label: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClimbed(AlertEvent):
    name: ClassVar[str] = "reception.alert-climbed"
    label: ClassVar[str] = "警报呼叫{rung_label}（{people}人）"
    step: int
    rung: str
    rung_label: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(AlertEvent):
    name: ClassVar[str] = "reception.call-ended"
    label: ClassVar[str] = "警报{state_label}"
    account_id: int
    way: str
    state: str
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(AlertEvent):
    name: ClassVar[str] = "reception.alert-acknowledged"
    label: ClassVar[str] = "警报已确认"
    account_id: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEnded(AlertEvent):
    name: ClassVar[str] = "reception.alert-ended"
    label: ClassVar[str] = "警报结束：有人接手"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsResealed(Event):
    """A batch of sealed values was sealed anew. It belongs to the platform, so its organisation is 0."""

    name: ClassVar[str] = "reception.resealed"
    values: int
    key_version: int
