"""Lines, calls and their legs, what seats ask of calls, callback tasks, blocked numbers."""

from typing import TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.duty.states import Skill
from qingting.telephony import rules
from qingting.telephony.states import (
    ActKind,
    ActState,
    CallState,
    Direction,
    KeyAnswer,
    Language,
    LegKind,
    LegMode,
    Outcome,
    OutsideParty,
    Question,
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


class ListenInvitation(Row):
    """A colleague is asked to listen in, unheard by the caller. It opens the call to them until it is answered or over."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="invitations")
    account_id = models.BigIntegerField()
    invited_by_account_id = models.BigIntegerField()
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    joined = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "account_id"],
                condition=models.Q(answered_at=None),
                name="telephony_one_open_invitation",
            )
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
    """A link to the written talk, by text message to the number of a call: the number stays with the call, sealed.

    conversation_id: the talk that it was opened for, once; from then on it leads nobody else to this call.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="text_links")
    state = models.CharField(max_length=8, choices=TextState, default=TextState.WAITING)
    account_id = models.BigIntegerField(null=True)
    attempts = models.SmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    conversation_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="telephony_text_waiting", condition=models.Q(state=TextState.WAITING)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation_id"],
                condition=models.Q(conversation_id__isnull=False),
                name="telephony_text_of_one_talk",
            ),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state=TextState.WAITING), name="telephony_one_text_waiting"
            ),
        ]


class CallbackTask(Row):
    """Somebody is to be called back. Never a second open one for the same number.

    call: theirs, by whose number they are called. Without one they came by another way, and the number they left stands
    sealed here until it is over.
    """

    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="callback_tasks")
    number_sealed = models.BinaryField(null=True)
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
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
            ),
            models.CheckConstraint(
                condition=models.Q(call__isnull=False)
                | models.Q(state="OPEN", number_sealed__isnull=False)
                | (~models.Q(state="OPEN") & models.Q(number_sealed=None)),
                name="telephony_task_number_while_open",
            ),
        ]

    @property
    def shown_number(self) -> str:
        """At most the last two digits."""
        return self.call.shown_number if self.call else rules.masked(self.number_tail, hidden=False)

    def facts(self) -> CallFacts:
        """What every event about this task says; call_id 0 where there was no call."""
        return {"organisation_id": self.organisation_id, "province": self.province, "call_id": self.call_id or 0}


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
