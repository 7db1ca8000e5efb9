"""One call from its first to its last second."""

import logging
from collections.abc import Coroutine
from typing import Any

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari import greeting, leaving_word, talking, waiting
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.talking import SeatGone
from qingting.telephony.ari.waiting import WantsOut
from qingting.telephony.models import Line
from qingting.telephony.services import Arrival
from qingting.telephony.states import Outcome

log = logging.getLogger(__name__)

Course = Coroutine[Any, Any, str]


async def conduct(floor: Floor, live: LiveCall, line: Line, arrival: Arrival) -> None:
    """A call that has just come in: answer, greet, find somebody, stay until it is over."""
    await _to_its_end(floor, live, _from_the_start(floor, live, line, arrival))


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
    await floor.client.post(f"/channels/{live.caller}/answer")
    floor.records.note(live.id, services.begin_call, arrival=arrival, at=time.now())
    await floor.bridges.remember(live.caller, QT_CALL=str(live.id), QT_ROLE="caller")
    skill = await greeting.greet(floor, live, line) if line.greets else ""
    if not greeting.is_staffed(line, time.now()):
        return await leaving_word.offer_both(floor, live)
    return await _served(floor, live, skill)


async def _served(floor: Floor, live: LiveCall, skill: str = "") -> str:
    """Wait for a person and talk; begin again where the person is lost."""
    preferred: int | None = None
    while True:
        waiting.queue_up(floor, live, skill=skill, preferred=preferred)
        try:
            seat = await waiting.Waiting(floor, live).for_seat()
        except WantsOut as wish:
            return await leaving_word.by_wish(floor, live, wish.way)
        await talking.connect(floor, live, seat)
        try:
            return await talking.talk(floor, live)
        except SeatGone as gone:
            skill, preferred = gone.skill, None if gone.skill else seat.account_id


async def _talked(floor: Floor, live: LiveCall) -> str:
    try:
        return await talking.talk(floor, live)
    except SeatGone as gone:
        return await _served(floor, live, gone.skill)


async def _clear_away(floor: Floor, live: LiveCall) -> None:
    try:
        for channel in live.channels():
            await floor.bridges.hang_up(channel)
        await floor.bridges.close(live.bridge)
    except (AriRefused, AriUnreachable) as error:
        log.warning("a call could not be cleared away: %s", type(error).__name__)
