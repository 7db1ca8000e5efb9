"""Versions of the lexicon with what they were measured by, and rows that were learnt from counsellors' corrections."""

from typing import TypedDict

from django.db import models

from qingting.core.models import Row
from qingting.lexicon.states import IN_WORK, RowState, VersionKind, VersionState


class VersionFacts(TypedDict):
    """The fields that all events of a version share."""

    organisation_id: int
    province: str
    lexicon_version_id: int
    number: int


class LexiconVersion(Row):
    """One version of what an organisation, and all below it, change of the shipped rules and words.

    content: the text that screening reads, with its checksum; base: the version it was drafted on, None for the shipped data;
    measures: the account of the evaluation (see `measures`); done, total: how far that is. Who approves is never who proposed,
    except in an emergency, with a reason.
    """

    number = models.IntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind, default=VersionKind.CHANGE)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    content = models.TextField(default="{}")
    checksum = models.CharField(max_length=64)
    words = models.CharField(max_length=300, blank=True)
    days = models.SmallIntegerField(default=7)
    measures = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    refused_words = models.CharField(max_length=300, blank=True)
    proposed_by_account_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by_account_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField(max_length=300, blank=True)
    emergency = models.BooleanField(default=False)
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-number"], name="lexicon_version_list"),
            models.Index(
                fields=["submitted_at"], name="lexicon_version_measuring", condition=models.Q(state="MEASURING")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "number"], name="lexicon_version_number_once"),
            models.UniqueConstraint(
                fields=["organisation_id"], condition=models.Q(state="ACTIVE"), name="lexicon_one_version_active"
            ),
            models.UniqueConstraint(
                fields=["organisation_id"],
                condition=models.Q(state__in=[state.value for state in IN_WORK]),
                name="lexicon_one_version_in_work",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["ACTIVE", "RETIRED"])
                | models.Q(emergency=True)
                | ~models.Q(decided_by_account_id=models.F("proposed_by_account_id")),
                name="lexicon_two_people",
            ),
        ]

    def facts(self) -> VersionFacts:
        """What every event about this version says."""
        return {
            "organisation_id": self.organisation_id,
            "province": self.province,
            "lexicon_version_id": self.pk,
            "number": self.number,
        }


class TrafficShift(Row):
    """A message of recent traffic that a version reads at another level. Behind the wall of the message's organisation."""

    version = models.ForeignKey(LexiconVersion, on_delete=models.CASCADE, related_name="shifts")
    message_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    types = models.CharField(max_length=130, blank=True)

    class Meta:
        indexes = [models.Index(fields=["version", "kind"], name="lexicon_shift_version")]


class LabelledRow(Row):
    """What became of a counsellor's correction: a sentence that names nobody, with its right answer, or nothing.

    text: as the second person left it, empty where it was dismissed; type, level: '' where it is harmless.
    """

    sign_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=RowState)
    text = models.CharField(max_length=400, blank=True)
    type = models.CharField(max_length=30, blank=True)
    level = models.CharField(max_length=10, blank=True)
    edition_id = models.BigIntegerField(default=0)
    corrected_by_account_id = models.BigIntegerField()
    confirmed_by_account_id = models.BigIntegerField()
    confirmed_at = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state"], name="lexicon_row_state")]
        constraints = [
            models.UniqueConstraint(fields=["sign_id"], name="lexicon_row_once"),
            models.CheckConstraint(
                condition=~models.Q(corrected_by_account_id=models.F("confirmed_by_account_id")),
                name="lexicon_row_two_people",
            ),
        ]
