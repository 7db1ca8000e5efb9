"""What happens at the seats and in the waiting line."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    name: ClassVar[str] = "duty.presence-changed"
    subject: ClassVar[str] = "account_id"
    account_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEvent(Event):
    subject: ClassVar[str] = "entry_id"
    entry_id: int
    subject_kind: str
    matter_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntered(EntryEvent):
    name: ClassVar[str] = "duty.line-entered"
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft(EntryEvent):
    name: ClassVar[str] = "duty.line-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRaised(EntryEvent):
    name: ClassVar[str] = "duty.priority-raised"
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade(EntryEvent):
    name: ClassVar[str] = "duty.offer-made"
    offer_id: int
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded(EntryEvent):
    name: ClassVar[str] = "duty.offer-ended"
    offer_id: int
    account_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTaken(EntryEvent):
    name: ClassVar[str] = "duty.entry-taken"
    account_id: int
    waited_seconds: int
