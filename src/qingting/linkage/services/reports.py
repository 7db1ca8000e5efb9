"""强制报告: drafted when a case fits, reminded of until it is done or a supervisor says why not."""

from datetime import datetime

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.services import lift_hold, place_hold
from qingting.cases.states import CaseState, HoldKind
from qingting.contacts.models import Contact
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import Span, cancel_clock, meet_clock, start_clock
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.linkage import mandatory, selectors
from qingting.linkage.events import ReportDrafted, ReportEvent, ReportMade, ReportWaived
from qingting.linkage.models import Handoff, MandatoryReport
from qingting.linkage.permissions import HAND_OFF, WAIVE
from qingting.linkage.services.spans import SHORTEST_STEP
from qingting.linkage.states import ReportState, ReportWay
from qingting.risk.models import RiskAssessment
from qingting.staff.services import News, notify_account, notify_holders

LEAD = "duty.lead"


@transaction.atomic
def consider(*, case_id: int, at: datetime) -> MandatoryReport | None:
    """Draft the report of a case that fits a situation, by its category and age or by what an assessment proposed. None where
    none fits; the one there is where it was drafted already."""
    with acting(EVERYTHING):
        case = Case.objects.filter(pk=case_id).first()
        number = _situation(case) if case else None
        if case is None or number is None:
            return None
        return _draft(system_for(case.organisation_id, case.province), case, number, at)


def _situation(case: Case) -> int | None:
    proposed = RiskAssessment.objects.filter(contact_id=case.contact_id, proposed_item__in=mandatory.SITUATIONS)
    found = proposed.order_by("-assessed_at").values_list("proposed_item", flat=True).first()
    if found is not None:
        return int(found)
    if case.category not in mandatory.categories():
        return None
    contact = Contact.objects.filter(pk=case.contact_id).first()
    return mandatory.situation_of(case.category, contact.age_band if contact else "")


@transaction.atomic
def draft_report(*, actor: Actor, case_id: int, item_number: int, at: datetime) -> MandatoryReport:
    """Somebody sees that a report is due, whatever the machine thinks. Drafting twice gives the same report."""
    case = case_of(actor, case_id)
    actor.require(HAND_OFF, case.organisation_id)
    if item_number not in mandatory.SITUATIONS or case.state != CaseState.OPEN:
        raise Invalid(
            "请选择强制报告的情形（清单第4至12项），且个案应在办理中。",
            code="linkage.report.situation",
            do_next="其他情况请用“一键流转110”或“转介”。",
        )
    return _draft(actor, case, item_number, at)


def _draft(actor: Actor, case: Case, number: int, at: datetime) -> MandatoryReport:
    span = _span(case.organisation_id, at)
    report, fresh = MandatoryReport.objects.get_or_create(
        case=case,
        item_number=number,
        defaults={
            "organisation_id": case.organisation_id,
            "province": case.province,
            "state": ReportState.DUE,
            "drafted_at": at,
            "due_at": span.due_at,
        },
    )
    if not fresh:
        return report
    house = system_for(case.organisation_id, case.province)
    hold = {"kind": HoldKind.REPORT_DUE, "subject": ("mandatory_report", report.pk)}
    place_hold(actor=house, case_id=case.pk, at=at, **hold)  # type: ignore[arg-type]
    start_clock(
        actor=house, kind=ClockKind.MANDATORY_REPORT, subject=("mandatory_report", report.pk), span=span, at=at,
        case_id=case.pk,
    )  # fmt: skip
    _tell(ReportDrafted, report, actor, at)
    news = News(kind="linkage.report-due", subject=("mandatory_report", report.pk), urgency="URGENT", case_id=case.pk)
    if case.owner_account_id:
        notify_account(organisation_id=case.organisation_id, account_id=case.owner_account_id, news=news, at=at)
    notify_holders(organisation_id=case.organisation_id, permission=LEAD, news=news, at=at)
    reported_by_handoff(case_id=case.pk, at=at)
    return report


def _span(organisation_id: int, at: datetime) -> Span:
    try:
        return clock_span(organisation_id, ClockKind.MANDATORY_REPORT, start=at)
    except DomainError:  # the law knows no hour; a place without a rule is reminded at once
        return Span(at + 60 * SHORTEST_STEP, at + 30 * SHORTEST_STEP, 60 * SHORTEST_STEP)


