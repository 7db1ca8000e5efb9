"""Lines, calls and their legs, what seats ask of calls, accounts of browsers, callback tasks, blocked numbers."""

from typing import TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.duty.states import Skill
from qingting.telephony import rules
from qingting.telephony.states import (
    AccountKind,
    ActKind,
    ActState,
    AnnouncementOutcome,
    AnnouncementState,
    CallState,
    Direction,
    KeyAnswer,
    Language,
    LegKind,
    LegMode,
    Notice,
    Outcome,
    OutsideParty,
    OutsideState,
    Question,
    RecordingKind,
    TaskReason,
    TaskState,
    TextState,
)


class CallFacts(TypedDict):
    """The fields that all call events share."""

    organisation_id: int
    province: str
    call_id: int


class Line(Row):
    """A number that people dial. Without times it is staffed day and night; `asks_skill`: one optional key at the start;
    languages: further ones that a key chooses there."""

    number = models.CharField(max_length=20, unique=True)
    language = models.CharField(max_length=4, choices=Language, default=Language.MANDARIN)
    skill = models.CharField(max_length=20, choices=Skill, default=Skill.PSYCHOLOGY)
    greets = models.BooleanField(default=True)
    asks_skill = models.BooleanField(default=True)
    languages = ArrayField(models.CharField(max_length=4, choices=Language), default=list)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    active = models.BooleanField(default=True)


class Call(Row):
    """One telephone call. The other side's number is sealed; `number_index` finds equal ones, `number_tail` is shown.

    asterisk, channel: where its first leg is; a fresh controller finds it by them. danger_level only rises. silent_at: since
    when the counsellor takes it for a call of somebody who says nothing or can't speak.
    """

    line_id = models.BigIntegerField(null=True)
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=CallState)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    asterisk = models.CharField(max_length=40)
    channel = models.CharField(max_length=80)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True)
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
    visit_id = models.BigIntegerField(null=True)
    skill = models.CharField(max_length=20, choices=Skill, default=Skill.PSYCHOLOGY)
    language = models.CharField(max_length=4, choices=Language, default=Language.MANDARIN)
    account_id = models.BigIntegerField(null=True)
    first_contact_owner_account_id = models.BigIntegerField(null=True)
    danger_level = models.CharField(max_length=10, choices=Urgency, blank=True)
    callback_task_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    party = models.CharField(max_length=12, choices=OutsideParty, blank=True)
    notice_played_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-started_at"], name="telephony_call_recent"),
            models.Index(fields=["number_index", "-started_at"], name="telephony_call_number"),
            models.Index(fields=["asterisk"], name="telephony_call_open", condition=~models.Q(state=CallState.ENDED)),
            models.Index(fields=["account_id", "-started_at"], name="telephony_call_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=CallState.ENDED) | models.Q(ended_at__isnull=False),
                name="telephony_call_ended_has_time",
            ),
        ]

    @property
    def hidden(self) -> bool:
        return self.number_sealed is None

    @property
    def shown_number(self) -> str:
        """How a page names the other side: at most the last two digits."""
        if self.party:
            return str(OutsideParty(self.party).label)
        return rules.masked(self.number_tail, hidden=self.hidden, browser=self.visit_id is not None)

    def facts(self) -> CallFacts:
        """What every event about this call says."""
        return {"organisation_id": self.organisation_id, "province": self.province, "call_id": self.id}


