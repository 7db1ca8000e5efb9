"""Whom a counsellor has called from a case, and whom the platform telephones by itself."""

from django.db import models

from qingting.core.models import Row
from qingting.telephony.states import (
    AnnouncementOutcome,
    AnnouncementState,
    Notice,
    Outcome,
    OutsideParty,
    OutsideState,
)


class OutsideCall(Row):
    """A counsellor has 110, 120 or a guardian called from a case: alone, or into the call in hand (`joins`).

    The number of a guardian stands sealed until it has been dialled, then it is forgotten here. confirmed: they were told
    that the guardian may be the danger, and called all the same. call_id: the call that came of it, or the one joined.
    """

    case_id = models.BigIntegerField()
    party = models.CharField(max_length=12, choices=OutsideParty)
    joins = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)
    account_id = models.BigIntegerField()
    call_id = models.BigIntegerField(null=True)
    number_sealed = models.BinaryField(null=True)
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=OutsideState, default=OutsideState.ASKED)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "-asked_at"], name="telephony_outside_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "party"], condition=models.Q(state="ASKED"), name="telephony_outside_one_at_a_time"
            )
        ]


class Announcement(Row):
    """Somebody whom the platform itself telephones: a notice is spoken, and the key 1 acknowledges it.

    subject_kind, subject_id: what it is about, as the room that asks calls it; account_id: one of the staff, where it is one;
    to_police: by the way on which 110 is reached, whatever its number. expires_at: from then on it has no meaning any more.
    """

    notice = models.CharField(max_length=16, choices=Notice)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    to_police = models.BooleanField(default=False)
    number_sealed = models.BinaryField(null=True)
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=AnnouncementState, default=AnnouncementState.ASKED)
    outcome = models.CharField(max_length=16, choices=AnnouncementOutcome, default=AnnouncementOutcome.NO_TELEPHONE)
    attempts = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], name="telephony_notice_due", condition=models.Q(state="ASKED")),
            models.Index(fields=["subject_kind", "subject_id"], name="telephony_notice_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(state="ASKED"),
                name="telephony_one_open_notice",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ENDED") | models.Q(ended_at__isnull=False, number_sealed=None),
                name="telephony_ended_notice_forgets_number",
            ),
        ]


class AnnouncementAttempt(Row):
    """One time that somebody was dialled for an announcement."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="tries")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=AnnouncementOutcome, blank=True)

    class Meta:
        indexes = [models.Index(fields=["announcement", "began_at"], name="telephony_notice_tries")]
