"""What happens to a case."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """acting_organisation_id: for whom somebody acted; the journal is that of the organisation which holds the case."""

    subject: ClassVar[str] = "case_id"
    case_id: int
    acting_organisation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedEvent(CaseEvent):
    """A step that somebody put into words; they stand in the note."""

    note_id: int


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
class CaseTaken(CaseEvent):
    name: ClassVar[str] = "cases.taken"
    label: ClassVar[str] = "接手个案"
    owner_account_id: int


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
class CaseClosed(NotedEvent):
    name: ClassVar[str] = "cases.closed"
    label: ClassVar[str] = "结案"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(NotedEvent):
    name: ClassVar[str] = "cases.reopened"
    label: ClassVar[str] = "重新办理"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSignedOff(NotedEvent):
    name: ClassVar[str] = "cases.signed-off"
    label: ClassVar[str] = "销号"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNoted(NotedEvent):
    name: ClassVar[str] = "cases.noted"
    label: ClassVar[str] = "补充情况"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReplied(NotedEvent):
    """The person was told what is being done; the clock for the reply stops."""

    name: ClassVar[str] = "cases.person-replied"
    label: ClassVar[str] = "已回复本人"
