"""Reading the journal of an order from its first entry: where it must stand now, whose it must be, and whether each who acted
was a party whose act it was at that moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qingting.orders.events import EVENT_OF_ACT
from qingting.orders.states import ABOVE, CO_HANDLER, HANDLER, MOVES, ORIGIN, REVIEWER, OrderState

ACT_OF_EVENT = {event.name: act for act, event in EVENT_OF_ACT.items()}
AT_WORK = {"CONSULTATION", "CASE_REPLY", "CRISIS_INTERVENTION", "ORDER_REVIEW"}
# Kinds of clocks that may run in a state; in each of these states at least one does, in all others none.
CLOCKS = {
    OrderState.DISPATCHED: {"ORDER_ACCEPTANCE"},
    OrderState.OBJECTED: {"ORDER_REVIEW"},
    OrderState.IN_PROGRESS: AT_WORK,
    OrderState.GIVEN_BACK: AT_WORK,
    OrderState.SUBMITTED: AT_WORK,
    OrderState.PAUSED: AT_WORK | {"ORDER_PAUSE"},
}


@dataclass(frozen=True, slots=True)
class Told:
    """One journal entry about an order. by_system: nobody in particular did it."""

    name: str
    ids: Mapping[str, Any]
    by_system: bool


@dataclass(slots=True)
class Replay:
    """Where the entries lead. wrong: what can't have happened, in words."""

    state: str = OrderState.DRAFTED
    handler: int | None = None
    reviewer: int | None = None
    helpers: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def replayed(entries: Iterable[Told], above: Mapping[int, Iterable[int]]) -> Replay:
    """What the entries of one order, oldest first, come to. above: the organisations over each."""
    now = Replay()
    for told in entries:
        act = ACT_OF_EVENT.get(told.name)
        if act is None:
            continue
        move = MOVES[act]
        if now.state not in move.sources:
            now.wrong.append(f"{act} out of {now.state}")
        if not told.by_system and not _was_party(now, told, move.by, above):
            now.wrong.append(f"{act} by {told.ids.get('acting_organisation')}, who was no {move.by}")
        now.state = move.leads_to(now.state)
        now.handler = told.ids.get("handler_organisation")
        now.reviewer = told.ids.get("reviewer_organisation")
        _note_helpers(now, told)
    return now


def _was_party(now: Replay, told: Told, by: Iterable[str], above: Mapping[int, Iterable[int]]) -> bool:
    """Judged by what stood before the entry; who drafted an order stays its origin."""
    acting = told.ids.get("acting_organisation")
    parties = {
        ORIGIN: {told.ids.get("organisation", acting)},
        HANDLER: {now.handler},
        REVIEWER: {now.reviewer},
        CO_HANDLER: now.helpers,
        ABOVE: set(above.get(now.handler or 0, ())),
    }
    return any(acting in parties.get(one, set()) for one in by)


def _note_helpers(now: Replay, told: Told) -> None:
    helper = int(told.ids.get("helper_organisation", 0))
    if told.name == "orders.co-handler-added":
        now.helpers.add(helper)
    elif told.name == "orders.co-handler-removed":
        now.helpers.discard(helper)
