"""What the lawyer did, day by day, and the closing report: written by some, reviewed by another."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from qingting.assistance import selectors
from qingting.assistance.events import (
    ReportAccepted,
    ReportPrinted,
    ReportReturned,
    ReportSaved,
    ReportSubmitted,
    ServiceNoted,
    ServiceStruck,
)
from qingting.assistance.models import AidApplication, ClosingReport, LegalService
from qingting.assistance.permissions import CHECK_REPORT, REPORT, VIEW
from qingting.assistance.rules import yuan
from qingting.assistance.services.steps import announce, answer, ask, locked, note, tell
from qingting.assistance.states import REPORT_MOVES, AidKind, AidState, NoteKind, RateUnit, ReportState, ServiceKind
from qingting.core.actors import Actor
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid, NotAllowed, not_found
from qingting.core.time import local

_EMPTY = selectors.ReportWords("", "", "", "")


@dataclass(frozen=True, slots=True)
class NewService:
    """One thing done: which service, counted in which unit, how many hundredths of it, on which day, and what it was."""

    service: str
    unit: str
    hundredths: int | None
    on: date | None
    words: str


@transaction.atomic
def note_service(*, actor: Actor, application_id: int, new: NewService, at: datetime) -> LegalService:
    """Write down one thing the lawyer did; pieces are whole, days may be parts, none lies in the future."""
    report = _open_report(actor, application_id, at)
    if new.service not in ServiceKind.values or new.unit not in RateUnit.values or new.hundredths is None:
        raise Invalid("请选择服务和单位，写明数量。", code="assistance.incomplete", do_next="半天写0.5，件数写整数。")
    if new.unit == RateUnit.PIECE and new.hundredths % 100:
        raise Invalid("按件计算的数量要是整数。", code="assistance.whole-pieces", do_next="半天这样的数量请按天计算。")
    if new.on is None or new.on > local(at).date():
        raise Invalid("请写已经提供服务的日期。", code="assistance.day", do_next="日期不能在今天以后。")
    if len(new.words.strip()) < 2:
        raise Invalid("请写做了什么。", code="assistance.words-missing", do_next="一两句就够。")
    done = LegalService.objects.create(
        organisation_id=report.organisation_id,
        province=report.province,
        application=report.application,
        service=new.service,
        unit=new.unit,
        hundredths=new.hundredths,
        on=new.on,
        words_sealed=seal(new.words.strip(), field=selectors.DONE),
        account_id=actor.account_id,
        at=at,
    )
    announce(ServiceNoted, report.application, (actor, at), legal_service_id=done.pk)
    return done


@transaction.atomic
def strike_service(*, actor: Actor, service_id: int, at: datetime) -> None:
    """Take a line off again while the report is open; the journal keeps that it was there."""
    found = LegalService.objects.filter(pk=service_id).first()
    if found is None:
        raise not_found("服务记录", "assistance.service.not-found")
    report = _open_report(actor, found.application_id, at)
    found.delete()
    announce(ServiceStruck, report.application, (actor, at), legal_service_id=service_id)


@transaction.atomic
def save_report(
    *,
    actor: Actor,
    application_id: int,
    words: selectors.ReportWords,
    minutes: int | None,
    typing: bool = False,
    at: datetime,
) -> ClosingReport:
    """Keep what is written so far; nothing need be complete. typing: kept by the page while somebody writes, which enters the
    journal when they save or hand in."""
    report = _open_report(actor, application_id, at)
    _keep(report, words, minutes)
    if not typing:
        announce(ReportSaved, report.application, (actor, at))
    return report


def _keep(report: ClosingReport, words: selectors.ReportWords, minutes: int | None) -> None:
    report.words_sealed = seal(json.dumps(asdict(words), ensure_ascii=False), field=selectors.REPORT_WORDS)
    report.minutes = minutes or 0
    report.save(update_fields=["words_sealed", "minutes"])


@transaction.atomic
def submit_report(
    *, actor: Actor, application_id: int, words: selectors.ReportWords, minutes: int | None, at: datetime
) -> ClosingReport:
    """Hand the report in. Refused while a part, the hours, a service or the lawyer is missing."""
    report = _open_report(actor, application_id, at)
    missing = [label for name, label in selectors.PARTS.items() if len(getattr(words, name).strip()) < 1]
    missing += [] if minutes else ["工时"]
    missing += [] if report.application.services.exists() else ["服务记录"]
    missing += [] if selectors.lawyer_on(report.application) else ["承办律师"]
    if missing:
        raise Invalid(
            f"还缺：{'、'.join(missing)}。", code="assistance.report-incomplete", do_next="补齐后再提交；没有的写“无”。"
        )
    _keep(report, words, minutes)
    _move(report, "submit", submitted_at=at)
    announce(ReportSubmitted, report.application, (actor, at))
    ask(report.application, "assistance.report-to-check", CHECK_REPORT, at=at)
    return report


def _open_report(actor: Actor, application_id: int, at: datetime) -> ClosingReport:
    """The report, begun where there is none, open for writing; whoever writes is from now on one of its authors."""
    application = locked(actor, application_id, REPORT)
    if application.kind != AidKind.LEGAL_AID or application.state != AidState.APPROVED:
        raise DomainError(
            "只有已批准、还没办结的法律援助要写结案报告。",
            code="assistance.wrong-state",
            do_next="请刷新页面查看最新状态。",
        )
    report, _begun = ClosingReport.objects.get_or_create(
        application=application,
        defaults={
            "organisation_id": application.organisation_id,
            "province": application.province,
            "words_sealed": seal(json.dumps(asdict(_EMPTY)), field=selectors.REPORT_WORDS),
            "written_by_account_id": actor.account_id,
            "written_at": at,
        },
    )
    report.application = application
    authors = sorted({*report.authors, actor.account_id})
    _move(report, "save", authors=authors, written_by_account_id=actor.account_id, written_at=at)
    return report


def _move(report: ClosingReport, act: str, **fields: object) -> None:
    target = REPORT_MOVES.get((report.state, act))
    if target is None:
        raise DomainError(
            f"结案报告现在是“{ReportState(report.state).label}”，不能这样操作。",
            code="assistance.report-state",
            do_next="请刷新页面查看最新状态；要修改的，请审核人退回。",
        )
    report.state = target
    for name, value in fields.items():
        setattr(report, name, value)
    report.save(update_fields=["state", *fields])


def _reviewed_by(actor: Actor, application_id: int) -> tuple[AidApplication, ClosingReport]:
    application = locked(actor, application_id, CHECK_REPORT)
    report = selectors.report_of(application)
    if report is None:
        raise not_found("结案报告", "assistance.report.not-found")
    if actor.account_id in report.authors:
        raise NotAllowed(
            "自己参与写的结案报告，要由另一位同事审核。",
            code="assistance.report-author",
            do_next="请另一位同事审核。",
        )
    report.application = application
    return application, report


@transaction.atomic
def return_report(*, actor: Actor, application_id: int, words: str, at: datetime) -> ClosingReport:
    """Give the report back with what has to be mended."""
    application, report = _reviewed_by(actor, application_id)
    _move(report, "return")
    tell(ReportReturned, note(application, NoteKind.RETURNED, words, (actor, at)), (actor, at))
    answer(application, "assistance.report-returned", report.written_by_account_id, at=at)
    return report


@transaction.atomic
def accept_report(*, actor: Actor, application_id: int, words: str, at: datetime) -> ClosingReport:
    """Accept the report; with it every line's rate and amount, and so the subsidy, are fixed."""
    application, report = _reviewed_by(actor, application_id)
    if report.state == ReportState.SUBMITTED:
        calculation = selectors.calculation_of(application)
        if not calculation.complete:
            raise DomainError(
                "有服务记录没有适用的补贴标准。",
                code="assistance.rate-missing",
                do_next="请单位管理员在“补贴标准”里设定，或退回报告改正。",
            )
        for line in calculation.lines:
            line.done.rate, line.done.amount_fen = line.rate, line.fen
            line.done.save(update_fields=["rate", "amount_fen"])
        report.calculated_fen = calculation.total_fen
    _move(
        report,
        "accept",
        calculated_fen=report.calculated_fen,
        reviewed_by_account_id=actor.account_id,
        reviewed_at=at,
    )
    kept = note(application, NoteKind.ACCEPTED, words, (actor, at))
    tell(ReportAccepted, kept, (actor, at), amount=yuan(report.calculated_fen or 0))
    answer(application, "assistance.report-accepted", report.written_by_account_id, at=at)
    return report


@transaction.atomic
def print_report(*, actor: Actor, application_id: int, at: datetime) -> ClosingReport:
    """The report leaves the house on paper: the journal hears of it."""
    application = selectors.application_of(actor, application_id)
    actor.require(VIEW, application.organisation_id)
    report = selectors.report_of(application)
    if report is None:
        raise not_found("结案报告", "assistance.report.not-found")
    announce(ReportPrinted, application, (actor, at))
    return report
