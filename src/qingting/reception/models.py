"""How a station's door is set, what the machine attended and said, what was left with it, and whom it called."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.reception.states import (
    AlertState,
    CallState,
    Cause,
    LeftKind,
    LeftState,
    Reason,
    Rung,
    Said,
    TargetKind,
    TurnState,
)


class Setting(Row):
    """A station's door. Without a row the defaults hold: 21:00–09:00 (Liaoning 2022), twenty seconds of patience."""

    night_on = models.BooleanField(default=True)
    night_begins = models.TimeField(default=time(21, 0))
    night_ends = models.TimeField(default=time(9, 0))
    when_busy = models.BooleanField(default=True)
    patience_seconds = models.SmallIntegerField(default=20)
    wording_on = models.BooleanField(default=False)
    changed_by_account_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation_id"], name="reception_setting_once")]


class Attendance(Row):
    """The machine is with a conversation, until a person takes it; from then on it is silent for good."""

    conversation_id = models.BigIntegerField(unique=True)
    visit_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=10, choices=Reason)
    began_at = models.DateTimeField()
    silent_at = models.DateTimeField(null=True)
    silenced_by_account_id = models.BigIntegerField(null=True)
    safety_level = models.CharField(max_length=10, choices=Urgency, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-began_at"], name="reception_attendance_list")]


class Utterance(Row):
    """Why the machine said what it said: which question, which articles, how well they fit, worded by whom."""

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="utterances")
    visit_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField()
    message_id = models.BigIntegerField(unique=True)
    seq = models.IntegerField()
    to_message_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=Said)
    articles = ArrayField(models.BigIntegerField(), default=list)
    strength = models.FloatField(default=0)
    worded = models.BooleanField(default=False)
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["conversation_id", "seq"], name="reception_utterance_talk")]


class Turn(Row):
    """A question that was answered and may still be put into plainer words by the model. Claimed by a lease; too late, it is dropped."""

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="turns")
    message_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=TurnState, default=TurnState.WAITING)
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="reception_turn_waiting", condition=models.Q(state="WAITING"))
        ]


class LeftMessage(Row):
    """A message or a request to be called back. The number stands sealed; when to call, in the person's own words."""

    visit_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=LeftKind)
    words = models.TextField(blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_key_version = models.SmallIntegerField(null=True)
    when = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=10, choices=Urgency, blank=True)
    state = models.CharField(max_length=10, choices=LeftState, default=LeftState.WAITING)
    left_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    note = models.TextField(blank=True)
    answered_by_account_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "state", "left_at"], name="reception_left_list"),
            models.Index(fields=["visit_id"], name="reception_left_visit"),
            models.Index(
                fields=["phone_key_version"],
                name="reception_left_key",
                condition=models.Q(phone_key_version__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phone_sealed=None, phone_key_version=None)
                | models.Q(phone_sealed__isnull=False, phone_key_version__isnull=False),
                name="reception_left_sealed_with_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="CALLBACK") | models.Q(phone_sealed__isnull=False),
                name="reception_callback_has_number",
            ),
        ]


class Watch(Row):
    """Who is called at night, one after another."""

    account_id = models.BigIntegerField()
    position = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "account_id"], name="reception_watch_once"),
        ]


class Target(Row):
    """Where somebody's phone is reached. The address is a secret (it lets anybody write there), so it stands sealed."""

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=TargetKind)
    label = models.CharField(max_length=40)
    sealed = models.BinaryField()
    key_version = models.SmallIntegerField()
    added_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    test_worked = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="reception_target_account"),
            models.Index(fields=["key_version", "id"], name="reception_target_key"),
        ]


class Alert(Row):
    """Somebody must be called. It climbs from rung to rung until a person says that they are on it."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    cause = models.CharField(max_length=10, choices=Cause)
    level = models.CharField(max_length=10, choices=Urgency)
    state = models.CharField(max_length=12, choices=AlertState, default=AlertState.OPEN)
    step = models.SmallIntegerField(default=-1)
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_account_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-raised_at"], name="reception_alert_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(state="OPEN"),
                name="reception_one_open_alert",
            )
        ]


class Call(Row):
    """One person called for one alert by one target (none: nowhere to reach them). The token opens the acknowledgement."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="calls")
    step = models.SmallIntegerField()
    rung = models.CharField(max_length=10, choices=Rung)
    account_id = models.BigIntegerField()
    target = models.ForeignKey(Target, null=True, on_delete=models.SET_NULL)
    way = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.WAITING)
    token_digest = models.BinaryField(unique=True)
    token_sealed = models.BinaryField()  # opened once, to send the link; empty from then on
    called_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["called_at"], name="reception_call_waiting", condition=models.Q(state="WAITING")),
        ]
