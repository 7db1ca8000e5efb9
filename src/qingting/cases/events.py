"""What happens to a case."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    subject: ClassVar[str] = "case_id"
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(CaseEvent):
    name: ClassVar[str] = "cases.opened"
    label: ClassVar[str] = "建立个案 {number}"
    contact_id: int
    conversation_id: int = 0
    number: str
    category: str
    urgency: str
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(CaseEvent):
    name: ClassVar[str] = "cases.hold-placed"
    label: ClassVar[str] = "结案阻断：{kind_label}"
    hold_id: int
    kind: str
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(CaseEvent):
    name: ClassVar[str] = "cases.hold-lifted"
    label: ClassVar[str] = "解除阻断：{kind_label}"
    hold_id: int
    kind: str
    kind_label: str
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseEvent):
    name: ClassVar[str] = "cases.closed"
    label: ClassVar[str] = "结案"
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(CaseEvent):
    name: ClassVar[str] = "cases.reopened"
    label: ClassVar[str] = "重新办理"
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSignedOff(CaseEvent):
    name: ClassVar[str] = "cases.signed-off"
    label: ClassVar[str] = "销号"
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNoted(CaseEvent):
    name: ClassVar[str] = "cases.noted"
    label: ClassVar[str] = "补充情况"
    note_id: int
