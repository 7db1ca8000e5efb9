"""What happens to a complaint. Neither its words nor its case are told: whoever it is about may read a case's timeline."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEvent(Event):
    """organisation_id: who deals with it. about_organisation_id: whose work it is about; level: how often it went up."""

    subject: ClassVar[str] = "complaint_id"
    complaint_id: int
    about_organisation_id: int
    about: str
    source: str
    level: int
    finding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReceived(ComplaintEvent):
    name: ClassVar[str] = "complaints.received"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAcknowledged(ComplaintEvent):
    name: ClassVar[str] = "complaints.acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintNoted(ComplaintEvent):
    name: ClassVar[str] = "complaints.noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAnswered(ComplaintEvent):
    name: ClassVar[str] = "complaints.answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintDeclined(ComplaintEvent):
    name: ClassVar[str] = "complaints.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEscalated(ComplaintEvent):
    name: ClassVar[str] = "complaints.escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked(ComplaintEvent):
    name: ClassVar[str] = "complaints.review-asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintWithdrawn(ComplaintEvent):
    name: ClassVar[str] = "complaints.withdrawn"


EVENT_OF_ACT: dict[str, type[ComplaintEvent]] = {
    "acknowledge": ComplaintAcknowledged,
    "note": ComplaintNoted,
    "answer": ComplaintAnswered,
    "decline": ComplaintDeclined,
    "escalate": ComplaintEscalated,
    "review": ReviewAsked,
    "withdraw": ComplaintWithdrawn,
}
