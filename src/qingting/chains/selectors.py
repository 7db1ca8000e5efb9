"""Reading chains: each party its own file, and of the person only where its province is one of the two."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from qingting.cases.models import Case
from qingting.chains import rules
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.permissions import ACT, ASSIST, RAISE, SUPERVISE
from qingting.chains.states import (
    ACTS,
    ENDED,
    NATION,
    READS_PERSON,
    STAGES,
    Act,
    Outcome,
    Role,
    Stage,
    Standing,
)
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Division, Organisation
from qingting.directory.selectors import clock_span
from qingting.directory.states import DivisionLevel, OrganisationKind
from qingting.linkage.selectors import Delivery, delivery_on, desk_serving
from qingting.linkage.services import shared_link_id

WORDS, FACTS = "chains_chainentry.words_sealed", "chains_chainentry.facts_sealed"
PERMISSIONS = {Role.ORIGIN: RAISE, Role.DESTINATION: ACT, Role.NATIONAL: SUPERVISE, Role.CENTRE: ASSIST}
"""What somebody of a party needs so as to act for it."""


def visible_to(actor: Actor) -> QuerySet[Chain]:
    """The files of the actor's own organisations. The nation's sight reaches into the provinces; here it reads its own file."""
    files = Chain.objects.all()
    if actor.scope.everything:
        return files
    return files.filter(organisation_id__in=sorted(actor.scope.organisations), province=actor.province)


def chain_of(actor: Actor, chain_id: int) -> Chain:
    """One file in sight; NotFound otherwise."""
    found = visible_to(actor).select_related("case").filter(pk=chain_id).first()
    if found is None:
        raise not_found("跨省转介", "chains.chain.not-found")
    return found


def chains_page(actor: Actor, which: str, number: str, size: int) -> Page[Chain]:
    """One page: `open` (what has waited longest first), `ended`, or `drills`: exercises, those that run first."""
    if which == "drills":
        running_first = F("ended_at").desc(nulls_first=True)
        return Paginator(visible_to(actor).filter(drill=True).order_by(running_first, "-opened_at"), size).get_page(
            number
        )
    found = visible_to(actor).filter(drill=False)
    if which == "ended":
        return Paginator(found.exclude(ended_at=None).order_by("-ended_at", "-pk"), size).get_page(number)
    return Paginator(found.filter(ended_at=None).order_by("heard_at", "pk"), size).get_page(number)


def chains_of_case(actor: Actor, case_id: int) -> list[Chain]:
    """The chains of a case, the newest first."""
    return list(visible_to(actor).filter(case_id=case_id).order_by("-opened_at", "-pk"))


def told_of(actor: Actor, seeker_id: int) -> list[Chain]:
    """The chains in which something was told of a person."""
    cases = list(Case.objects.filter(seeker_id=seeker_id).values_list("pk", flat=True))
    mine = visible_to(actor).filter(case_id__in=cases, role=Role.ORIGIN)
    return list(mine.order_by("-opened_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the timeline shows it."""

    row: ChainEntry
    act: Act
    author: str
    words: str
    code: str
    facts: bool


def timeline(chain: Chain) -> list[Line]:
    """The story, oldest first, in the same order in every house. The file must have been read in sight."""
    rows = ChainEntry.objects.filter(chain=chain).order_by("at", "author", "number")
    names = party_names(chain)
    return [_line(row, names) for row in rows]


def _line(row: ChainEntry, names: Mapping[str, str]) -> Line:
    act = ACTS[row.act]
    label = str(act.codes(row.code).label) if act.codes and row.code in act.codes.values else ""
    words = unseal(bytes(row.words_sealed), field=WORDS) if row.words_sealed else ""
    return Line(row, act, names[row.author], words, label, row.facts_sealed is not None)


def may_read_person(actor: Actor, chain: Chain) -> bool:
    """Whether the actor is of one of the two provinces and acts for the party that keeps this file."""
    role = Role(chain.role)
    return role in READS_PERSON and actor.may(PERMISSIONS[role], chain.organisation_id)


def facts_of(chain: Chain) -> list[Mapping[str, Any]]:
    """What was told of the person, the first first. Only for somebody who `may_read_person`."""
    rows = ChainEntry.objects.filter(chain=chain).exclude(facts_sealed=None).order_by("at", "number")
    return [json.loads(unseal(bytes(row.facts_sealed or b""), field=FACTS)) for row in rows]


