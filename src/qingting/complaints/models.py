"""Complaints, and the words of their steps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.complaints.states import About, ComplaintState, Finding, Source
from qingting.core.models import Row


class Complaint(Row):
    """organisation_id: who deals with it now. concerned_account_ids: who had a part in what it is about; they never see it.

    digest: of the receipt that opens it to whoever complained; contact_sealed: how they want to be told, empty where nameless.
    """

    number = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=ComplaintState, default=ComplaintState.RECEIVED)
    source = models.CharField(max_length=10, choices=Source)
    about = models.CharField(max_length=8, choices=About)
    about_organisation_id = models.BigIntegerField()
    about_account_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    concerned_account_ids = ArrayField(models.BigIntegerField(), default=list)
    digest = models.BinaryField(unique=True)
    contact_sealed = models.BinaryField(default=bytes)
    level = models.SmallIntegerField(default=0)
    handler_account_id = models.BigIntegerField(null=True)
    finding = models.CharField(max_length=10, choices=Finding, blank=True)
    received_at = models.DateTimeField()
    recorded_by_account_id = models.BigIntegerField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "-received_at"], name="complaints_list")]
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="complaints_number_once"),
            models.CheckConstraint(
                condition=~models.Q(state="ANSWERED") | (~models.Q(finding="") & models.Q(answered_at__isnull=False)),
                name="complaints_answer_has_finding",
            ),
        ]


class ComplaintNote(Row):
    """The words of one step, sealed. told: whether they are for whoever complained, too; account_id: None for them."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="notes")
    act = models.CharField(max_length=12)
    words_sealed = models.BinaryField()
    told = models.BooleanField(default=False)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["complaint", "at"], name="complaints_note_in_order")]
