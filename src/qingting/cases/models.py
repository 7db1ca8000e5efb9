"""Cases, the holds on them, and notes (the words behind a step; the journal keeps only their ids)."""

from django.db import models

from qingting.cases.states import CaseState, HoldKind
from qingting.core.models import Row
from qingting.directory.states import Urgency


class Case(Row):
    """A matter about a person. `number` is what people quote; unique within the province."""

    number = models.CharField(max_length=24)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.OPEN)
    contact_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True)
    seeker_id = models.BigIntegerField(null=True)
    owner_account_id = models.BigIntegerField()
    category = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10, choices=Urgency)
    division = models.CharField(max_length=6)
    summary = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    signed_off_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "state", "-opened_at"], name="cases_case_list"),
            models.Index(fields=["seeker_id"], name="cases_case_seeker"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["province", "number"], name="cases_case_number_once"),
            models.UniqueConstraint(fields=["province", "contact_id"], name="cases_case_once_per_contact"),
        ]


class CaseNumber(models.Model):
    """The counter behind case numbers, one a province and year."""

    pk = models.CompositePrimaryKey("province", "year")
    province = models.CharField(max_length=6)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)


class CaseHold(Row):
    """Why a case may not close or be signed off yet. `subject` is what holds it (an order, a handoff, a follow-up)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=20, choices=HoldKind)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "subject_kind", "subject_id"],
                condition=models.Q(lifted_at=None),
                name="cases_hold_once",
            )
        ]


class CaseNote(Row):
    """Words somebody added to a case: a remark, a closing reason, a sign-off."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    act = models.CharField(max_length=20)
    text = models.TextField()
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="cases_note_in_order")]
