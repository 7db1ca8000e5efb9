"""Risk assessments. Where the person is stands sealed, because it says where to find a child."""

from django.db import models

from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.risk.states import (
    Behaviour,
    Company,
    CrisisStep,
    CssrsRisk,
    HarmToOthers,
    Ideation,
    Intent,
    Means,
    Plan,
    PreviousAttempts,
    Timing,
    WhereaboutsSource,
    YesNo,
)


class RiskAssessment(Row):
    """One structured assessment. It is never changed; a new one is recorded instead."""

    contact_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True)
    seeker_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    ideation = models.CharField(max_length=20, choices=Ideation)
    plan = models.CharField(max_length=20, choices=Plan)
    means = models.CharField(max_length=20, choices=Means)
    intent = models.CharField(max_length=20, choices=Intent)
    timing = models.CharField(max_length=20, choices=Timing)
    previous_attempts = models.CharField(max_length=20, choices=PreviousAttempts)
    harm_to_others = models.CharField(max_length=20, choices=HarmToOthers)
    company = models.CharField(max_length=20, choices=Company)
    protective_factors = models.TextField(blank=True)
    whereabouts_sealed = models.BinaryField(null=True)
    whereabouts_key_version = models.SmallIntegerField(null=True)
    whereabouts_source = models.CharField(max_length=30, choices=WhereaboutsSource, blank=True)
    proposed_level = models.CharField(max_length=10, choices=Urgency)
    proposed_item = models.SmallIntegerField(null=True)
    rule_version = models.CharField(max_length=20, blank=True)
    machine_level = models.CharField(max_length=10, choices=Urgency, blank=True)
    level = models.CharField(max_length=10, choices=Urgency)
    reason = models.TextField(blank=True)
    assessed_by_account_id = models.BigIntegerField()
    assessed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["contact_id", "-assessed_at"], name="risk_assessment_contact"),
            models.Index(fields=["case_id"], name="risk_assessment_case"),
            models.Index(
                fields=["whereabouts_key_version"],
                name="risk_assessment_key_version",
                condition=models.Q(whereabouts_key_version__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(whereabouts_sealed=None, whereabouts_key_version=None)
                | models.Q(whereabouts_sealed__isnull=False, whereabouts_key_version__isnull=False),
                name="risk_assessment_sealed_with_key",
            )
        ]


class CaseLink(Row):
    """Which case was opened from a contact, so that a later assessment of the same contact belongs to it too."""

    contact_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "contact_id"], name="risk_case_link_once")]


class AssessmentDraft(Row):
    """The form as typed so far by one person, sealed as a whole because it says where somebody is."""

    contact_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    sealed = models.BinaryField()
    key_version = models.SmallIntegerField()
    version = models.IntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key_version", "id"], name="risk_draft_key_version")]
        constraints = [models.UniqueConstraint(fields=["contact_id", "account_id"], name="risk_draft_one_per_person")]


class StepTaken(Row):
    """One of the five steps of a crisis, taken by somebody at a moment. Taken back, it stays on the record with its end."""

    contact_id = models.BigIntegerField()
    step = models.CharField(max_length=10, choices=CrisisStep)
    words = models.CharField(max_length=200, blank=True)
    taken_by_account_id = models.BigIntegerField()
    taken_at = models.DateTimeField()
    undone_by_account_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_id", "step"], condition=models.Q(undone_at=None), name="risk_step_taken_once"
            )
        ]


class CrisisTask(Row):
    """Who does what in a crisis: given to somebody by somebody, at a moment, until done or no longer needed."""

    contact_id = models.BigIntegerField()
    words = models.CharField(max_length=100)
    account_id = models.BigIntegerField()
    assigned_by_account_id = models.BigIntegerField()
    assigned_at = models.DateTimeField()
    done_by_account_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    done_words = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact_id", "assigned_at"], name="risk_task_contact")]


class CssrsScreen(Row):
    """The C-SSRS screener as asked once. It is never changed; asked again, it is recorded again.

    risk: what the answers come to; level, reason: what the person judged.
    """

    contact_id = models.BigIntegerField()
    wish_dead = models.CharField(max_length=10, choices=YesNo)
    thoughts = models.CharField(max_length=10, choices=YesNo)
    method = models.CharField(max_length=10, choices=YesNo)
    intent = models.CharField(max_length=10, choices=YesNo)
    plan = models.CharField(max_length=10, choices=YesNo)
    behaviour = models.CharField(max_length=10, choices=Behaviour)
    risk = models.CharField(max_length=10, choices=CssrsRisk)
    level = models.CharField(max_length=10, choices=Urgency)
    reason = models.CharField(max_length=1000, blank=True)
    asked_by_account_id = models.BigIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact_id", "-asked_at"], name="risk_cssrs_contact")]


class SafetyPlan(Row):
    """A safety plan made with the young person, one version a row, sealed because it names people and places.

    digest: of the token of the private page, None while it is not shared; token_sealed: the token, to show the link again.
    """

    contact_id = models.BigIntegerField()
    number = models.IntegerField()
    sealed = models.BinaryField()
    key_version = models.SmallIntegerField()
    written_by_account_id = models.BigIntegerField()
    written_at = models.DateTimeField()
    digest = models.BinaryField(null=True, unique=True)
    token_sealed = models.BinaryField(null=True)
    shared_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["key_version", "id"], name="risk_plan_key_version")]
        constraints = [
            models.UniqueConstraint(fields=["contact_id", "number"], name="risk_plan_number_once"),
            models.CheckConstraint(
                condition=models.Q(digest=None, token_sealed=None)
                | models.Q(digest__isnull=False, token_sealed__isnull=False),
                name="risk_plan_shared_with_token",
            ),
        ]
