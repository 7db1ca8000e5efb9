"""The ledger: payments within what was granted, reversals, and the report at the end. Lines are only ever added."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.assistance import selectors
from qingting.assistance.events import AidClosed, AidPaid, AidReversed, LedgerExported
from qingting.assistance.models import AidApplication, ClosingReport, LedgerEntry
from qingting.assistance.permissions import PAY
from qingting.assistance.rules import differs, may_pay, yuan
from qingting.assistance.services.steps import locked, move, note, refuse_same_person, tell
from qingting.assistance.states import AidKind, AidState, LedgerKind, NoteKind, ReportState
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, NotAllowed, not_found
from qingting.core.events import publish


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: fen, the number of the voucher that proves it, and words (to whom, by which way).

    reason: why a subsidy is not what was calculated; empty where it is.
    """

    amount_fen: int | None
    voucher: str
    words: str
    reason: str = ""


@transaction.atomic
def pay(*, actor: Actor, application_id: int, payment: Payment, at: datetime) -> LedgerEntry:
    """Write a payment down. Refused beyond what was granted, and twice for one voucher. Who applied may not pay."""
    application = locked(actor, application_id, PAY)
    refuse_same_person(actor, application.applied_by_account_id)
    _require_approved(application)
    voucher = payment.voucher.strip()[:40]
    if not voucher or payment.amount_fen is None:
        raise Invalid("请写明金额和凭证号。", code="assistance.incomplete", do_next="金额单位是元，最多两位小数。")
    paid = selectors.paid_fen([application.pk]).get(application.pk, 0)
    if not may_pay(application.granted_fen, paid, payment.amount_fen):
        left = yuan(application.granted_fen - paid)
        raise DomainError(
            f"超出批准的金额，还可支付{left}元。",
            code="assistance.beyond-grant",
            do_next="请核对金额；需要增加的，另外申请一次。",
        )
    other = _other_than_calculated(actor, application, (paid, payment.amount_fen), payment.reason)
    used = LedgerEntry.objects.filter(organisation_id=application.organisation_id, voucher=voucher)
    if used.filter(kind=LedgerKind.PAYMENT).exists():
        raise DomainError(
            "这张凭证已经登记过。", code="assistance.voucher-used", do_next="请核对凭证号，一张凭证一笔。"
        )
    entry = _added(application, LedgerKind.PAYMENT, payment.amount_fen, voucher, (actor, at))
    kept = note(application, NoteKind.PAID, payment.words, (actor, at))
    if other:
        note(application, NoteKind.DIFFERS, payment.reason, (actor, at))
    tell(AidPaid, kept, (actor, at), amount=yuan(entry.amount_fen))
    return entry


def _other_than_calculated(actor: Actor, application: AidApplication, sums: tuple[int, int], reason: str) -> bool:
    """Whether the reason must be kept. sums: paid before and to be paid now. Only a subsidy of legal aid is calculated;
    it waits for the reviewed report, and nobody who wrote the report pays by it."""
    if application.kind != AidKind.LEGAL_AID:
        return False
    report = _accepted_report(application, "结案报告审核通过以后才能支付补贴。")
    if actor.account_id in report.authors:
        raise NotAllowed(
            "写结案报告的人不能登记这笔补贴。", code="assistance.report-author", do_next="请另一位同事登记支付。"
        )
    calculated = report.calculated_fen or 0
    other = differs(calculated, *sums)
    if other and len(reason.strip()) < 4:
        left = yuan(calculated - sums[0])
        raise Invalid(
            f"按测算应付{left}元，金额不同要写原因。",
            code="assistance.differs",
            do_next="请核对金额；确需不同的，写明原因再登记。",
        )
    return other


def _accepted_report(application: AidApplication, refusal: str) -> ClosingReport:
    found = ClosingReport.objects.filter(application=application, state=ReportState.ACCEPTED).first()
    if found is None:
        raise DomainError(refusal, code="assistance.report-missing", do_next="请先填写结案报告，由另一位同事审核通过。")
    return found


def _require_approved(application: AidApplication) -> None:
    if application.state != AidState.APPROVED:
        raise DomainError(
            f"申请现在是“{AidState(application.state).label}”，不能登记支付。",
            code="assistance.wrong-state",
            do_next="批准以后、办结以前才能登记。",
        )


def _added(
    application: AidApplication,
    kind: LedgerKind,
    fen: int,
    voucher: str,
    by: tuple[Actor, datetime],
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    return LedgerEntry.objects.create(
        organisation_id=application.organisation_id,
        province=application.province,
        application=application,
        kind=kind,
        amount_fen=fen,
        voucher=voucher,
        reverses=reverses,
        account_id=by[0].account_id,
        at=by[1],
    )


@transaction.atomic
def reverse_payment(*, actor: Actor, entry_id: int, words: str, at: datetime) -> LedgerEntry:
    """冲正: a wrong payment is taken off by a line of its own, once, with the reason. The first line stays."""
    wrong = LedgerEntry.objects.filter(pk=entry_id, kind=LedgerKind.PAYMENT).first()
    if wrong is None:
        raise not_found("支付记录", "assistance.entry.not-found")
    application = locked(actor, wrong.application_id, PAY)
    _require_approved(application)
    if LedgerEntry.objects.filter(reverses=wrong).exists():
        raise DomainError("这笔支付已经冲正。", code="assistance.entry.reversed", do_next="请刷新页面查看台账。")
    kept = note(application, NoteKind.REVERSED, words, (actor, at))
    entry = _added(application, LedgerKind.REVERSAL, -wrong.amount_fen, wrong.voucher, (actor, at), wrong)
    tell(AidReversed, kept, (actor, at), amount=yuan(wrong.amount_fen))
    return entry


@transaction.atomic
def close(*, actor: Actor, application_id: int, words: str, at: datetime) -> AidApplication:
    """办结: what was done with it and what it changed, in words. What was not paid lapses."""
    application = locked(actor, application_id, PAY)
    if application.assignments.exists():
        _accepted_report(application, "律师已经承办，要有审核通过的结案报告才能办结。")
    move(application, "close", closed_at=at)
    tell(AidClosed, note(application, NoteKind.CLOSED, words, (actor, at)), (actor, at))
    return application


@transaction.atomic
def note_export(*, actor: Actor, count: int, at: datetime) -> None:
    """The ledger leaves the house as a file: the journal hears of it."""
    told = LedgerExported(organisation_id=actor.organisation_id, province=actor.province, count=count)
    publish(told, actor=actor, at=at)
