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
class FollowUpDialled(FollowUpEvent):
    name: ClassVar[str] = "followups.dialled"
    label: ClassVar[str] = "回访电话：{outcome_label}"
    outcome: str
    outcome_label: str


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
class OtherDeskAsked(FollowUpEvent):
    name: ClassVar[str] = "followups.other-desk-asked"
    label: ClassVar[str] = "请{partner}代为回访"
    handoff_id: int
    partner: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEvent(Event):
    subject: ClassVar[str] = "rule_id"
    rule_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAdded(RuleEvent):
    name: ClassVar[str] = "followups.rule-added"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDropped(RuleEvent):
    name: ClassVar[str] = "followups.rule-dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRaised(RuleEvent):
    name: ClassVar[str] = "followups.rule-raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent(Event):
    subject: ClassVar[str] = "message_id"
    message_id: int
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(MessageEvent):
    name: ClassVar[str] = "followups.message-queued"
    label: ClassVar[str] = "评价链接交短信发送"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEnded(MessageEvent):
    name: ClassVar[str] = "followups.message-ended"
    label: ClassVar[str] = "评价短信：{state_label}"
    state: str
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEvent(Event):
    subject: ClassVar[str] = "plan_id"
    plan_id: int
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingBegun(TrackingEvent):
    name: ClassVar[str] = "followups.tracking-begun"
    label: ClassVar[str] = "开始长期跟踪（{rhythm_label}）"
    rhythm_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingPaused(TrackingEvent):
    name: ClassVar[str] = "followups.tracking-paused"
    label: ClassVar[str] = "暂停长期跟踪"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingResumed(TrackingEvent):
    name: ClassVar[str] = "followups.tracking-resumed"
    label: ClassVar[str] = "恢复长期跟踪"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingHandedOver(TrackingEvent):
    name: ClassVar[str] = "followups.tracking-handed-over"
    label: ClassVar[str] = "长期跟踪移交同事"
    keeper_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEnded(TrackingEvent):
    name: ClassVar[str] = "followups.tracking-ended"
    label: ClassVar[str] = "结束长期跟踪"
