"""Pure rules of a chain: what a party may do, where the chain stands, what each house may read, which clocks run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qingting.chains.states import (
    ACTS,
    ENDED,
    MEASURED,
    READS_PERSON,
    STAGES,
    TELLS,
    WATCHES,
    Act,
    Measured,
    Role,
    Stage,
    Standing,
    Watch,
)

Standings = Mapping[str, str]
"""Where each role stands, by its code."""

_S = Standing
_STAGE_OF = {
    _S.TAKEN: Stage.ON_SITE,
    _S.UNDER_WAY: Stage.ON_SITE,
    _S.NOT_FOUND: Stage.ON_SITE,
    _S.REACHED: Stage.REPORTING,
    _S.SETTLED: Stage.AFTERCARE,
    _S.AFTERCARE: Stage.AFTERCARE,
    _S.DONE: Stage.AFTERCARE,
}
_REACHED = frozenset({_S.REACHED, _S.SETTLED, _S.AFTERCARE, _S.DONE})
UNSETTLED = frozenset({_S.SILENT, _S.TAKEN, _S.REFUSED, _S.UNDER_WAY, _S.NOT_FOUND, _S.REACHED})
"""While the destination stands so, nobody knows how it went, and the cases stay open."""


def at_the_start() -> dict[str, str]:
    """Nobody has done anything."""
    return {role.value: _S.SILENT.value for role in Role}


def target_of(act: Act, standing: str) -> str | None:
    """Where the act leads its party from this standing; None where it may not be done."""
    return (act.target or standing) if standing in act.sources else None


def stage_of(standings: Standings) -> Stage:
    """Where the chain as a whole stands: the word of the national desk counts first; whoever has reached the person outweighs a
    withdrawal that crossed it."""
    there, nation = standings[Role.DESTINATION], standings[Role.NATIONAL]
    if nation == _S.REDIRECTED:
        return Stage.REDIRECTED
    if nation == _S.SIGNED_OFF:
        return Stage.OVER
    if standings[Role.ORIGIN] == _S.WITHDRAWN and there not in _REACHED:
        return Stage.WITHDRAWN
    if standings[Role.ORIGIN] == _S.DRILLED:
        return Stage.DRILLED
    waiting = Stage.SUPERVISION if nation == _S.SILENT else Stage.PASSING_ON
    return _STAGE_OF.get(Standing(there), waiting)


def done_stages(standings: Standings) -> frozenset[Stage]:
    """Which of the five links have been done, whatever came first."""
    there = standings[Role.DESTINATION]
    done = {
        Stage.SUPERVISION: standings[Role.NATIONAL] != _S.SILENT,
        Stage.PASSING_ON: there not in {_S.SILENT, _S.REFUSED},
        Stage.ON_SITE: there in _REACHED,
        Stage.REPORTING: there in _REACHED - {_S.REACHED},
        Stage.AFTERCARE: there == _S.DONE,
    }
    return frozenset(stage for stage in STAGES if done[stage])


def may_act(act: Act, standings: Standings, *, centre_asked: bool = False, drill: bool = False) -> bool:
    """Whether a party may do this now, as far as its own house knows. drill: in an exercise."""
    if act.drill and not drill:
        return False
    if target_of(act, standings[act.role]) is None:
        return False
    if act.alive and stage_of(standings) in ENDED:
        return False
    if act.destination and standings[Role.DESTINATION] not in act.destination:
        return False
    if act.role == Role.CENTRE:
        return centre_asked
    return act.code != "ASK_CENTRE" or not centre_asked or standings[Role.CENTRE] in {_S.DECLINED, _S.LEFT}


def acts_open_to(role: str, standings: Standings, *, centre_asked: bool = False, drill: bool = False) -> list[Act]:
    """What a party may do now, in the order of the table. Raising is done from a case, or as an exercise."""
    mine = [act for act in ACTS.values() if act.role == role and act.code != "RAISE"]
    return [act for act in mine if may_act(act, standings, centre_asked=centre_asked, drill=drill)]


def readers_of(holder: str, author: str, *, centre_asked: bool) -> tuple[Role, ...]:
    """Whom the owner of a file tells what `author` wrote."""
    told = TELLS.get((Role(holder), Role(author)), ())
    return tuple(role for role in told if role != Role.CENTRE or centre_asked)


def reads_words(role: str, act: Act) -> bool:
    """Whether a party reads the words of an act."""
    return not act.private or role in READS_PERSON


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, as the rules need it."""

    act: str
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How long one measured part took. begun, done: None where it has not come to that."""

    what: Measured
    begun: datetime | None
    done: datetime | None

    @property
    def seconds(self) -> int | None:
        """Whole seconds; None while it is not done."""
        if self.begun is None or self.done is None:
            return None
        return int((self.done - self.begun).total_seconds())


def taken(told: Sequence[Told]) -> list[Taken]:
    """What of the five links was done when. told: the story, oldest first."""
    return [_taken(what, told) for what in MEASURED]


def _taken(what: Measured, told: Sequence[Told]) -> Taken:
    begun = next((line.at for line in told if line.act == what.begins), None)
    if begun is None:
        return Taken(what, None, None)
    return Taken(what, begun, next((line.at for line in told if line.act in what.ends and line.at >= begun), None))


def how_long(seconds: int) -> str:
    """A span as people say it, by its two largest units: 45秒, 3分12秒, 1小时, 2天4小时."""
    parts: list[str] = []
    left = seconds
    for unit, size in (("天", 86400), ("小时", 3600), ("分", 60), ("秒", 1)):
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{unit}" if count else "")
    return "".join(parts[:2]) or "0秒"


def running(role: str, standings: Standings) -> list[Watch]:
    """The clocks that run in a party's file now."""
    if stage_of(standings) in ENDED:
        return []
    return [watch for watch in WATCHES if role in watch.roles and standings[watch.role] in watch.standings]


def chain_number(origin: str, chain_id: UUID, day: str, *, drill: bool = False) -> str:
    """跨省编号: day (YYYYMMDD, on the clocks of China), province, and four signs of the id, so that no house must ask another;
    YL instead of KS for an exercise, so that it is known as one wherever its number is named."""
    return f"{'YL' if drill else 'KS'}{day}-{origin[:2]}-{chain_id.hex[:4].upper()}"