@transaction.atomic
def reported_by_handoff(*, case_id: int, at: datetime) -> int:
    """A handoff of the same item is the report. Returns how many reports it settled."""
    with acting(EVERYTHING):
        due = MandatoryReport.objects.select_related("case").filter(case_id=case_id, state=ReportState.DUE)
        done = 0
        for report in due:
            sent = Handoff.objects.filter(case_id=case_id, item_number=report.item_number).order_by("-pk").first()
            if sent is not None and sent.state not in {"REJECTED", "CANCELLED"}:
                by = system_for(report.organisation_id, report.province)
                changes = {
                    "handoff": sent,
                    "way": ReportWay.HANDOFF,
                    "reported_by_account_id": sent.opened_by_account_id,
                }
                done += _settle(report, by, (ReportState.MADE, ReportMade), changes, at)
    return done


@transaction.atomic
def record_report(*, actor: Actor, report_id: int, way: str, words: str, at: datetime) -> MandatoryReport:
    """Somebody reported by telephone, in person or in writing: to whom, when, and what was answered, in words."""
    report = selectors.report_of(actor, report_id)
    actor.require(HAND_OFF, report.organisation_id)
    if way not in ReportWay.values or way == ReportWay.HANDOFF or len(words.strip()) < 4:
        raise Invalid(
            "请选择报告方式，并写明向谁报告、对方怎么答复。",
            code="linkage.report.words-missing",
            do_next="通过系统报告的，请用“一键流转110”，会自动记录。",
        )
    changes = {
        "way": way,
        "reported_by_account_id": actor.account_id,
        "words_sealed": seal(words.strip(), field=selectors.REPORT_WORDS),
    }
    return _settled(report, actor, (ReportState.MADE, ReportMade), changes, at)


@transaction.atomic
def waive_report(*, actor: Actor, report_id: int, words: str, at: datetime) -> MandatoryReport:
    """A supervisor records why no report is due. Whoever owns the case may not decide that alone."""
    report = selectors.report_of(actor, report_id)
    actor.require(WAIVE, report.organisation_id)
    if len(words.strip()) < 10:
        raise Invalid(
            "请写明不报告的理由。",
            code="linkage.report.words-missing",
            do_next="写清核实了什么、依据是什么，至少十个字；有报告义务而不报告要承担责任。",
        )
    if report.case.owner_account_id == actor.account_id:
        raise DomainError(
            "个案负责人不能自己决定不报告。",
            code="linkage.report.own-case",
            do_next="请另一位值班长核实后记录。",
        )
    changes = {
        "reported_by_account_id": actor.account_id,
        "words_sealed": seal(words.strip(), field=selectors.REPORT_WORDS),
    }
    return _settled(report, actor, (ReportState.WAIVED, ReportWaived), changes, at)


def _settled(
    report: MandatoryReport, actor: Actor, end: tuple[str, type[ReportEvent]], changes: dict[str, object], at: datetime
) -> MandatoryReport:
    if not _settle(report, actor, end, changes, at):
        raise DomainError("这份强制报告已经办结。", code="linkage.report.settled", do_next="请刷新页面查看最新状态。")
    report.refresh_from_db()
    return report


def _settle(
    report: MandatoryReport, actor: Actor, end: tuple[str, type[ReportEvent]], changes: dict[str, object], at: datetime
) -> bool:
    state, event = end
    due = MandatoryReport.objects.filter(pk=report.pk, state=ReportState.DUE)
    if not due.update(state=state, settled_at=at, **changes):
        return False
    subject = ("mandatory_report", report.pk)
    if state == ReportState.MADE:
        meet_clock(subject=subject, at=at)
    else:
        cancel_clock(subject=subject, at=at)
    house = system_for(report.organisation_id, report.province)
    lift_hold(actor=house, case_id=report.case_id, kind=HoldKind.REPORT_DUE, subject=subject, at=at)
    _tell(event, report, actor, at)
    return True


def _tell(event: type[ReportEvent], report: MandatoryReport, actor: Actor, at: datetime) -> None:
    told = event(
        organisation_id=report.organisation_id,
        province=report.province,
        mandatory_report_id=report.pk,
        case_id=report.case_id,
        item_number=report.item_number,
    )
    publish(told, actor=actor, at=at)