def words_behind(note_ids: list[int]) -> dict[int, str]:
    """The words of entries, for a case's timeline."""
    rows = ChainEntry.objects.filter(pk__in=note_ids).exclude(words_sealed=None)
    return {row.pk: unseal(bytes(row.words_sealed or b""), field=WORDS) for row in rows}


def region_name(region: str) -> str:
    """How people call a region: 团中央, or the division's name."""
    if region == NATION:
        return "团中央"
    return Division.objects.filter(pk=region).values_list("name", flat=True).first() or region


def region_of(chain: Chain, role: str) -> str:
    """Whose a role is; '' for a centre that nobody asked."""
    return {
        Role.ORIGIN: chain.origin_region,
        Role.DESTINATION: chain.destination_region,
        Role.NATIONAL: NATION,
        Role.CENTRE: chain.centre_region,
    }[Role(role)]


def party_names(chain: Chain) -> dict[str, str]:
    """How each party is called on the timeline."""
    return {role.value: _party_name(chain, role) for role in Role}


def _party_name(chain: Chain, role: Role) -> str:
    region = region_of(chain, role)
    if role == Role.NATIONAL:
        return "团中央"
    if role == Role.CENTRE:
        return f"{region_name(region)}区域中心" if region else "区域中心"
    return region_name(region)


_KINDS = {
    Role.NATIONAL: (OrganisationKind.NATION,),
    Role.CENTRE: (OrganisationKind.REGIONAL_CENTRE,),
    Role.ORIGIN: (OrganisationKind.STATION, OrganisationKind.PROVINCE),
    Role.DESTINATION: (OrganisationKind.STATION, OrganisationKind.PROVINCE),
}


def organisation_of(role: str, region: str) -> Organisation | None:
    """The organisation in this installation that is a party: the national desk, a centre, or a province's own station (its
    committee where it has none). None where it works in another installation or nowhere we know."""
    if desk_serving(region) is not None:
        return None
    kinds = _KINDS[Role(role)]
    active = Organisation.objects.filter(active=True, kind__in=kinds)
    if Role(role) == Role.NATIONAL:
        return active.order_by("pk").first()
    if Role(role) == Role.CENTRE:
        return active.filter(division_id=region).order_by("pk").first()
    found = active.filter(province=region).order_by("pk")
    own = found.filter(kind=OrganisationKind.STATION)
    return own.filter(division_id=region).first() or own.first() or found.filter(kind=OrganisationKind.PROVINCE).first()


def is_reachable(role: str, region: str) -> bool:
    """Whether a party works in this installation or behind a desk we know."""
    return desk_serving(region) is not None or organisation_of(role, region) is not None


def provinces_to_tell(own: str) -> list[Division]:
    """Where a chain can be raised to: every other province."""
    return list(Division.objects.filter(level=DivisionLevel.PROVINCE).exclude(pk=own).order_by("pk"))


def centres() -> list[tuple[str, str]]:
    """The regional centres by region and name."""
    rows = Organisation.objects.filter(kind=OrganisationKind.REGIONAL_CENTRE, active=True).exclude(division=None)
    return [(str(row.division_id), row.short_name) for row in rows.order_by("pk")]


@dataclass(frozen=True, slots=True)
class Party:
    """A party on the page of a chain. delivery: None where it works in this installation; phone: what to dial."""

    role: Role
    name: str
    standing: str
    mine: bool
    house: str
    phone: str
    trouble: str
    delivery: Delivery | None
    desk_id: int

    @property
    def standing_label(self) -> str:
        """Where it stands, in words."""
        return str(Standing(self.standing).label)


def parties_of(chain: Chain) -> list[Party]:
    """Who belongs to the chain, where each stands, and whether what we told it has got through."""
    names, standings = party_names(chain), chain.standings()
    there = [role for role in Role if region_of(chain, role)]
    return [_party(chain, role, names[role], standings[role]) for role in there]


