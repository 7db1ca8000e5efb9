"""A chain as its page shows it to one party."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qingting.chains import rules, selectors
from qingting.chains.models import Chain
from qingting.chains.states import ENDED, STAGES, Act, Role, Stage
from qingting.core.actors import Actor
from qingting.core.time import local
from qingting.directory.states import ClockKind
from qingting.linkage.permissions import OPERATE

# The act that carries the chain on, by role; the page shows it first and open. All others lie behind their names.
_FORWARD = ("SUPERVISE", "ACCEPT", "SET_OUT", "REACH", "SETTLE", "BEGIN_CARE", "VISIT", "SIGN_OFF", "ASSIST", "ADVISE")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five links."""

    label: str
    done: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """An act that may be done now, with what to choose from."""

    act: Act
    first: bool
    codes: list[tuple[str, str]]
    places: list[tuple[str, str]]


def steps_of(chain: Chain) -> list[Step]:
    """The five links, those done, and the one that is under way."""
    done = rules.done_stages(chain.standings())
    return [Step(str(stage.label), stage in done, chain.stage == stage) for stage in STAGES]


def shown(actor: Actor, chain: Chain, *, at: datetime) -> dict[str, Any]:
    """Everything the page of one chain needs."""
    role = Role(chain.role)
    acts = actor.may(selectors.PERMISSIONS[role], chain.organisation_id)
    in_sight = selectors.may_read_person(actor, chain)
    return {
        "row": chain,
        "role": role,
        "names": selectors.party_names(chain),
        "steps": steps_of(chain),
        "parties": selectors.parties_of(chain),
        "lines": selectors.timeline(chain)[::-1],
        "clocks": [(clock, str(ClockKind(clock.kind).label)) for clock in selectors.clocks_of(chain)],
        "offered": _offered(chain) if acts else [],
        "may_read_person": in_sight,
        "has_facts": in_sight and bool(selectors.facts_of(chain)),
        "may_operate": actor.may(OPERATE),
        "redirect": _redirected(chain) if acts and role == Role.ORIGIN else "",
        "next_day": f"{local(at) + timedelta(days=7):%Y-%m-%d}",
        "ended": chain.stage in ENDED,
    }


def _redirected(chain: Chain) -> str:
    """Where the national desk wants it to go, while nobody has followed."""
    if chain.stage != Stage.REDIRECTED or chain.continued.exists():
        return ""
    return selectors.region_name(chain.redirected_to)


def _offered(chain: Chain) -> list[Offered]:
    asked = bool(chain.centre_region)
    found = rules.acts_open_to(chain.role, chain.standings(), centre_asked=asked, drill=chain.drill)
    forward = next((act.code for code in _FORWARD for act in found if act.code == code), "")
    rows = [_offer(chain, act, act.code == forward) for act in found]
    return sorted(rows, key=lambda row: not row.first)


def _offer(chain: Chain, act: Act, first: bool) -> Offered:
    codes = [(str(value), str(label)) for value, label in act.codes.choices] if act.codes else []
    places: list[tuple[str, str]] = []
    if act.code == "ASK_CENTRE":
        places = selectors.centres()
    if act.code == "REDIRECT":
        there = selectors.provinces_to_tell(chain.origin_region)
        places = [(row.pk, row.name) for row in there if row.pk != chain.destination_region]
    return Offered(act, first, codes, places)
