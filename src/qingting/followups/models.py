"""Follow-ups and rating invitations."""

from django.db import models

from qingting.cases.models import Case
from qingting.core.models import Row
from qingting.followups.states import FollowUpState, Helped, Means


class FollowUp(Row):
    """A call to the young person after the work is done, by someone who did not do it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.DUE)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    means = models.CharField(max_length=10, choices=Means, blank=True)
    helped = models.CharField(max_length=10, choices=Helped, blank=True)
    words = models.TextField(blank=True)
    done_by_account_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "due_at"], name="followups_due")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(state="DUE"), name="followups_one_due_per_case")
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
