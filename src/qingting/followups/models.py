"""Follow-ups with their rules, tracking plans, rating invitations and the messages that carry them."""

from django.db import models

from qingting.cases.models import Case
from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.followups.states import (
    MOST_ATTEMPTS,
    SPACING_HOURS,
    Channel,
    FollowUpKind,
    FollowUpState,
    Helped,
    LowRating,
    Means,
    MessageState,
    PlanState,
    Rhythm,
    Script,
)
from qingting.linkage.models import Handoff


class FollowUpRule(Row):
    """Whom to ask when, by which channel, how often, and what a bad answer does. Empty fits all; the first from the top counts,
    one's own before those from above."""

    position = models.IntegerField()
    category = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, blank=True)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PHONE)
    script = models.CharField(max_length=12, choices=Script, default=Script.USUAL)
    on_low = models.CharField(max_length=10, choices=LowRating, default=LowRating.REVIEW)
    wait_hours = models.SmallIntegerField(default=0)
    most_attempts = models.SmallIntegerField(default=MOST_ATTEMPTS)
    spacing_hours = models.SmallIntegerField(default=SPACING_HOURS)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "position"], name="followups_rule_in_order")]


class TrackingPlan(Row):
    """Keeping in touch over months and years. visits: contacts that fell due so far; next_at: None once the rhythm has run out;
    words: why it rests, or what it came to."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tracking_plans")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    purpose = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.RUNNING)
    keeper_account_id = models.BigIntegerField()
    visits = models.SmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="followups_plan_due", condition=models.Q(state="RUNNING")),
            models.Index(fields=["organisation_id", "state"], name="followups_plan_list"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(state="ENDED"), name="followups_one_plan_per_case"
            )
        ]


class FollowUp(Row):
    """A call to the young person after the work is done, by someone who did not do it; or the next contact of a plan.

    not_before: when the next attempt may be made; the terms are those of the rule at the time it was planned; handoff: the last
    time another organisation was asked to follow up in our place.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=12, choices=FollowUpKind, default=FollowUpKind.AFTER_WORK)
    plan = models.ForeignKey(TrackingPlan, null=True, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PHONE)
    script = models.CharField(max_length=12, choices=Script, default=Script.USUAL)
    on_low = models.CharField(max_length=10, choices=LowRating, default=LowRating.REVIEW)
    most_attempts = models.SmallIntegerField(default=MOST_ATTEMPTS)
    spacing_hours = models.SmallIntegerField(default=SPACING_HOURS)
    not_before = models.DateTimeField(null=True)
    callback_task_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.DUE)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    means = models.CharField(max_length=10, choices=Means, blank=True)
    helped = models.CharField(max_length=10, choices=Helped, blank=True)
    words = models.TextField(blank=True)
    done_by_account_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()
    handoff = models.ForeignKey(Handoff, null=True, on_delete=models.PROTECT, related_name="follow_ups")

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "due_at"], name="followups_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=models.Q(state="DUE"), name="followups_one_due_of_a_kind"
            )
        ]


class RatingInvitation(Row):
    """A link for the young person alone. Only the token's digest is kept; one answer, then the link is spent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="invitations")
    digest = models.BinaryField(unique=True)
    token_sealed = models.BinaryField()
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    score = models.SmallIntegerField(null=True)
    helped = models.CharField(max_length=10, choices=Helped, blank=True)
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="followups_invitation_expiry",
                condition=models.Q(rated_at=None, waived_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(rated_at=None, waived_at=None),
                name="followups_one_open_invitation",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5),
                name="followups_score_one_to_five",
            ),
        ]


class LinkMessage(Row):
    """A text message with somebody's own link, on its way. The number is sealed, and forgotten once it has gone."""

    invitation = models.ForeignKey(RatingInvitation, on_delete=models.PROTECT, related_name="messages")
    number_sealed = models.BinaryField()
    number_tail = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    account_id = models.BigIntegerField(null=True)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="followups_message_due", condition=models.Q(state="WAITING")),
            models.Index(fields=["organisation_id", "-queued_at"], name="followups_message_list"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"], condition=~models.Q(state="FAILED"), name="followups_one_message"
            )
        ]
