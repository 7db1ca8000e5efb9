"""What happens between desks. Labels are what a timeline says; words of people stand in handoff notes, by id."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffEvent(Event):
    """Common to all steps of a handoff. `partner` is the other desk's short name, such as 110."""

    subject: ClassVar[str] = "handoff_id"
    handoff_id: int
    case_id: int = 0
    conversation_id: int = 0
    partner: str
    note_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOff(HandoffEvent):
    name: ClassVar[str] = "linkage.handed-off"
    label: ClassVar[str] = "一键流转{partner}：清单第{item_number}项（{urgency_label}），依据：{basis_label}"
    item_number: int
    urgency_label: str
    basis_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred(HandoffEvent):
    name: ClassVar[str] = "linkage.referred"
    label: ClassVar[str] = "转介{partner}：{kind_label}，依据：{basis_label}"
    kind_label: str
    basis_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredByHand(HandoffEvent):
    """The step itself is told as from any desk; this says who wrote it down, on the partner page or here."""

    name: ClassVar[str] = "linkage.answered-by-hand"
    label: ClassVar[str] = "登记了{partner}的答复"
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAtReferral(HandoffEvent):
    name: ClassVar[str] = "linkage.looked-at-referral"
    label: ClassVar[str] = "查看或打印了告知{partner}的完整内容"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWanted(HandoffEvent):
    """Nobody at the other desk has taken the matter in time: somebody, or the switch, telephones."""

    name: ClassVar[str] = "linkage.call-wanted"
    label: ClassVar[str] = "{partner}逾期未签收，需电话催办"
    desk_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised(HandoffEvent):
    name: ClassVar[str] = "linkage.raised"
    label: ClassVar[str] = "逾期未签收，上送{higher}"
    higher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffDelivered(HandoffEvent):
    name: ClassVar[str] = "linkage.delivered"
    label: ClassVar[str] = "{partner}系统已收到流转"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffNotTaken(HandoffEvent):
    name: ClassVar[str] = "linkage.not-taken"
    label: ClassVar[str] = "{partner}系统未能接收流转（{code}），请电话联系"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAgain(HandoffEvent):
    name: ClassVar[str] = "linkage.sent-again"
    label: ClassVar[str] = "再次发送{partner}系统拒收的内容"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffAcknowledged(HandoffEvent):
    name: ClassVar[str] = "linkage.acknowledged"
    label: ClassVar[str] = "{partner}已签收{number_words}"
    incident_number: str
    number_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRejected(HandoffEvent):
    name: ClassVar[str] = "linkage.rejected"
    label: ClassVar[str] = "{partner}退回流转：{reason_label}，请改用电话联系"
    reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffProgressed(HandoffEvent):
    name: ClassVar[str] = "linkage.progressed"
    label: ClassVar[str] = "{partner}处置进展：{stage_label}"
    stage_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffResulted(HandoffEvent):
    name: ClassVar[str] = "linkage.resulted"
    label: ClassVar[str] = "{partner}反馈结果：{outcome_label}；{reached_label}"
    outcome_label: str
    reached_label: str
    alarming: bool = False  # of a follow-up: worse than before, or in danger


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachConfirmed(HandoffEvent):
    name: ClassVar[str] = "linkage.reach-confirmed"
    label: ClassVar[str] = "电话核实：{staff}已见到本人"
    staff: str = "民警"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffCancelled(HandoffEvent):
    name: ClassVar[str] = "linkage.cancelled"
    label: ClassVar[str] = "撤回流转{partner}：{reason_label}"
    reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementSent(HandoffEvent):
    name: ClassVar[str] = "linkage.supplement-sent"
    label: ClassVar[str] = "向{partner}补充情况"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementReceived(HandoffEvent):
    name: ClassVar[str] = "linkage.supplement-received"
    label: ClassVar[str] = "{partner}补充情况"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallJoinAsked(HandoffEvent):
    """110 asks to be brought into the call; heard by the seat that has it. `until`: as the desk said, RFC 3339."""

    name: ClassVar[str] = "linkage.call-join-asked"
    label: ClassVar[str] = "{partner}请求加入通话（{mode_label}）"
    call_id: int
    account_id: int
    mode: str
    mode_label: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallJoinDeclined(HandoffEvent):
    """The seat does not bring 110 into the call now; the desk is told so."""

    name: ClassVar[str] = "linkage.call-join-declined"
    label: ClassVar[str] = "坐席暂未同意{partner}加入通话"
    call_id: int
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentArrived(HandoffEvent):
    name: ClassVar[str] = "linkage.incident-arrived"
    label: ClassVar[str] = "{partner}流转{matter}：{item_label}（{urgency_label}）"
    item_number: int
    item_label: str
    urgency_label: str
    link_mode: str
    matter: str = "警情"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWithdrawn(HandoffEvent):
    name: ClassVar[str] = "linkage.incident-withdrawn"
    label: ClassVar[str] = "{partner}撤回{matter}：{reason_label}"
    reason_label: str
    matter: str = "警情"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTaken(HandoffEvent):
    name: ClassVar[str] = "linkage.incident-taken"
    label: ClassVar[str] = "签收{partner}流转的{matter}"
    matter: str = "警情"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclined(HandoffEvent):
    name: ClassVar[str] = "linkage.incident-declined"
    label: ClassVar[str] = "退回{partner}流转的{matter}：{reason_label}"
    reason_label: str
    matter: str = "警情"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported(HandoffEvent):
    name: ClassVar[str] = "linkage.incident-reported"
    label: ClassVar[str] = "向{partner}反馈进展：{stage_label}"
    stage_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResulted(HandoffEvent):
    name: ClassVar[str] = "linkage.incident-resulted"
    label: ClassVar[str] = "向{partner}反馈结果：{outcome_label}"
    outcome_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent(Event):
    subject: ClassVar[str] = "desk_id"
    desk_id: int
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged(DeskEvent):
    """The line to a desk went down or came back. Told once to each station that uses it."""

    name: ClassVar[str] = "linkage.link-changed"
    label: ClassVar[str] = "{partner}链路{state_label}"
    state: str
    state_label: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPaused(DeskEvent):
    name: ClassVar[str] = "linkage.desk-paused"
    label: ClassVar[str] = "暂停向{partner}发送"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskResumed(DeskEvent):
    name: ClassVar[str] = "linkage.desk-resumed"
    label: ClassVar[str] = "恢复向{partner}发送"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskReplayed(DeskEvent):
    name: ClassVar[str] = "linkage.desk-replayed"
    label: ClassVar[str] = "与{partner}重新核对全部消息"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRegistered(DeskEvent):
    """speaks_for: the regions (GB/T 2260) in whose name it may tell us of cross-province chains, '' for none."""

    name: ClassVar[str] = "linkage.desk-registered"
    label: ClassVar[str] = "登记对接方{partner}"
    speaks_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedNotTaken(DeskEvent):
    """Another house will never take something that was shared with it. `link`: the shared link's id."""

    name: ClassVar[str] = "linkage.shared-not-taken"
    label: ClassVar[str] = "{partner}系统未能接收一条共享消息（{code}）"
    link: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSentAgain(DeskEvent):
    name: ClassVar[str] = "linkage.shared-sent-again"
    label: ClassVar[str] = "再次发送{partner}系统拒收的共享消息"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(DeskEvent):
    """A message at our door was refused. `places`: schema paths, without content."""

    name: ClassVar[str] = "linkage.message-refused"
    label: ClassVar[str] = "拒收一条{partner}消息（{code}）"
    code: str
    status: int
    places: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEvent(Event):
    subject: ClassVar[str] = "mandatory_report_id"
    mandatory_report_id: int
    case_id: int
    item_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDrafted(ReportEvent):
    name: ClassVar[str] = "linkage.report-drafted"
    label: ClassVar[str] = "起草强制报告：清单第{item_number}项"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(ReportEvent):
    name: ClassVar[str] = "linkage.report-made"
    label: ClassVar[str] = "完成强制报告：清单第{item_number}项"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWaived(ReportEvent):
    name: ClassVar[str] = "linkage.report-waived"
    label: ClassVar[str] = "值班长记录：经核实不需强制报告（清单第{item_number}项）"
