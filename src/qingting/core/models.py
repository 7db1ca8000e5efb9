"""Tables of core: journal and seals, grants to other organisations, clocks, heartbeats of the running parts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.ids import new_id


class Row(models.Model):
    """What every business table has: an id made by the application, its organisation and its province.

    organisation_id and province are plain columns, so that a province can become a database of its own.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    organisation_id = models.BigIntegerField()
    province = models.CharField(max_length=6)

    class Meta:
        abstract = True


class Entry(models.Model):
    """One entry of the journal. Written by SQL in `journal.append`; `txid` is filled by the database. Append-only."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    account_id = models.BigIntegerField(null=True)
    acting_as = models.CharField(max_length=20)
    organisation_id = models.BigIntegerField()
    province = models.CharField(max_length=6)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    ids = models.JSONField()
    data = models.JSONField()
    channels = ArrayField(models.TextField())

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="core_entry_organisation_at"),
            models.Index(fields=["subject_kind", "subject_id", "at"], name="core_entry_subject"),
            models.Index(fields=["case_id", "at"], name="core_entry_case", condition=models.Q(case_id__isnull=False)),
        ]


class Grant(models.Model):
    """An opening in the wall: one subject, for one other organisation, for one purpose, until an end."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    province = models.CharField(max_length=6)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    granted_by_organisation_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "subject_kind"], name="core_grant_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "organisation_id", "purpose"],
                condition=models.Q(revoked_at__isnull=True),
                name="core_grant_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="core_grant_ends_after_start",
            ),
        ]


class Clock(Row):
    """A deadline, stored. `next_check_at` is null once the clock is met or cancelled; a loop moves the due ones."""

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalate_every = models.DurationField()
    next_check_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    level = models.SmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_at"],
                name="core_clock_due",
                condition=models.Q(next_check_at__isnull=False),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="core_clock_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=models.Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="core_clock_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gte=models.F("started_at"), warn_at__lte=models.F("due_at")),
                name="core_clock_in_order",
            ),
        ]


class Heartbeat(models.Model):
    """The last sign of life of a running part (`worker`, `clocks`, `push`, `link:110`), for the health page."""

    part = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)


class RateCount(models.Model):
    """How often one key (a digest) did one thing in one window. Written by SQL in `rate_limits`."""

    pk = models.CompositePrimaryKey("key", "slot")
    key = models.BinaryField()
    slot = models.BigIntegerField()
    hits = models.IntegerField()
    expires_at = models.DateTimeField()
