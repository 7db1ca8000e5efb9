"""Facts, one row a matter, kept up from the journal; and how far the journal has been read."""

from django.db import models


class Fact(models.Model):
    """What every fact has. No name, number or word of a person is ever in one."""

    organisation_id = models.BigIntegerField()
    province = models.CharField(max_length=6)
    day = models.DateField()

    class Meta:
        abstract = True


class ContactFact(Fact):
    """One completed contact. `day` is the local day on which it was completed."""

    contact_id = models.BigIntegerField(primary_key=True)
    channel = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    risk_level = models.CharField(max_length=10)
    age_band = models.CharField(max_length=20)
    gender = models.CharField(max_length=10)
    caller_kind = models.CharField(max_length=12)
    division = models.CharField(max_length=6)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"], name="statistics_contact_day")]


class ConversationFact(Fact):
    """One conversation. `day` is the local day on which it began."""

    conversation_id = models.BigIntegerField(primary_key=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    danger_level = models.CharField(max_length=10, blank=True)
    danger_at = models.DateTimeField(null=True)
    intervened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"], name="statistics_conversation_day")]


class CaseFact(Fact):
    """One case. `day` is the local day on which it was opened."""

    case_id = models.BigIntegerField(primary_key=True)
    category = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10)
    division = models.CharField(max_length=6)
    opened_at = models.DateTimeField()
    handed_off_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    signed_off_at = models.DateTimeField(null=True)
    helped = models.CharField(max_length=10, blank=True)
    score = models.SmallIntegerField(null=True)
    breaches = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"], name="statistics_case_day")]


class ComplaintFact(Fact):
    """One complaint, counted where the work is that it is about. `day` is the local day on which it came."""

    complaint_id = models.BigIntegerField(primary_key=True)
    about = models.CharField(max_length=8)
    source = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=10, blank=True)
    level = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"], name="statistics_complaint_day")]


class CallFact(Fact):
    """One telephone call that came in. `day` is the local day on which it did; outcome: as `telephony` says, once it is over."""

    call_id = models.BigIntegerField(primary_key=True)
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"], name="statistics_call_day")]


class CallbackFact(Fact):
    """One promise to call back. `day` is the local day on which it was given."""

    task_id = models.BigIntegerField(primary_key=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"], name="statistics_callback_day")]


class ReadMark(models.Model):
    """How far one reader has read the journal."""

    reader = models.CharField(max_length=40, primary_key=True)
    txid = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)
