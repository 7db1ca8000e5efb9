"""What happens to a contact record."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEvent(Event):
    subject: ClassVar[str] = "contact_id"
    contact_id: int
    conversation_id: int = 0
    call_id: int = 0
    case_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOpened(ContactEvent):
    name: ClassVar[str] = "contacts.opened"
    label: ClassVar[str] = "开始登记接触记录"
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCompleted(ContactEvent):
    name: ClassVar[str] = "contacts.completed"
    label: ClassVar[str] = "完成接触登记"
    channel: str
    category: str
    risk_level: str
    age_band: str
    gender: str
    caller_kind: str
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAmended(ContactEvent):
    name: ClassVar[str] = "contacts.amended"
    label: ClassVar[str] = "补充了接触登记"
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPassedOn(ContactEvent):
    name: ClassVar[str] = "contacts.passed-on"
    label: ClassVar[str] = "接触记录随会话转交"
    to_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerLinked(ContactEvent):
    name: ClassVar[str] = "contacts.seeker-linked"
    label: ClassVar[str] = "关联来访者档案"
    seeker_id: int
