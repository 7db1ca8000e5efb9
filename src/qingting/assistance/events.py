"""What happens to an application for aid. Words of people stand in notes, by id; amounts are not of a person and are told."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AidEvent(Event):
    subject: ClassVar[str] = "aid_application_id"
    aid_application_id: int
    case_id: int
    note_id: int = 0
    acting_organisation_id: int = 0
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AidApplied(AidEvent):
    name: ClassVar[str] = "assistance.applied"
    label: ClassVar[str] = "申请{kind_label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AidChecked(AidEvent):
    name: ClassVar[str] = "assistance.checked"
    label: ClassVar[str] = "{kind_label}申请通过初审"


@dataclass(frozen=True, slots=True, kw_only=True)
class AidApproved(AidEvent):
    name: ClassVar[str] = "assistance.approved"
    label: ClassVar[str] = "批准{kind_label}，{amount}元"
    amount: str
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AidRefused(AidEvent):
    name: ClassVar[str] = "assistance.refused"
    label: ClassVar[str] = "没有批准{kind_label}：{reason_label}"
    reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AidWithdrawn(AidEvent):
    name: ClassVar[str] = "assistance.withdrawn"
    label: ClassVar[str] = "撤回{kind_label}申请"


@dataclass(frozen=True, slots=True, kw_only=True)
class AidPaid(AidEvent):
    name: ClassVar[str] = "assistance.paid"
    label: ClassVar[str] = "{kind_label}支付{amount}元"
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AidReversed(AidEvent):
    name: ClassVar[str] = "assistance.reversed"
    label: ClassVar[str] = "{kind_label}冲正一笔支付{amount}元"
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AidClosed(AidEvent):
    name: ClassVar[str] = "assistance.closed"
    label: ClassVar[str] = "{kind_label}办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExported(Event):
    name: ClassVar[str] = "assistance.exported"
    subject: ClassVar[str] = "organisation_id"
    label: ClassVar[str] = "导出援助台账{count}行"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerAssigned(AidEvent):
    name: ClassVar[str] = "assistance.lawyer-assigned"
    label: ClassVar[str] = "{kind_label}指派律师"
    lawyer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerReplaced(AidEvent):
    name: ClassVar[str] = "assistance.lawyer-replaced"
    label: ClassVar[str] = "{kind_label}改派律师"
    lawyer_id: int
    before_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNoted(AidEvent):
    name: ClassVar[str] = "assistance.service-noted"
    label: ClassVar[str] = "{kind_label}登记一项服务"
    legal_service_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStruck(AidEvent):
    name: ClassVar[str] = "assistance.service-struck"
    label: ClassVar[str] = "{kind_label}删除一项服务记录"
    legal_service_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSaved(AidEvent):
    name: ClassVar[str] = "assistance.report-saved"
    label: ClassVar[str] = "{kind_label}结案报告保存草稿"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSubmitted(AidEvent):
    name: ClassVar[str] = "assistance.report-submitted"
    label: ClassVar[str] = "{kind_label}结案报告提交审核"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReturned(AidEvent):
    name: ClassVar[str] = "assistance.report-returned"
    label: ClassVar[str] = "{kind_label}结案报告退回修改"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAccepted(AidEvent):
    name: ClassVar[str] = "assistance.report-accepted"
    label: ClassVar[str] = "{kind_label}结案报告审核通过，补贴测算{amount}元"
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPrinted(AidEvent):
    name: ClassVar[str] = "assistance.report-printed"
    label: ClassVar[str] = "打印{kind_label}结案报告"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerEnrolled(Event):
    name: ClassVar[str] = "assistance.lawyer-enrolled"
    subject: ClassVar[str] = "lawyer_id"
    label: ClassVar[str] = "律师名册增加一人"
    lawyer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerChanged(Event):
    name: ClassVar[str] = "assistance.lawyer-changed"
    subject: ClassVar[str] = "lawyer_id"
    label: ClassVar[str] = "修改律师名册"
    lawyer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSet(Event):
    name: ClassVar[str] = "assistance.rate-set"
    subject: ClassVar[str] = "subsidy_rate_id"
    label: ClassVar[str] = "设置法律援助补贴标准"
    subsidy_rate_id: int
