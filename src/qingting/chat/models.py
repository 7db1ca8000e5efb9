"""Visits, conversations, messages, danger signs, hand-overs."""

from django.db import models

from qingting.chat.states import Author, ConversationState, HandoverState, ParticipantKind
from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.duty.states import Skill


class Visit(Row):
    """A portal visitor without sign-up: a random cookie of which only the digest is kept."""

    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Conversation(Row):
    """One chat. `last_seq` numbers its messages without gaps; the read marks say how far each side has read."""

    visit_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=20, default="WEB")
    state = models.CharField(max_length=10, choices=ConversationState, default=ConversationState.WAITING)
    skill = models.CharField(max_length=20, choices=Skill, default=Skill.PSYCHOLOGY)
    account_id = models.BigIntegerField(null=True)
    first_contact_owner_account_id = models.BigIntegerField(null=True)
    danger_level = models.CharField(max_length=10, choices=Urgency, blank=True)
    danger_since = models.DateTimeField(null=True)
    danger_judged_seq = models.IntegerField(
        default=0
    )  # a person judged the danger up to here; the machine reads on behind
    last_seq = models.IntegerField(default=0)
    seeker_read_seq = models.IntegerField(default=0)
    counsellor_read_seq = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True)
    notice_shown_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "state", "-started_at"], name="chat_conversation_list"),
            models.Index(fields=["account_id", "state"], name="chat_conversation_account"),
            models.Index(fields=["visit_id"], name="chat_conversation_visit"),
        ]


class Message(Row):
    """One message. `client_key` is made by the sender, so that sending again after a lost answer stores it once."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    visit_id = models.BigIntegerField(null=True)
    seq = models.IntegerField()
    author = models.CharField(max_length=12, choices=Author)
    account_id = models.BigIntegerField(null=True)
    text = models.TextField()
    client_key = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="chat_message_seq_once"),
            models.UniqueConstraint(fields=["conversation", "author", "client_key"], name="chat_message_sent_once"),
        ]


class DangerSign(Row):
    """Which words of a message raised which type at which level. A correction stands beside the machine's finding."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="danger_signs")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="danger_signs")
    type = models.CharField(max_length=30)
    level = models.CharField(max_length=10, choices=Urgency)
    start = models.IntegerField()
    end = models.IntegerField()
    why = models.CharField(max_length=80)
    edition_id = models.BigIntegerField(default=0)  # the version of rules and words it was read with; 0 as shipped
    score = models.FloatField()
    corrected_level = models.CharField(max_length=10, blank=True)
    corrected_type = models.CharField(max_length=30, blank=True)
    correction_words = models.CharField(max_length=200, blank=True)
    corrected_by_account_id = models.BigIntegerField(null=True)
    corrected_at = models.DateTimeField(null=True)


class DangerJudgement(Row):
    """A person took the danger level of a conversation down, and why. The machine never does."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="danger_judgements")
    account_id = models.BigIntegerField()
    from_level = models.CharField(max_length=10, choices=Urgency)
    to_level = models.CharField(max_length=10, choices=Urgency, blank=True)
    words = models.CharField(max_length=300)
    judged_at = models.DateTimeField()


class SecondOpinion(Row):
    """What a large model of one's own said of a message: '' for nothing usable, 'NONE', or a danger level. Asked once."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT)
    level = models.CharField(max_length=10, blank=True)
    given_at = models.DateTimeField()


class Participant(Row):
    """Who of the staff is in a conversation, and how."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="participants")
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=ParticipantKind)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)


class SilentInvitation(Row):
    """A colleague is asked to read along in a crisis. It opens the conversation once, until answered or the talk ends."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="invitations")
    account_id = models.BigIntegerField()
    invited_by_account_id = models.BigIntegerField()
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    joined = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "account_id"],
                condition=models.Q(answered_at=None),
                name="chat_one_open_invitation",
            )
        ]


class Handover(Row):
    """One counsellor asks another to take over; ownership moves only when the other accepts (首问负责)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="handovers")
    from_account_id = models.BigIntegerField()
    to_account_id = models.BigIntegerField()
    words = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=HandoverState, default=HandoverState.OFFERED)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(state="OFFERED"), name="chat_one_open_handover"
            )
        ]
