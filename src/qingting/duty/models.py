"""Presence, the waiting line, offers, and what each person is busy with."""

from typing import TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.models import Row
from qingting.duty.rules import Need
from qingting.duty.states import EntryState, OfferState, PresenceState, Skill


class EntryFacts(TypedDict):
    """The fields that all entry events share."""

    organisation_id: int
    province: str
    entry_id: int
    subject_kind: str
    matter_id: int


class Presence(Row):
    """Somebody at a seat of a station. Without a heartbeat it lapses to OFFLINE.

    reachable: a telephone of theirs would ring; wrap_up_until: when work after a call ends by itself.
    """

    account_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=12, choices=PresenceState, default=PresenceState.OFFLINE)
    skills = ArrayField(models.CharField(max_length=20, choices=Skill), default=list)
    capacity = models.SmallIntegerField(default=3)
    reachable = models.BooleanField(default=False)
    wrap_up_until = models.DateTimeField(null=True)
    idle_since = models.DateTimeField()
    last_heartbeat_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class WaitingEntry(Row):
    """Something that waits for a person: `subject_kind` (conversation, call …) and id."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    skill = models.CharField(max_length=20, choices=Skill, default=Skill.PSYCHOLOGY)
    language = models.CharField(max_length=4, blank=True)
    priority = models.SmallIntegerField()
    danger_level = models.CharField(max_length=10, blank=True)
    preferred_account_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.WAITING)
    entered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by_account_id = models.BigIntegerField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation_id", "priority", "entered_at"],
                name="duty_entry_line",
                condition=models.Q(state__in=["WAITING", "OFFERED"]),
            ),
            models.Index(fields=["organisation_id", "-taken_at"], name="duty_entry_taken"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(state__in=["WAITING", "OFFERED"]),
                name="duty_entry_waits_once",
            )
        ]

    @property
    def need(self) -> Need:
        """What it needs of whoever takes it."""
        return Need(self.skill, self.language, self.danger_level, self.preferred_account_id)

    def facts(self) -> EntryFacts:
        """What every event about this entry says."""
        return {
            "organisation_id": self.organisation_id,
            "province": self.province,
            "entry_id": self.id,
            "subject_kind": self.subject_kind,
            "matter_id": self.subject_id,
        }


class Offer(Row):
    """An entry offered to one person for a few seconds."""

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    account_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="duty_offer_expiry", condition=models.Q(state="OPEN")),
            models.Index(fields=["account_id"], name="duty_offer_account", condition=models.Q(state="OPEN")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=models.Q(state="OPEN"), name="duty_one_open_offer")
        ]


class Engagement(Row):
    """What a person is busy with now; open engagements are their load."""

    account_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(ended_at=None),
                name="duty_one_engagement_per_subject",
            )
        ]
        indexes = [models.Index(fields=["account_id"], name="duty_engagement_open", condition=models.Q(ended_at=None))]
