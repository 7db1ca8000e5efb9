"""Seekers, their vault, consents, and the reasons for which somebody looked behind the mask."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qingting.core.models import Row
from qingting.seekers.states import (
    AgeBand,
    ConsentBasis,
    DatumKind,
    Gender,
    OpeningReason,
    SpecialGroup,
    UnmaskReasonCode,
)


class Seeker(Row):
    """A person who asks for help. Anonymity is allowed: everything but the pseudonym may be empty, never guessed."""

    pseudonym = models.CharField(max_length=20)
    age_band = models.CharField(max_length=20, choices=AgeBand, blank=True)
    gender = models.CharField(max_length=10, choices=Gender, blank=True)
    special_groups = ArrayField(models.CharField(max_length=30, choices=SpecialGroup), default=list)
    created_at = models.DateTimeField()


class PersonalDatum(Row):
    """One sealed value. `blind_index` finds equal values; `tail` is the masked form's visible end."""

    seeker = models.ForeignKey(Seeker, on_delete=models.PROTECT, related_name="data")
    kind = models.CharField(max_length=20, choices=DatumKind)
    sealed = models.BinaryField()
    key_version = models.SmallIntegerField()
    blind_index = models.BinaryField(null=True)
    tail = models.CharField(max_length=8, blank=True)
    stored_at = models.DateTimeField()
    stored_by_account_id = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["blind_index"], name="seekers_datum_blind_index"),
            models.Index(fields=["key_version", "id"], name="seekers_datum_key_version"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["seeker", "kind"],
                condition=models.Q(replaced_at=None),
                name="seekers_datum_current_once",
            )
        ]


class UnmaskReason(Row):
    """Why somebody looked: a code and the words they gave."""

    seeker = models.ForeignKey(Seeker, on_delete=models.PROTECT)
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=DatumKind)
    reason_code = models.CharField(max_length=30, choices=UnmaskReasonCode)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class Consent(Row):
    """On which basis personal data are kept or passed on, for what, since when, until when."""

    seeker = models.ForeignKey(Seeker, on_delete=models.PROTECT, related_name="consents")
    basis = models.CharField(max_length=20, choices=ConsentBasis)
    purpose = models.CharField(max_length=60)
    words = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()
    recorded_by_account_id = models.BigIntegerField()
    withdrawn_at = models.DateTimeField(null=True)


class SeekerMerge(Row):
    """A person judged that two records are the same young person. Nothing is rewritten: the growth file reads both, and undoing
    this separates them again exactly as they were. organisation_id: that of `kept`."""

    kept = models.ForeignKey(Seeker, on_delete=models.PROTECT, related_name="absorbed")
    merged = models.ForeignKey(Seeker, on_delete=models.PROTECT, related_name="merges")
    words = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    at = models.DateTimeField()
    undone_by_account_id = models.BigIntegerField(null=True)
    undone_words = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="seekers_merged_into_one"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="seekers_merge_of_two"),
        ]


class FileOpening(Row):
    """Why somebody opened a growth file that is not their own matter. organisation_id: where they acted."""

    seeker = models.ForeignKey(Seeker, on_delete=models.PROTECT)
    account_id = models.BigIntegerField()
    reason_code = models.CharField(max_length=20, choices=OpeningReason)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "seeker", "ends_at"], name="seekers_opening_mine")]
