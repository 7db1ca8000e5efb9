"""Exports that were asked for, and the file of one while it is kept."""

from django.db import models

from qingting.core.models import Row
from qingting.exports.states import ExportState, FileFormat


class Export(Row):
    """A list taken out of the house. filters_sealed: what narrowed it, which may name a person; emptied when it expires.

    told: the filters in words that name nobody; done, total: rows; touched_at: when the worker was last at it; why: what came
    in the way, or why a colleague did not agree.
    """

    account_id = models.BigIntegerField()
    sheet = models.CharField(max_length=30)
    file_format = models.CharField(max_length=4, choices=FileFormat)
    filters_sealed = models.BinaryField()
    told = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=200)
    with_words = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ExportState)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    decided_by_account_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)
    touched_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"], name="exports_at_work", condition=models.Q(state__in=["WAITING", "RUNNING"])
            ),
            models.Index(fields=["expires_at"], name="exports_to_expire", condition=models.Q(state="READY")),
            models.Index(fields=["organisation_id", "-asked_at"], name="exports_of_house"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(with_words=False)
                | models.Q(state__in=["ASKED", "REFUSED", "CANCELLED"])
                | models.Q(decided_by_account_id__isnull=False),
                name="exports_words_need_a_second_person",
            )
        ]


class ExportFile(Row):
    """The bytes, sealed; deleted when the export expires."""

    export = models.OneToOneField(Export, on_delete=models.CASCADE, related_name="file")
    body_sealed = models.BinaryField()
