"""What happens after the work is done."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpEvent(Event):
    subject: ClassVar[str] = "follow_up_id"
    follow_up_id: int
    case_id: int
    acting_organisation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPlanned(FollowUpEvent):
    name: ClassVar[str] = "followups.planned"
    label: ClassVar[str] = "安排回访"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAttempted(FollowUpEvent):
    name: ClassVar[str] = "followups.attempted"
    label: ClassVar[str] = "回访未联系上（第{attempts}次）"
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRecorded(FollowUpEvent):
    name: ClassVar[str] = "followups.recorded"
    label: ClassVar[str] = "完成回访：{helped_label}"
    helped: str
    helped_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpGivenUp(FollowUpEvent):
    name: ClassVar[str] = "followups.given-up"
    label: ClassVar[str] = "多次未联系上，回访结束"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingInvited(Event):
    name: ClassVar[str] = "followups.rating-invited"
    subject: ClassVar[str] = "invitation_id"
    label: ClassVar[str] = "邀请本人评价"
    invitation_id: int
    case_id: int
    conversation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven(Event):
    name: ClassVar[str] = "followups.rated"
    subject: ClassVar[str] = "invitation_id"
    label: ClassVar[str] = "本人评价：{score}分"
    invitation_id: int
    case_id: int
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingWaived(Event):
    name: ClassVar[str] = "followups.rating-waived"
    subject: ClassVar[str] = "invitation_id"
    label: ClassVar[str] = "未收到评价，到期解除"
    invitation_id: int
    case_id: int
