"""Each party's own file of a chain, and its entries. What is told of the person lies only in the files of the two provinces."""

from django.db import models

from qingting.cases.models import Case
from qingting.chains.states import Role, Stage, Standing
from qingting.core.models import Row
from qingting.directory.states import Urgency


class Chain(Row):
    """One party's file. organisation_id keeps it; chain_id is the same in every house.

    regions: GB/T 2260 of the provinces and of the centre that was asked ('' while none was); `…_standing` where each
    party stands, `stage` what follows from it; case: this party's own, for the two provinces; order_id: the
    destination's work order; continues: the chain that was redirected and goes on in this one; drill: an exercise (演练), which
    has no case, no order, no clock and nothing of a person, and stays one for ever.
    """

    chain_id = models.UUIDField()
    role = models.CharField(max_length=12, choices=Role)
    number = models.CharField(max_length=30)
    drill = models.BooleanField(default=False)
    urgency = models.CharField(max_length=10, choices=Urgency)
    origin_region = models.CharField(max_length=6)
    destination_region = models.CharField(max_length=6)
    centre_region = models.CharField(max_length=6, blank=True)
    redirected_to = models.CharField(max_length=6, blank=True)
    origin_standing = models.CharField(max_length=12, choices=Standing, default=Standing.SILENT)
    destination_standing = models.CharField(max_length=12, choices=Standing, default=Standing.SILENT)
    national_standing = models.CharField(max_length=12, choices=Standing, default=Standing.SILENT)
    centre_standing = models.CharField(max_length=12, choices=Standing, default=Standing.SILENT)
    stage = models.CharField(max_length=12, choices=Stage)
    outcome = models.CharField(max_length=30, blank=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="chains")
    order_id = models.BigIntegerField(null=True)
    continues = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="continued")
    opened_by_account_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "ended_at", "-heard_at"], name="chains_list"),
            models.Index(fields=["case"], name="chains_of_case"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["chain_id", "organisation_id", "role"], name="chains_one_file_each"),
            models.CheckConstraint(
                condition=~models.Q(origin_region=models.F("destination_region")), name="chains_across_a_border"
            ),
            models.CheckConstraint(
                condition=models.Q(drill=False) | models.Q(case=None, order_id=None), name="chains_drill_without_work"
            ),
        ]

    def standings(self) -> dict[str, str]:
        """Where each party stands."""
        return {role.value: getattr(self, f"{role.value.lower()}_standing") for role in Role}


class ChainEntry(Row):
    """One entry of the timeline as this party may read it. number: 1, 2, 3 … of its author in this chain.

    words: '' where there are none, or where they are not for this party; facts: what was told of the person, in the
    files of the two provinces only; digest: of what was told here, to know a repetition from a contradiction.
    """

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    case_id = models.BigIntegerField(null=True)
    author = models.CharField(max_length=12, choices=Role)
    number = models.IntegerField()
    act = models.CharField(max_length=30)
    at = models.DateTimeField()
    code = models.CharField(max_length=30, blank=True)
    due_at = models.DateTimeField(null=True)
    region = models.CharField(max_length=6, blank=True)
    operator = models.CharField(max_length=32)
    account_id = models.BigIntegerField(null=True)
    words_sealed = models.BinaryField(null=True)
    facts_sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "author", "number"], name="chains_entry_once")]
