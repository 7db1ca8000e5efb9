"""Applications, their ledger, and the words of each step, sealed. Amounts are whole fen (分)."""

from django.db import models
from django.db.models import Q

from qingting.assistance.states import AidKind, AidState, LedgerKind, NoteKind, Refusal
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
