"""Reference tables. They hold nothing about a person, so they stand outside row-level security."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from qingting.core.ids import new_id
from qingting.core.time import human_duration
from qingting.directory.states import (
    ClockKind,
    Direction,
    DivisionLevel,
    ItemClass,
    LinkMode,
    OrganisationKind,
    PartnerKind,
    Urgency,
)


class Division(models.Model):
    """An administrative division with its six-digit GB/T 2260 code."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=DivisionLevel)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        ordering = ["code"]


class Organisation(models.Model):
    """One organisation in the tree. `path`: the ids of its ancestors from the nation down, itself last."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    province = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = ArrayField(models.BigIntegerField())
    partner_kind = models.CharField(max_length=20, choices=PartnerKind, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [GinIndex(fields=["path"], name="directory_organisation_path")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="PARTNER") ^ models.Q(partner_kind=""),
                name="directory_partner_has_kind",
            )
        ]


class RegionalCover(models.Model):
    """A regional centre overlays provinces; it does not own them."""

    centre = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="covers")
    province = models.ForeignKey(Division, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "province"], name="directory_cover_once")]


class CaseCategory(models.Model):
    """A case category (案由), two levels: the parent of a second-level one is a first-level one."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    position = models.SmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]


class LinkageList(models.Model):
    """One version of the list of matters that 12355 and 110 hand to each other."""

    version = models.CharField(max_length=30, primary_key=True)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    province = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class LinkageItem(models.Model):
    """One matter of a list: its number, class, urgency, text as in the source, and how it is handed over.

    statute_text: the law's words where it follows them; link_mode_text: the source's words for the manner;
    interpretation: what we took a damaged or unclear place of the source to mean.
    """

    list = models.ForeignKey(LinkageList, on_delete=models.PROTECT, related_name="items")
    direction = models.CharField(max_length=12, choices=Direction)
    number = models.SmallIntegerField()
    item_class = models.CharField(max_length=20, choices=ItemClass)
    urgency = models.CharField(max_length=10, choices=Urgency)
    text = models.CharField(max_length=200)
    statute_text = models.CharField(max_length=300, blank=True)
    link_mode = models.CharField(max_length=30, choices=LinkMode)
    link_mode_text = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=300, blank=True)
    interpretation = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["direction", "number"]
        constraints = [models.UniqueConstraint(fields=["list", "direction", "number"], name="directory_item_once")]


class ClockRule(models.Model):
    """How long a clock runs: the default has no organisation; an organisation's own rule wins below it."""

    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE)
    kind = models.CharField(max_length=30, choices=ClockKind)
    minutes = models.IntegerField()
    warn_minutes_before = models.IntegerField()
    escalate_minutes = models.IntegerField()
    working_time = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], nulls_distinct=False, name="directory_clock_rule_once"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, warn_minutes_before__gte=0, escalate_minutes__gt=0)
                & models.Q(warn_minutes_before__lt=models.F("minutes")),
                name="directory_clock_rule_sane",
            ),
        ]

    @property
    def total(self) -> str:
        """How long it runs, in words."""
        return human_duration(timedelta(minutes=self.minutes))

    @property
    def warning(self) -> str:
        """How long before the end it warns, in words."""
        return human_duration(timedelta(minutes=self.warn_minutes_before))

    @property
    def climbing(self) -> str:
        """How often it climbs after that, in words."""
        return human_duration(timedelta(minutes=self.escalate_minutes))


class CalendarDay(models.Model):
    """A day that wins over the published calendar: declared off, or worked although it is a weekend."""

    date = models.DateField(primary_key=True)
    works = models.BooleanField()
    reason = models.CharField(max_length=100)
