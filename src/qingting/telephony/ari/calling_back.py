"""Calling out: first the counsellor's own seat, which answers by itself, then the number, which nobody sees.

Both sides are recorded like those of a call that comes in: the other side hears first that calls are.
"""

import asyncio
import contextlib
import logging

from django.conf import settings

from qingting.core import time
from qingting.core.ids import new_id
from qingting.telephony import services
from qingting.telephony.ari import greeting
from qingting.telephony.ari.acts import NOT_REACHED
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.conduct import go_on_talking
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.ringing import NotReached, ring, ring_for
from qingting.telephony.ari.seats import ring_seat
from qingting.telephony.ari.voices import record_voice
from qingting.telephony.models import CallAct
from qingting.telephony.services import Party
from qingting.telephony.services.outbound import Reach, begin_outbound, note_reached
from qingting.telephony.services.outside import note_outside
from qingting.telephony.states import LegKind, Outcome

log = logging.getLogger(__name__)
RING_SECONDS = 35


async def call_back(floor: Floor, act: CallAct) -> None:
    """Do it and report. What came of it is written on the task, or on the case."""
    call_id = new_id()
    try:
        problem = await _connected(floor, act, call_id)
    except NotReached:
        problem = "您的电话没有接通，请先打开电话面板。"
        _note_outside(floor, act, call_id, Outcome.NOT_DIALLED)
    except (AriRefused, AriUnreachable):
        problem = "电话系统没有接受这次呼叫，请稍后再试。"
        _note_outside(floor, act, call_id, Outcome.NOT_DIALLED)
    words = {"act_id": act.id, "problem": problem, "at": time.now()}
    floor.records.note(call_id, services.settle_act, **words)


async def _connected(floor: Floor, act: CallAct, call_id: int) -> str:
    live = LiveCall(call_id, "", task_id=act.task_id or 0)
    live.seat = await ring_seat(floor, live, "outbound", Party(LegKind.SEAT, "", act.account_id))
    seat = live.seat.channel
    words = {"act_id": act.id, "asterisk": settings.ASTERISK_NAME, "channel": seat, "at": time.now()}
    reach: Reach = await floor.records.answered(begin_outbound, call_id=call_id, **words)
    await floor.bridges.join(live.bridge, seat)
    try:
        live.caller = await _reach(floor, live, reach)
    except NotReached as error:
        await floor.bridges.hang_up(seat)
        await floor.bridges.close(live.bridge)
        _note_missed(floor, act, call_id, error.outcome)
        return NOT_REACHED[error.outcome]
    await _begin_talking(floor, act, live, reach)
    return ""


async def _begin_talking(floor: Floor, act: CallAct, live: LiveCall, reach: Reach) -> None:
    """They have answered: they are told of the recording, then the two hear each other."""
    live.answered, live.leg, live.notice_due = True, reach.leg, reach.informs
    floor.add(live)
    await floor.bridges.remember(live.caller, QT_CALL=str(live.id), QT_ROLE="caller")
    floor.note(live, note_reached, channel=live.caller, leg=reach.leg)
    _note_outside(floor, act, live.id, Outcome.TALKED)
    await greeting.give_notice(floor, live)
    with contextlib.suppress(AriRefused):  # hung up while they heard it: the talk below ends at once
        await floor.bridges.join(live.bridge, live.caller)
    seat = live.seat
    if seat is not None:
        floor.spawn(record_voice(floor, live, Party(reach.leg, live.caller)))
        floor.spawn(record_voice(floor, live, seat))
        floor.note(live, services.take_call, account_id=act.account_id, channel=seat.channel)
    floor.spawn(go_on_talking(floor, live))


async def _reach(floor: Floor, live: LiveCall, reach: Reach) -> str:
    """Ring the number until it answers or the counsellor gives up. Raises NotReached."""
    seat = live.seat.channel if live.seat else ""
    ringing = floor.spawn(ring(floor.client, ring_for(reach, live.id, "caller", seat, seconds=RING_SECONDS)))
    given_up = floor.spawn(_left(floor, seat))
    await asyncio.wait({ringing, given_up}, return_when=asyncio.FIRST_COMPLETED)
    given_up.cancel()
    if not ringing.done():
        ringing.cancel()
        raise NotReached("NO_ANSWER")
    return str(ringing.result())


async def _left(floor: Floor, channel: str) -> None:
    with floor.client.watch(channel) as watch:
        while (await watch.next())["type"] != "ChannelDestroyed":
            pass


def _note_missed(floor: Floor, act: CallAct, call_id: int, outcome: str) -> None:
    moment = time.now()
    floor.records.note(call_id, services.end_call, call_id=call_id, outcome=outcome, at=moment)
    if act.task_id:
        floor.records.note(call_id, services.note_attempt, task_id=act.task_id, outcome=outcome, at=moment)
    _note_outside(floor, act, call_id, outcome)


def _note_outside(floor: Floor, act: CallAct, call_id: int, outcome: str) -> None:
    if act.outside_id:
        words = {"outside_id": act.outside_id, "outcome": outcome, "at": time.now()}
        made = None if outcome == Outcome.NOT_DIALLED else call_id
        floor.records.note(call_id, note_outside, call_id=made, **words)
