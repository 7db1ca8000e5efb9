"""Risk assessments. Where the person is stands sealed, because it says where to find a child."""

from django.db import models

from qingting.core.models import Row
from qingting.directory.states import Urgency
from qingting.risk.states import (
    Company,
    HarmToOthers,
    Ideation,
    Intent,
    Means,
    Plan,
    PreviousAttempts,
    Timing,
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
    whereabouts_source = models.CharField(max_length=30, blank=True)
    proposed_level = models.CharField(max_length=10, choices=Urgency)
    proposed_item = models.SmallIntegerField(null=True)
    level = models.CharField(max_length=10, choices=Urgency)
    reason = models.TextField(blank=True)
    assessed_by_account_id = models.BigIntegerField()
    assessed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["contact_id", "-assessed_at"], name="risk_assessment_contact"),
            models.Index(fields=["case_id"], name="risk_assessment_case"),
        ]
