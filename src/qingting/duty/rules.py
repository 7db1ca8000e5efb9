"""Who is offered what: pure, so that fairness and danger first can be tested without a database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qingting.duty.states import PRIORITY, SPEAKS, Skill

OFFER_LASTS = timedelta(seconds=20)
HEARTBEAT_LASTS = timedelta(seconds=45)
REFUSAL_RESTS = timedelta(seconds=45)
WRAP_UP_LASTS = timedelta(minutes=2)  # product default; whoever is done sooner or later says so


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody ready at a seat. load: open engagements and offers; idle_since: when they last became free;
    reachable: a telephone of theirs would ring; occupied: a call is in their hands or on offer to them."""

    account_id: int
    skills: frozenset[str]
    load: int
    capacity: int
    idle_since: datetime
    reachable: bool = False
    occupied: bool = False

    def has_room(self, *, fills: bool) -> bool:
        """Whether one more thing fits; `fills`: it is a call, which takes a whole person."""
        return not self.occupied and self.load < self.capacity and (self.reachable or not fills)


@dataclass(frozen=True, slots=True)
class Need:
    """What something in the line needs: skill; language: a code of `SPEAKS`, '' for Mandarin, which everybody speaks; level: of
    danger, '' for none; preferred: an account the seeker knows."""

    skill: str
    language: str = ""
    level: str = ""
    preferred: int | None = None


def priority_of(level: str) -> int:
    """The place in the line that a danger level gives; 0 is served first."""
    return PRIORITY[level]


def serves(candidate: Candidate, skill: str) -> bool:
    """Whether somebody can take a matter of this skill: the skill itself or a generalist."""
    return skill in candidate.skills or Skill.GENERAL in candidate.skills


def speaks(skills: Collection[str], language: str) -> bool:
    """Whether somebody with these skills speaks it."""
    return language not in SPEAKS or SPEAKS[language] in skills


def choose(
    candidates: Sequence[Candidate], need: Need, *, refused: Collection[int], fills: bool = False
) -> Candidate | None:
    """The person to offer a matter to, or None.

    Whom the seeker knows comes first, then who speaks their language, then who is idle longest; for a matter in danger who
    has the least to do comes first, and an exact skill is no longer required when nobody with it is free. Nobody waits
    only because of a language: somebody who answers can bring in a colleague.
    """
    free = [c for c in candidates if c.has_room(fills=fills) and c.account_id not in refused]
    fitting = [c for c in free if serves(c, need.skill)]
    if not fitting and need.level:
        fitting = free
    known = [c for c in fitting if c.account_id == need.preferred]
    ranked = sorted(
        known or fitting, key=lambda c: (not speaks(c.skills, need.language), c.load, c.idle_since, c.account_id)
    )
    return ranked[0] if ranked else None


def estimated_wait(position: int, recent_waits: Sequence[float], ready: int) -> int | None:
    """Seconds a person at `position` (from 1) is likely to wait: the recent typical wait, scaled by place; None when
    nobody is at a seat, because a made-up number would be worse than none."""
    if ready == 0:
        return None
    typical = sorted(recent_waits)[len(recent_waits) // 2] if recent_waits else 20.0
    return max(5, round(typical * (position + ready - 1) / ready))


def load_by_account(engaged: Sequence[int], offered: Sequence[int]) -> Mapping[int, int]:
    """How many things each account has in hand or on offer."""
    counts: dict[int, int] = {}
    for account_id in (*engaged, *offered):
        counts[account_id] = counts.get(account_id, 0) + 1
    return counts
