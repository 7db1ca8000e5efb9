"""The contact with its unified data fields (统一数据字段). A field not asked is empty, never guessed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.contacts.states import CallerKind, Channel, ContactState, Disposition, Schooling
from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.seekers.states import AgeBand, Gender, SpecialGroup


class Contact(Row):
    """One conversation on any channel. `draft` holds the form as typed, so that nothing is lost before it is completed."""

    state = models.CharField(max_length=12, choices=ContactState, default=ContactState.DRAFT)
    channel = models.CharField(max_length=20, choices=Channel)
    conversation_id = models.BigIntegerField(null=True)
    call_id = models.BigIntegerField(null=True)
    seeker_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField()
    first_contact_owner_account_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    wait_seconds = models.IntegerField(null=True)
    caller_kind = models.CharField(max_length=12, choices=CallerKind, blank=True)
    age_band = models.CharField(max_length=20, choices=AgeBand, blank=True)
    gender = models.CharField(max_length=10, choices=Gender, blank=True)
    schooling = models.CharField(max_length=20, choices=Schooling, blank=True)
    special_groups = ArrayField(models.CharField(max_length=30, choices=SpecialGroup), default=list)
    declared_division = models.CharField(max_length=6, blank=True)
    number_division = models.CharField(max_length=6, blank=True)
    category = models.CharField(max_length=40, blank=True)
    risk_level = models.CharField(max_length=10, choices=Urgency, blank=True)
    dispositions = ArrayField(models.CharField(max_length=20, choices=Disposition), default=list)
    summary = models.TextField(blank=True)
    follow_up_wanted = models.BooleanField(null=True)
    draft = models.JSONField(default=dict)
    draft_version = models.IntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-started_at"], name="contacts_contact_recent"),
            models.Index(fields=["-started_at"], name="contacts_contact_newest"),
            models.Index(fields=["seeker_id"], name="contacts_contact_seeker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation_id"],
                condition=~models.Q(conversation_id=None),
                name="contacts_one_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["call_id"], condition=~models.Q(call_id=None), name="contacts_one_per_call"
            ),
            models.CheckConstraint(
                condition=models.Q(state="DRAFT") | models.Q(completed_at__isnull=False),
                name="contacts_completed_has_time",
            ),
        ]
