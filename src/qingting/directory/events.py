"""What happens to organisations and to the rules they work by."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceDataLoaded(Event):
    """Divisions, categories, linkage lists or default clock rules changed; `changed_rows` counts them."""

    name: ClassVar[str] = "directory.reference-data-loaded"
    subject: ClassVar[str] = "organisation_id"
    changed_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationAdded(Event):
    name: ClassVar[str] = "directory.organisation-added"
    subject: ClassVar[str] = "organisation_id"
    parent_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChanged(Event):
    """`fields` names what changed, separated by commas."""

    name: ClassVar[str] = "directory.organisation-changed"
    subject: ClassVar[str] = "organisation_id"
    fields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalCoverSet(Event):
    """`provinces` lists the GB/T 2260 codes that the centre covers from now on, separated by commas."""

    name: ClassVar[str] = "directory.regional-cover-set"
    subject: ClassVar[str] = "organisation_id"
    provinces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRuleSet(Event):
    """From now on a clock of this kind runs so many minutes in the organisation and below it."""

    name: ClassVar[str] = "directory.clock-rule-set"
    subject: ClassVar[str] = "organisation_id"
    kind: str
    minutes: int
    working_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRuleForgotten(Event):
    """From now on a clock of this kind runs as the organisation above says."""

    name: ClassVar[str] = "directory.clock-rule-forgotten"
    subject: ClassVar[str] = "organisation_id"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDaySet(Event):
    """A day (ISO date) was declared worked or off."""

    name: ClassVar[str] = "directory.calendar-day-set"
    subject: ClassVar[str] = "organisation_id"
    day: str
    works: bool