def _party(chain: Chain, role: Role, name: str, standing: str) -> Party:
    region = region_of(chain, role)
    desk = desk_serving(region) if role != chain.role else None
    if desk is None:
        house = organisation_of(role, region)
        phone = house.phone if house else ""
        return Party(role, name, standing, role == chain.role, house.short_name if house else "", phone, "", None, 0)
    sent = delivery_on(shared_link_id(chain.chain_id, desk))
    trouble = "链路中断" if desk.state == "DOWN" else "已暂停发送" if desk.paused else ""
    return Party(role, name, standing, False, desk.code, desk.phone, trouble, sent, desk.pk)


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the report of an exercise. due: when a real chain's clock would have run out; None where it has none or it
    has not begun."""

    taken: rules.Taken
    party: str
    due: datetime | None

    @property
    def late(self) -> bool:
        """Done after its time."""
        return bool(self.due and self.taken.done and self.taken.done > self.due)

    @property
    def took(self) -> str:
        """How long it took, in words; '' while it is not done."""
        return rules.how_long(self.taken.seconds) if self.taken.seconds is not None else ""

    @property
    def allowed(self) -> str:
        """What the clock gives, in words; '' where there is none."""
        if self.due is None or self.taken.begun is None:
            return ""
        return rules.how_long(round((self.due - self.taken.begun).total_seconds()))


def measures(chain: Chain) -> list[Measure]:
    """How long each part of an exercise took, against the clocks of this party's organisation. The file must have been read in sight."""
    names = party_names(chain)
    told = [rules.Told(line.row.act, line.row.at) for line in timeline(chain)]
    return [_measure(chain, part, names[part.what.role]) for part in rules.taken(told)]


def _measure(chain: Chain, part: rules.Taken, party: str) -> Measure:
    due = None
    if part.begun and part.what.kind:
        due = clock_span(chain.organisation_id, part.what.kind, start=part.begun).due_at
    return Measure(part, party, due)


def clocks_of(chain: Chain) -> list[Clock]:
    """The clocks that run in this file, the soonest first. The file must have been read in sight."""
    subjects = [subject_of(chain)]
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        running = Clock.objects.filter(subject_id=chain.pk, subject_kind__in=[kind for kind, _ in subjects])
        return list(running.filter(met_at=None, cancelled_at=None).order_by("due_at"))


def subject_of(chain: Chain) -> tuple[str, int]:
    """What a clock or a notice of this file is about."""
    return ("chain_watch" if chain.role in {Role.NATIONAL, Role.CENTRE} else "chain", chain.pk)


def last_number(chain: Chain, author: str) -> int:
    """The number of an author's last entry in this file; 0 before the first."""
    found = ChainEntry.objects.filter(chain=chain, author=author).order_by("-number")
    return found.values_list("number", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The national desk's picture: open chains by stage, how many are late, and how it went since a day."""

    open: int
    late: int
    stages: Sequence[tuple[str, int]]
    since: datetime
    raised: int
    reached: int
    prevented: int


def overview(actor: Actor, *, since: datetime) -> Overview:
    """Counts over the files in sight: each chain once, since a party keeps one file of it; exercises not at all."""
    mine = visible_to(actor).filter(drill=False)
    running = mine.filter(ended_at=None)
    by_stage = dict(running.values_list("stage").annotate(n=Count("pk")))
    recent = mine.filter(opened_at__gte=since)
    return Overview(
        open=running.count(),
        late=running.filter(_is_late()).count(),
        stages=[(str(stage.label), by_stage.get(stage.value, 0)) for stage in STAGES],
        since=since,
        raised=recent.count(),
        reached=recent.exclude(destination_standing__in=sorted(rules.UNSETTLED - {"REACHED"})).count(),
        prevented=recent.filter(outcome=Outcome.SUICIDE_PREVENTED).count(),
    )


def _is_late() -> Q:
    late = Clock.objects.filter(subject_id=OuterRef("pk"), subject_kind__in=["chain", "chain_watch"], met_at=None)
    return Q(Exists(late.filter(cancelled_at=None, breached_at__isnull=False)))


def late_ids(rows: Sequence[Chain]) -> set[int]:
    """Which of these files have a clock that has run out."""
    return set(Chain.objects.filter(_is_late(), pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def is_over(chain: Chain) -> bool:
    """Whether nothing more is to be done."""
    return Stage(chain.stage) in ENDED
