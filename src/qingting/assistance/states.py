"""States, allowed moves and code lists of assistance, as data."""

from django.db.models import TextChoices


class AidKind(TextChoices):
    LEGAL_AID = "LEGAL_AID", "法律援助"
    GRANT = "GRANT", "助学、生活资助"
    GOODS = "GOODS", "物资"
    INSURANCE = "INSURANCE", "保险"


class AidState(TextChoices):
    APPLIED = "APPLIED", "待初审"
    CHECKED = "CHECKED", "待审批"
    APPROVED = "APPROVED", "已批准"
    REFUSED = "REFUSED", "未批准"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    CLOSED = "CLOSED", "已办结"


MOVES: dict[tuple[str, str], str] = {
    (AidState.APPLIED, "check"): AidState.CHECKED,
    (AidState.APPLIED, "refuse"): AidState.REFUSED,
    (AidState.CHECKED, "refuse"): AidState.REFUSED,
    (AidState.CHECKED, "approve"): AidState.APPROVED,
    (AidState.APPLIED, "withdraw"): AidState.WITHDRAWN,
    (AidState.CHECKED, "withdraw"): AidState.WITHDRAWN,
    (AidState.APPROVED, "close"): AidState.CLOSED,
}
"""(state, act) → state. Nothing else is allowed."""


class Refusal(TextChoices):
    NOT_ELIGIBLE = "NOT_ELIGIBLE", "不符合条件"
    MORE_NEEDED = "MORE_NEEDED", "材料不足，可补充后再申请"
    ELSEWHERE = "ELSEWHERE", "已有其他渠道救助"
    NO_FUNDS = "NO_FUNDS", "本期资金不足"
    OTHER = "OTHER", "其他"


class LedgerKind(TextChoices):
    PAYMENT = "PAYMENT", "支付"
    REVERSAL = "REVERSAL", "冲正"


class NoteKind(TextChoices):
    NEED = "need", "申请理由"
    CHECKED = "checked", "初审意见"
    DECIDED = "decided", "审批意见"
    REFUSED = "refused", "不批准的说明"
    WITHDRAWN = "withdrawn", "撤回的原因"
    PAID = "paid", "支付说明"
    REVERSED = "reversed", "冲正的原因"
    CLOSED = "closed", "办结报告"
    ASSIGNED = "assigned", "指派律师的说明"
    REASSIGNED = "reassigned", "改派律师的原因"
    RETURNED = "returned", "结案报告退回的原因"
    ACCEPTED = "accepted", "结案报告审核意见"
    DIFFERS = "differs", "与测算不同的原因"


class ServiceKind(TextChoices):
    """What a lawyer does in legal aid; rates are set for each."""

    CONSULTATION = "CONSULTATION", "法律咨询"
    DRAFTING = "DRAFTING", "代拟文书"
    MEDIATION = "MEDIATION", "调解、协商"
    LITIGATION = "LITIGATION", "诉讼代理"


class RateUnit(TextChoices):
    PIECE = "PIECE", "件"
    DAY = "DAY", "天"


class ReportState(TextChoices):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待审核"
    RETURNED = "RETURNED", "已退回"
    ACCEPTED = "ACCEPTED", "审核通过"


REPORT_MOVES: dict[tuple[str, str], str] = {
    (ReportState.DRAFT, "save"): ReportState.DRAFT,
    (ReportState.RETURNED, "save"): ReportState.RETURNED,
    (ReportState.DRAFT, "submit"): ReportState.SUBMITTED,
    (ReportState.RETURNED, "submit"): ReportState.SUBMITTED,
    (ReportState.SUBMITTED, "return"): ReportState.RETURNED,
    (ReportState.SUBMITTED, "accept"): ReportState.ACCEPTED,
}
"""(state of the closing report, act) → state. Nothing else is allowed; services are noted and struck by `save`."""