class Leg(Row):
    """Somebody in a call: who, how they may speak, from when to when."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="legs")
    kind = models.CharField(max_length=12, choices=LegKind)
    mode = models.CharField(max_length=8, choices=LegMode, default=LegMode.SPEAK)
    account_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=80)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["call", "joined_at"], name="telephony_leg_call")]


class CallAct(Row):
    """Something a person asks of a call; the controller does it and says what came of it.

    to_account_id, leg_id, mode, skill, question: whom or what it is about, as far as the kind needs it.
    """

    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="acts")
    asterisk = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=ActKind)
    state = models.CharField(max_length=8, choices=ActState, default=ActState.ASKED)
    account_id = models.BigIntegerField()
    to_account_id = models.BigIntegerField(null=True)
    leg_id = models.BigIntegerField(null=True)
    task_id = models.BigIntegerField(null=True)
    outside_id = models.BigIntegerField(null=True)
    mode = models.CharField(max_length=8, choices=LegMode, blank=True)
    skill = models.CharField(max_length=20, choices=Skill, blank=True)
    question = models.CharField(max_length=12, choices=Question, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asterisk", "id"], name="telephony_act_asked", condition=models.Q(state="ASKED"))
        ]


class KeyQuestion(Row):
    """A question played to somebody who can't speak, and the key that answered it; '' while nobody knows yet."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="questions")
    question = models.CharField(max_length=12, choices=Question)
    answer = models.CharField(max_length=4, choices=KeyAnswer, blank=True)
    account_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["call", "asked_at"], name="telephony_question_call")]


class TextLink(Row):
    """A link to the written talk, by text message to the number of a call: the number stays with the call, sealed."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="text_links")
    state = models.CharField(max_length=8, choices=TextState, default=TextState.WAITING)
    account_id = models.BigIntegerField(null=True)
    attempts = models.SmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="telephony_text_waiting", condition=models.Q(state=TextState.WAITING)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state=TextState.WAITING), name="telephony_one_text_waiting"
            )
        ]


class SipAccount(Row):
    """A browser's account at Asterisk, for one login or one visit; or a seat's own telephone (虚拟台), by its number.

    The password is kept nowhere but at Asterisk and in the page.
    """

    kind = models.CharField(max_length=6, choices=AccountKind)
    username = models.CharField(max_length=60, unique=True)
    account_id = models.BigIntegerField(null=True)
    session_id = models.BigIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    registered = models.BooleanField(default=False)
    number_sealed = models.BinaryField(null=True)
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="telephony_sip_account", condition=models.Q(ended_at=None)),
            models.Index(fields=["expires_at"], name="telephony_sip_expiry", condition=models.Q(ended_at=None)),
        ]


class CallbackTask(Row):
    """Somebody is to be called back. Never a second open one for the same number."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="callback_tasks")
    number_index = models.BinaryField()
    reason = models.CharField(max_length=10, choices=TaskReason)
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.OPEN)
    danger_level = models.CharField(max_length=10, choices=Urgency, blank=True)
    attempts = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "not_before"], name="telephony_task_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "number_index"],
                condition=models.Q(state="OPEN"),
                name="telephony_one_open_task",
            )
        ]


class Recording(Row):
    """One side of a call, or a message. The sound lies encrypted in a file; its key is sealed here.

    peaks: how loud it is from beginning to end, a byte each, for the drawing beside the player. delete_after: when it goes by rule; a legal hold keeps it. deleted_at: the file is gone, the row says that it was.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="recordings")
    kind = models.CharField(max_length=8, choices=RecordingKind)
    key_sealed = models.BinaryField()
    key_version = models.IntegerField()
    seconds = models.IntegerField()
    peaks = models.BinaryField(default=bytes)
    recorded_at = models.DateTimeField()
    delete_after = models.DateTimeField()
    legal_hold = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["delete_after"], name="telephony_recording_due", condition=models.Q(deleted_at=None))
        ]
        constraints = [models.UniqueConstraint(fields=["call", "kind"], name="telephony_recording_once")]


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


class BlockedNumber(Row):
    """A number that is not let in, with a reason and an end. It holds only once a second person has agreed."""

    number_sealed = models.BinaryField()
    number_index = models.BinaryField()
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
    call_id = models.BigIntegerField()
    words = models.CharField(max_length=200)
    proposed_by_account_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    agreed_by_account_id = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["number_index"], name="telephony_blocked", condition=models.Q(lifted_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_by_account_id=None)
                | ~models.Q(agreed_by_account_id=models.F("proposed_by_account_id")),
                name="telephony_two_people_block",
            )
        ]
