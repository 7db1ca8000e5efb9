"""While people talk: who leaves, who is lost and comes back, and when it is over."""

import asyncio
import contextlib
import logging

from qingting.core import time
from qingting.telephony import rules, services
from qingting.telephony.ari.asking import stop_asking, take_key
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft
from qingting.telephony.ari.leaders import close_room
from qingting.telephony.ari.live import NORMAL_CLEARING, Finish, Gone, LiveCall, Pressed, Requeue
from qingting.telephony.ari.ringing import NotReached
from qingting.telephony.ari.seats import ring_seat
from qingting.telephony.ari.voices import record_voice
from qingting.telephony.services import Party
from qingting.telephony.states import LISTENERS, Outcome

log = logging.getLogger(__name__)

LOOK_ANYWAY = 2.0  # seconds until a lost seat is rung again without news of its telephone


class SeatGone(Exception):
    """The caller is to be queued again: the counsellor vanished for good, or sent the call to another skill.

    account_id: whom the caller talked with, who comes first if they are back.
    """

    def __init__(self, skill: str = "", account_id: int | None = None) -> None:
        super().__init__(skill)
        self.skill, self.account_id = skill, account_id


async def connect(floor: Floor, live: LiveCall, seat: Party) -> None:
    """Caller and seat hear each other; the record follows. Raises CallerLeft, or SeatGone where the seat has gone already."""
    live.seat, live.held, live.seat_lost = seat, False, False
    floor.belongs(seat.channel, live)
    await floor.bridges.no_music(live.caller)
    try:
        if not live.answered:
            await floor.bridges.open(live.bridge)
        await floor.bridges.join(live.bridge, live.caller, seat.channel)
    except AriRefused as refusal:
        live.seat = None
        await floor.bridges.hang_up(seat.channel)
        if await _is_there(floor, live.caller):
            raise SeatGone from refusal
        raise CallerLeft from refusal
    live.answered = True
    floor.spawn(record_voice(floor, live, seat))
    floor.note(live, services.take_call, account_id=seat.account_id or 0, channel=seat.channel)


async def _is_there(floor: Floor, channel: str) -> bool:
    try:
        await floor.client.get(f"/channels/{channel}")
    except AriRefused:
        return False
    return True


async def talk(floor: Floor, live: LiveCall) -> str:
    """Until it is over; returns the outcome. Raises SeatGone where somebody else must be sought."""
    while True:
        message = await live.inbox.get()
        if isinstance(message, Finish):
            return message.outcome
        if isinstance(message, Requeue):
            await _release_seat(floor, live)
            raise SeatGone(message.skill)
        if isinstance(message, Pressed):
            take_key(floor, live, message.digit)
        if isinstance(message, Gone):
            await _left(floor, live, message)
            if _is_over(live):
                return Outcome.TALKED


async def _release_seat(floor: Floor, live: LiveCall) -> None:
    """The caller out of the bridge, the counsellor free."""
    stop_asking(live)
    seat, live.seat, live.held = live.seat, None, False
    await floor.bridges.leave(live.bridge, live.caller)
    if seat is not None:
        floor.owner.pop(seat.channel, None)
        await floor.bridges.hang_up(seat.channel)
        floor.note(live, services.end_leg, channel=seat.channel)


async def _left(floor: Floor, live: LiveCall, gone: Gone) -> None:
    if gone.channel == live.caller:
        live.caller_gone = True
        stop_asking(live)
        floor.note(live, services.end_leg, channel=gone.channel)
    elif live.seat and gone.channel == live.seat.channel:
        await _seat_left(floor, live, live.seat, gone)
    elif party := live.others.pop(gone.channel, None):
        if live.consulting == gone.channel:
            live.consulting = ""
        if party.kind in LISTENERS:
            floor.spawn(close_room(floor, party.channel))
        floor.note(live, services.end_leg, channel=party.channel)


async def _seat_left(floor: Floor, live: LiveCall, seat: Party, gone: Gone) -> None:
    """Hung up: it is over, unless the 110 or a leader stays with the caller. Vanished: it is rung again."""
    live.seat = None
    if gone.cause == NORMAL_CLEARING and not live.seat_lost:
        note = services.leave_seat if live.goes_on_without_seat() else services.end_leg
        floor.note(live, note, channel=seat.channel)
        return
    if not live.caller_gone:
        await _bring_back(floor, live, seat)


def _is_over(live: LiveCall) -> bool:
    if live.caller_gone:
        return not live.goes_on_without_caller()
    return live.seat is None and not live.goes_on_without_seat()


async def _bring_back(floor: Floor, live: LiveCall, seat: Party) -> None:
    """Music for the caller, and the same seat again as soon as its page is back. Raises SeatGone after a while."""
    floor.note(live, services.lose_seat)
    if not live.others:
        with contextlib.suppress(AriRefused):
            await floor.bridges.leave(live.bridge, live.caller)
            await floor.bridges.music(live.caller)
    back = floor.spawn(_ring_again(floor, live, seat))
    try:
        while not back.done():
            message = asyncio.ensure_future(live.inbox.get())
            await asyncio.wait({message, back}, return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                _meanwhile(live, message.result())
            else:
                message.cancel()
    finally:
        back.cancel()
    again = back.result()
    if again is None:
        raise SeatGone(account_id=seat.account_id)
    await connect(floor, live, again)


def _meanwhile(live: LiveCall, message: object) -> None:
    if isinstance(message, Gone) and message.channel == live.caller:
        raise CallerLeft
    if isinstance(message, Gone):
        live.others.pop(message.channel, None)


async def _ring_again(floor: Floor, live: LiveCall, seat: Party) -> Party | None:
    """Look for the seat's page until it is registered again, and ring it: it answers by itself."""
    ends = time.now().timestamp() + rules.RESUME_SECONDS
    while time.now().timestamp() < ends:
        try:
            return await ring_seat(floor, live, "resume", seat)
        except (NotReached, AriRefused, AriUnreachable):
            await floor.hear_of_seats(seconds=LOOK_ANYWAY)
    return None
