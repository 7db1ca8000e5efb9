"""Applications, their ledger, and the words of each step, sealed. Amounts are whole fen (分)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qingting.assistance.states import (
    AidKind,
    AidState,
    LedgerKind,
    NoteKind,
    RateUnit,
    Refusal,
    ReportState,
    ServiceKind,
)
from qingting.cases.models import Case
from qingting.core.models import Row
from qingting.orders.models import WorkOrder


class AidApplication(Row):
    """Somebody's application. funder: whose money or goods it is; order: the work it became when it was approved.

    checked_by and decided_by are two people, and neither is who applied: the database holds them to it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="aid")
    kind = models.CharField(max_length=12, choices=AidKind)
    state = models.CharField(max_length=10, choices=AidState, default=AidState.APPLIED)
    asked_fen = models.BigIntegerField()
    granted_fen = models.BigIntegerField(default=0)
    funder = models.CharField(max_length=60, blank=True)
    order = models.ForeignKey(WorkOrder, null=True, on_delete=models.PROTECT)
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True)
    applied_by_account_id = models.BigIntegerField()
    checked_by_account_id = models.BigIntegerField(null=True)
    decided_by_account_id = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "state", "-applied_at"], name="assistance_list"),
            models.Index(fields=["case"], name="assistance_of_case"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(asked_fen__gte=0, granted_fen__gte=0), name="assistance_no_debt"),
            models.CheckConstraint(
                condition=~Q(state__in=[AidState.APPROVED, AidState.CLOSED])
                | (
                    Q(checked_by_account_id__isnull=False, decided_by_account_id__isnull=False)
                    & ~Q(checked_by_account_id=models.F("decided_by_account_id"))
                    & ~Q(applied_by_account_id=models.F("decided_by_account_id"))
                    & ~Q(applied_by_account_id=models.F("checked_by_account_id"))
                ),
                name="assistance_two_reviewers",
            ),
        ]


class LedgerEntry(Row):
    """One line of the ledger. A payment is above zero, its reversal takes the same off; nothing is changed or removed."""

    application = models.ForeignKey(AidApplication, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=LedgerKind)
    amount_fen = models.BigIntegerField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    voucher = models.CharField(max_length=40)
    account_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=LedgerKind.PAYMENT, amount_fen__gt=0, reverses__isnull=True)
                | Q(kind=LedgerKind.REVERSAL, amount_fen__lt=0, reverses__isnull=False),
                name="assistance_entry_sane",
            ),
            models.UniqueConstraint(
                fields=["organisation_id", "voucher"],
                condition=Q(kind=LedgerKind.PAYMENT),
                name="assistance_voucher_once",
            ),
        ]


class AidNote(Row):
    """The words of one step, sealed."""

    application = models.ForeignKey(AidApplication, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind)
    words_sealed = models.BinaryField()
    account_id = models.BigIntegerField()
    at = models.DateTimeField()


class Lawyer(Row):
    """A lawyer on the register of one station. Not an account: who works on the platform gets a post as well."""

    name = models.CharField(max_length=40)
    licence_number = models.CharField(max_length=30)
    firm = models.CharField(max_length=80)
    phone_sealed = models.BinaryField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "licence_number"], name="assistance_licence_once")
        ]


class Assignment(Row):
    """Who of the register works on one legal aid, from when to when. At most one at a time."""

    application = models.ForeignKey(AidApplication, on_delete=models.PROTECT, related_name="assignments")
    lawyer = models.ForeignKey(Lawyer, on_delete=models.PROTECT, related_name="assignments")
    account_id = models.BigIntegerField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="assistance_one_lawyer"
            )
        ]


class SubsidyRate(Row):
    """One rate of the subsidy: fen for a piece or a day of one service, from a day on. source: the local rule.

    Rates are only ever added, so every one that was in force stays readable; the database holds us to it.
    """

    service = models.CharField(max_length=12, choices=ServiceKind)
    unit = models.CharField(max_length=5, choices=RateUnit)
    amount_fen = models.BigIntegerField()
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "service", "unit"], name="assistance_rates")]
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gte=0), name="assistance_rate_sane")]


class LegalService(Row):
    """Something the lawyer did on a day. hundredths: of a piece or day; rate and amount_fen: fixed with the report."""

    application = models.ForeignKey(AidApplication, on_delete=models.PROTECT, related_name="services")
    service = models.CharField(max_length=12, choices=ServiceKind)
    unit = models.CharField(max_length=5, choices=RateUnit)
    hundredths = models.IntegerField()
    on = models.DateField()
    words_sealed = models.BinaryField()
    rate = models.ForeignKey(SubsidyRate, null=True, on_delete=models.PROTECT)
    amount_fen = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hundredths__gt=0) & Q(rate__isnull=True, amount_fen__isnull=True)
                | Q(hundredths__gt=0, rate__isnull=False, amount_fen__gte=0),
                name="assistance_service_sane",
            )
        ]


class ClosingReport(Row):
    """结案报告 of one legal aid. words_sealed: facts, result, own word and documents as sealed JSON; minutes worked.

    Whoever had a hand in it (authors) does not review it; of the last writer the database makes sure as well.
    """

    application = models.OneToOneField(AidApplication, on_delete=models.PROTECT, related_name="report")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    words_sealed = models.BinaryField()
    minutes = models.IntegerField(default=0)
    calculated_fen = models.BigIntegerField(null=True)
    authors = ArrayField(models.BigIntegerField(), default=list)
    written_by_account_id = models.BigIntegerField()
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    reviewed_by_account_id = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReportState.ACCEPTED)
                | Q(reviewed_by_account_id__isnull=False, calculated_fen__isnull=False)
                & ~Q(reviewed_by_account_id=models.F("written_by_account_id")),
                name="assistance_report_reviewed",
            )
        ]
