"""One call from its first to its last second."""

import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari import greeting, leaving_word, talking, waiting
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft, FirstWords
from qingting.telephony.ari.leaders import close_room
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.talking import SeatGone
from qingting.telephony.ari.waiting import WantsOut
from qingting.telephony.models import Line
from qingting.telephony.services import Arrival
from qingting.telephony.states import LISTENERS, LegKind, Outcome

log = logging.getLogger(__name__)

NOBODY_CAME = "TIMEOUT(absolute)"  # set by the dialplan: behind it a caller whom no controller took is back with it

Course = Coroutine[Any, Any, str]


async def conduct(floor: Floor, live: LiveCall, line: Line, arrival: Arrival) -> None:
    """A call that has just come in: answer, greet, find somebody, stay until it is over."""
    live.notice_due = line.greets
    if await _answered(floor, live):
        await _to_its_end(floor, live, _from_the_start(floor, live, line, arrival))


async def _answered(floor: Floor, live: LiveCall) -> bool:
    """False where the caller has hung up already, or was taken back by the dialplan, which brings them to us again."""
    try:
        await floor.client.post(f"/channels/{live.caller}/answer")
    except (AriRefused, AriUnreachable):
        floor.forget(live)
        return False
    return True


async def go_on_waiting(floor: Floor, live: LiveCall) -> None:
    """A call found without a seat by a fresh controller."""
    await _to_its_end(floor, live, _served(floor, live))


async def go_on_talking(floor: Floor, live: LiveCall) -> None:
    """A call found in the middle of a talk by a fresh controller."""
    await _to_its_end(floor, live, _talked(floor, live))


async def _to_its_end(floor: Floor, live: LiveCall, course: Course) -> None:
    """Whatever happens, the channels are ended and the record is closed."""
    outcome = Outcome.LOST
    try:
        outcome = Outcome(await course)
    except CallerLeft:
        outcome = Outcome.TALKED if live.answered else Outcome.ABANDONED
    except AriRefused as refusal:
        if refusal.status != 404:
            log.warning("asterisk refused a step of a call: %s", refusal)
        outcome = Outcome.TALKED if live.answered else Outcome.ABANDONED
    except AriUnreachable:
        log.warning("asterisk was away in the middle of a call")
    finally:
        outcome = Outcome.LOST if live.line_lost else outcome
        await _clear_away(floor, live)
        floor.note(live, services.end_call, outcome=outcome)
        if live.task_id:
            words = {"task_id": live.task_id, "outcome": outcome, "at": time.now()}
            floor.records.note(live.id, services.note_attempt, **words)
        floor.forget(live)


async def _from_the_start(floor: Floor, live: LiveCall, line: Line, arrival: Arrival) -> str:
    staffed = greeting.is_staffed(line, time.now())
    words = {"arrival": arrival, "line": line, "at": time.now()}
    if staffed:
        floor.records.note_and_hear(live.id, floor.offers.told, services.begin_waiting, **words)
    else:
        floor.records.note(live.id, services.begin_call, **words)
    floor.spawn(_remember(floor, live))
    if not staffed:
        return await leaving_word.offer_both(floor, live)
    return await _waited_and_talked(floor, live, greeting.first_words(line) if line.greets else None)


async def _remember(floor: Floor, live: LiveCall) -> None:
    """Somebody came, so that the dialplan does not take the caller back; and which call this channel is, for a controller
    that knows nothing. That it is the caller's says the dialplan."""
    with contextlib.suppress(AriRefused, AriUnreachable):
        await floor.bridges.remember(live.caller, **{NOBODY_CAME: "0", "QT_CALL": str(live.id)})


async def _served(floor: Floor, live: LiveCall, again: SeatGone | None = None) -> str:
    """Back into the line, for the same person first or for another skill; and on from there."""
    gone = again or SeatGone()
    preferred = None if gone.skill else gone.account_id
    floor.note(live, services.queue_call, skill=gone.skill, preferred=preferred)
    return await _waited_and_talked(floor, live, None)


async def _waited_and_talked(floor: Floor, live: LiveCall, first_words: FirstWords | None) -> str:
    """Wait for a person and talk; begin again where the person is lost."""
    try:
        seat = await waiting.Waiting(floor, live, first_words).for_seat()
    except WantsOut as wish:
        return await leaving_word.by_wish(floor, live, wish.way)
    try:
        await talking.connect(floor, live, seat)
        return await talking.talk(floor, live)
    except SeatGone as gone:
        return await _served(floor, live, gone)


async def _talked(floor: Floor, live: LiveCall) -> str:
    try:
        return await talking.talk(floor, live)
    except SeatGone as gone:
        if live.leg != LegKind.CALLER:
            return Outcome.TALKED  # 110, 120 or a guardian: nobody else of ours knows what it is about
        return await _served(floor, live, gone)


async def _clear_away(floor: Floor, live: LiveCall) -> None:
    try:
        for channel in live.channels():
            if channel == live.caller and channel not in floor.owner:
                continue  # has left us: hung up, or back in the dialplan, which knows what to do
            await floor.bridges.hang_up(channel)
        await floor.bridges.close(live.bridge)
        for party in live.others.values():
            if party.kind in LISTENERS:
                await close_room(floor, party.channel)
    except (AriRefused, AriUnreachable) as error:
        log.warning("a call could not be cleared away: %s", type(error).__name__)
