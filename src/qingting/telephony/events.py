"""What happens to a telephone call. No number is ever in an event."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Event):
    """Heard on `call:…`, by the counsellor on `account:…`, and by everybody of the station on `organisation:…`."""

    subject: ClassVar[str] = "call_id"
    call_id: int
    account_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBegun(CallEvent):
    name: ClassVar[str] = "telephony.call-begun"
    label: ClassVar[str] = "电话{direction_label}"
    direction: str
    direction_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWaiting(CallEvent):
    name: ClassVar[str] = "telephony.call-waiting"
    label: ClassVar[str] = "来电进入排队"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTaken(CallEvent):
    name: ClassVar[str] = "telephony.call-taken"
    label: ClassVar[str] = "咨询师接听电话"
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeld(CallEvent):
    name: ClassVar[str] = "telephony.call-held"
    label: ClassVar[str] = "通话保持"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResumed(CallEvent):
    name: ClassVar[str] = "telephony.call-resumed"
    label: ClassVar[str] = "通话恢复"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLost(CallEvent):
    name: ClassVar[str] = "telephony.seat-lost"
    label: ClassVar[str] = "坐席掉线，来电人听音乐等待恢复"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegJoined(CallEvent):
    name: ClassVar[str] = "telephony.leg-joined"
    label: ClassVar[str] = "{kind_label}加入通话（{mode_label}）"
    leg_id: int
    kind: str
    kind_label: str
    mode: str
    mode_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegChanged(LegJoined):
    name: ClassVar[str] = "telephony.leg-changed"
    label: ClassVar[str] = "{kind_label}改为{mode_label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLeft(CallEvent):
    name: ClassVar[str] = "telephony.leg-left"
    label: ClassVar[str] = "{kind_label}离开通话"
    leg_id: int
    kind: str
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPassedOn(CallEvent):
    name: ClassVar[str] = "telephony.call-passed-on"
    label: ClassVar[str] = "电话由同事接手"
    from_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(CallEvent):
    name: ClassVar[str] = "telephony.call-ended"
    label: ClassVar[str] = "电话结束：{outcome_label}"
    outcome: str
    outcome_label: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActEnded(CallEvent):
    """What somebody at a seat asked for is done or was refused; `problem` says why, in Chinese."""

    name: ClassVar[str] = "telephony.act-ended"
    act_id: int
    kind: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderListened(CallEvent):
    name: ClassVar[str] = "telephony.leader-joined"
    label: ClassVar[str] = "值班长{mode_label}"
    mode: str
    mode_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedToListen(CallEvent):
    name: ClassVar[str] = "telephony.invited-to-listen"
    label: ClassVar[str] = "请同事旁听电话"
    invitation_id: int
    to_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningDeclined(CallEvent):
    name: ClassVar[str] = "telephony.listening-declined"
    label: ClassVar[str] = "没有接受旁听邀请"
    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerNoted(CallEvent):
    name: ClassVar[str] = "telephony.danger-noted"
    label: ClassVar[str] = "标记通话危险等级：{level_label}"
    level: str
    level_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysAsked(CallEvent):
    name: ClassVar[str] = "telephony.keys-asked"
    label: ClassVar[str] = "按键询问：{question_label}"
    question_id: int
    question: str
    question_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysAnswered(CallEvent):
    name: ClassVar[str] = "telephony.keys-answered"
    label: ClassVar[str] = "按键回答：{question_label}——{answer_label}"
    question_id: int
    question: str
    question_label: str
    answer: str
    answer_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSpoke(CallEvent):
    name: ClassVar[str] = "telephony.caller-spoke"
    label: ClassVar[str] = "静默来电人开口说话"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLinkEnded(CallEvent):
    name: ClassVar[str] = "telephony.text-link-ended"
    label: ClassVar[str] = "打字聊天的短信链接：{state_label}"
    state: str
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTalkOpened(CallEvent):
    name: ClassVar[str] = "telephony.text-talk-opened"
    label: ClassVar[str] = "对方已打开文字聊天"
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephoneReady(Event):
    name: ClassVar[str] = "telephony.telephone-ready"
    subject: ClassVar[str] = "account_id"
    account_id: int
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingKept(CallEvent):
    name: ClassVar[str] = "telephony.recording-kept"
    recording_id: int
    kind: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlayed(CallEvent):
    name: ClassVar[str] = "telephony.recording-played"
    label: ClassVar[str] = "播放通话录音（{kind_label}）：{reason_label}"
    recording_id: int
    kind_label: str
    reason: str
    reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingHeld(CallEvent):
    name: ClassVar[str] = "telephony.recording-held"
    label: ClassVar[str] = "录音保全：{state_label}"
    recording_id: int
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPlanned(CallEvent):
    name: ClassVar[str] = "telephony.callback-planned"
    label: ClassVar[str] = "生成回拨任务：{reason_label}"
    task_id: int
    reason: str
    reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried(CallEvent):
    """A number was dialled for a task; call_id is the call that the task is about."""

    name: ClassVar[str] = "telephony.callback-tried"
    label: ClassVar[str] = "回拨第{attempt}次：{outcome_label}"
    task_id: int
    attempt: int
    outcome: str
    outcome_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackEnded(CallEvent):
    name: ClassVar[str] = "telephony.callback-ended"
    label: ClassVar[str] = "回拨任务：{state_label}"
    task_id: int
    state: str
    state_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideEvent(CallEvent):
    """110, 120 or a guardian is called from a case."""

    subject: ClassVar[str] = "outside_id"
    outside_id: int
    case_id: int
    party: str
    party_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideAsked(OutsideEvent):
    name: ClassVar[str] = "telephony.outside-asked"
    label: ClassVar[str] = "{how}{party_label}"
    how: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideEnded(OutsideEvent):
    name: ClassVar[str] = "telephony.outside-ended"
    label: ClassVar[str] = "致电{party_label}：{outcome_label}"
    outcome: str
    outcome_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementEvent(Event):
    """The platform telephones somebody by itself. subject_kind and matter_id: what it is about; account_id: one of the staff."""

    subject: ClassVar[str] = "announcement_id"
    announcement_id: int
    matter_id: int
    account_id: int = 0
    case_id: int = 0
    subject_kind: str
    notice: str
    notice_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementAsked(AnnouncementEvent):
    name: ClassVar[str] = "telephony.announcement-asked"
    label: ClassVar[str] = "系统拨打电话：{notice_label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementTried(AnnouncementEvent):
    name: ClassVar[str] = "telephony.announcement-tried"
    label: ClassVar[str] = "系统电话（{notice_label}）第{attempt}次：{outcome_label}"
    attempt: int
    outcome: str
    outcome_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementEnded(AnnouncementEvent):
    """It is over: acknowledged, given up, no longer needed, or never dialled because there is no telephone."""

    name: ClassVar[str] = "telephony.announcement-ended"
    label: ClassVar[str] = "系统电话（{notice_label}）结果：{outcome_label}"
    outcome: str
    outcome_label: str
    attempts: int
