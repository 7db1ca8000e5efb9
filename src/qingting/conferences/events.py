"""What happens around a conference. Words of people stand in its notes, by id."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceEvent(Event):
    """The journal is that of the organisation that called the conference."""

    subject: ClassVar[str] = "conference_id"
    conference_id: int
    case_id: int
    note_id: int = 0
    acting_organisation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceCalled(ConferenceEvent):
    name: ClassVar[str] = "conferences.called"
    label: ClassVar[str] = "召集{kind_label}，依据：{basis_label}"
    kind_label: str
    basis_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationInvited(ConferenceEvent):
    name: ClassVar[str] = "conferences.invited"
    label: ClassVar[str] = "邀请{partner}参加会商"
    partner: str
    invited_organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceChanged(ConferenceEvent):
    name: ClassVar[str] = "conferences.changed"
    label: ClassVar[str] = "变更会商的时间或地点"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAnswered(ConferenceEvent):
    name: ClassVar[str] = "conferences.replied"
    label: ClassVar[str] = "{partner}回复会商邀请：{reply_label}"
    partner: str
    reply_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPrinted(ConferenceEvent):
    name: ClassVar[str] = "conferences.letter-printed"
    label: ClassVar[str] = "打印给{partner}的会商邀请函"
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceHeld(ConferenceEvent):
    name: ClassVar[str] = "conferences.held"
    label: ClassVar[str] = "会商已召开，{present}个单位到会"
    present: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesCorrected(ConferenceEvent):
    name: ClassVar[str] = "conferences.minutes-corrected"
    label: ClassVar[str] = "更正会商纪要"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(ConferenceEvent):
    name: ClassVar[str] = "conferences.decided"
    label: ClassVar[str] = "会商决定（{way_label}），{due}前落实"
    decision_id: int
    way_label: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMoved(ConferenceEvent):
    name: ClassVar[str] = "conferences.decision-moved"
    label: ClassVar[str] = "第{number}项会商决定：{state_label}"
    decision_id: int
    number: int
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceCancelled(ConferenceEvent):
    name: ClassVar[str] = "conferences.cancelled"
    label: ClassVar[str] = "取消会商"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceClosed(ConferenceEvent):
    name: ClassVar[str] = "conferences.closed"
    label: ClassVar[str] = "会商结束，参会单位不再能查看"
