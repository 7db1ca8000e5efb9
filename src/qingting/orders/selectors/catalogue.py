"""The dispatch catalogue: which one counts, what it proposes, and what a draft would have done last month."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from qingting.cases.models import Case
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.models import CaseCategory, Organisation
from qingting.directory.rules import division_line
from qingting.directory.states import OrganisationKind
from qingting.orders import rules
from qingting.orders.models import Catalogue, CatalogueLine
from qingting.orders.permissions import CONFIGURE
from qingting.orders.rules import Matter
from qingting.orders.states import NOT_HANDLING_KINDS, TRIAL_DAYS, CatalogueState, HandlerRule

_KIND_OF = {
    HandlerRule.COUNTY: OrganisationKind.COUNTY,
    HandlerRule.CITY: OrganisationKind.CITY,
    HandlerRule.PROVINCE: OrganisationKind.PROVINCE,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the catalogue proposes: a handler (None: whoever is near), and minutes for accepting and for the work (None: as
    usual), counted in working time or around the clock."""

    handler: Organisation | None = None
    accept_minutes: int | None = None
    work_minutes: int | None = None
    working_time: bool = False


def catalogues(actor: Actor) -> list[Catalogue]:
    """Those of the organisation acted for, drafts first, then the latest to begin."""
    actor.require(CONFIGURE)
    mine = Catalogue.objects.filter(organisation_id=actor.organisation_id).order_by(
        "-state", "-active_from", "-made_at"
    )
    return list(mine)


def catalogue_of(actor: Actor, catalogue_id: int) -> Catalogue:
    """One of them; NotFound otherwise."""
    actor.require(CONFIGURE)
    found = Catalogue.objects.filter(organisation_id=actor.organisation_id, pk=catalogue_id).first()
    if found is None:
        raise not_found("派单目录", "orders.catalogue.not-found")
    return found


def current_catalogue(organisation_id: int, *, at: datetime) -> Catalogue | None:
    """The one that counts for an organisation: its own, else that of the nearest above; of each the latest that has begun."""
    line = directory.ancestors(organisation_id)
    with acting(EVERYTHING):
        begun = Catalogue.objects.filter(organisation_id__in=line, state=CatalogueState.ACTIVE, active_from__lte=at)
        found: dict[int, Catalogue] = {}
        for one in begun.order_by("active_from", "pk"):
            found[one.organisation_id] = one
    return next((found[house] for house in line if house in found), None)


def lines_of(catalogue: Catalogue | None) -> list[CatalogueLine]:
    """Its lines from the top. The caller may see the catalogue, or only what follows from it."""
    if catalogue is None:
        return []
    with acting(EVERYTHING):
        return list(CatalogueLine.objects.filter(catalogue=catalogue).order_by("position"))


def terms_for(case: Case, *, kind: str, urgency: str, division: str, at: datetime) -> Terms:
    """What the catalogue says of an order of this case."""
    line = rules.first_fitting(
        lines_of(current_catalogue(case.organisation_id, at=at)),
        Matter(directory.category_line(case.category), tuple(division_line(division)), kind, urgency),
    )
    if line is None:
        return Terms()
    return Terms(_Houses().of(line, division), line.accept_minutes, line.work_minutes, line.working_time)


class _Houses:
    """Who a line means at a place, each asked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Organisation | None] = {}
        self._fixed: dict[int, Organisation | None] = {}

    def of(self, line: CatalogueLine, division: str) -> Organisation | None:
        """The organisation that handles; the next one up where a place has none of that kind; None for an unknown place."""
        if line.rule == HandlerRule.FIXED:
            house_id = line.handler_organisation_id or 0
            if house_id not in self._fixed:
                self._fixed[house_id] = Organisation.objects.filter(pk=house_id, active=True).first()
            return self._fixed[house_id]
        asked = (line.rule, division)
        if asked not in self._known:
            self._known[asked] = _nearest(HandlerRule(line.rule), division)
        return self._known[asked]


_UPWARDS = [OrganisationKind.COUNTY, OrganisationKind.CITY, OrganisationKind.PROVINCE]


def _nearest(rule: HandlerRule, division: str) -> Organisation | None:
    kinds = _UPWARDS[_UPWARDS.index(_KIND_OF[rule]) :]
    near = {house.kind: house for house in directory.handlers_for(division).exclude(kind__in=NOT_HANDLING_KINDS)}
    return next((near[kind] for kind in kinds if kind in near), None)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a catalogue would have done with last month's contacts. handlers: (name, how many), the most first;
    hits: how many each line caught, in order; unmatched: how many none did; moved: how many go elsewhere than today."""

    total: int
    handlers: list[tuple[str, int]]
    hits: list[int]
    unmatched: int
    moved: int


def tried(actor: Actor, catalogue: Catalogue, *, at: datetime) -> Trial:
    """Put a catalogue to last month's contacts of the organisation and those below. Numbers only, nobody's words."""
    actor.require(CONFIGURE)
    lines, today = lines_of(catalogue), lines_of(current_catalogue(catalogue.organisation_id, at=at))
    parents = dict(CaseCategory.objects.values_list("pk", "parent_id"))
    houses, handlers, hits = _Houses(), Counter[int](), Counter[int]()
    names: dict[int, str] = {}
    total = unmatched = moved = 0
    for category, division, urgency, count in _last_month(actor, at):
        matter = Matter((category, parents.get(category) or ""), tuple(division_line(division)), "", urgency)
        line, before = rules.first_fitting(lines, matter), rules.first_fitting(today, matter)
        house = houses.of(line, division) if line else None
        earlier = houses.of(before, division) if before else None
        total += count
        hits[line.position if line else -1] += count
        unmatched += 0 if line else count
        moved += count if (house and house.pk) != (earlier and earlier.pk) else 0
        if house:
            handlers[house.pk] += count
            names[house.pk] = house.short_name
    told = [(names[pk], count) for pk, count in handlers.most_common(30)]
    return Trial(total, told, [hits[line.position] for line in lines], unmatched, moved)


def _last_month(actor: Actor, at: datetime) -> list[tuple[str, str, str, int]]:
    recent = Contact.objects.filter(
        organisation_id__in=sorted(actor.scope.organisations), started_at__gte=at - timedelta(days=TRIAL_DAYS)
    ).exclude(category="")
    grouped = recent.values_list("category", "declared_division", "risk_level").annotate(count=Count("pk"))
    return [(category, division or actor.province, urgency, count) for category, division, urgency, count in grouped]
