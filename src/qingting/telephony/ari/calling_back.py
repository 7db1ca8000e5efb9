"""Calling back: first the counsellor's own seat, which answers by itself, then the number, which nobody sees."""

import asyncio

from django.conf import settings

from qingting.core import time
from qingting.core.ids import new_id
from qingting.telephony import services
from qingting.telephony.ari.acts import NOT_REACHED
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.conduct import go_on_talking
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.ringing import NotReached, Ring, ring
from qingting.telephony.ari.seats import ring_seat
from qingting.telephony.models import CallAct
from qingting.telephony.places import dial_number
from qingting.telephony.services import Party
from qingting.telephony.services.outbound import begin_callback, number_of_task
from qingting.telephony.states import LegKind

RING_SECONDS = 35


async def call_back(floor: Floor, act: CallAct) -> None:
    """Do it and report. What came of it is written on the task."""
    call_id = new_id()
    try:
        problem = await _connected(floor, act, call_id)
    except NotReached:
        problem = "您的电话没有接通，请先打开电话面板。"
    except (AriRefused, AriUnreachable):
        problem = "电话系统没有接受这次呼叫，请稍后再试。"
    words = {"act_id": act.id, "problem": problem, "at": time.now()}
    floor.records.note(call_id, services.settle_act, **words)


async def _connected(floor: Floor, act: CallAct, call_id: int) -> str:
    live = LiveCall(call_id, "", task_id=act.task_id or 0)
    live.seat = await ring_seat(floor, live, "outbound", Party(LegKind.SEAT, "", act.account_id))
    seat = live.seat.channel
    words = {"act_id": act.id, "asterisk": settings.ASTERISK_NAME, "channel": seat, "at": time.now()}
    await floor.records.answered(begin_callback, call_id=call_id, **words)
    await floor.bridges.join(live.bridge, seat)
    try:
        live.caller = await _reach(floor, act, live)
    except NotReached as error:
        await floor.bridges.hang_up(seat)
        await floor.bridges.close(live.bridge)
        _note_missed(floor, act, call_id, error.outcome)
        return NOT_REACHED[error.outcome]
    live.answered = True
    floor.add(live)
    await floor.bridges.join(live.bridge, live.caller)
    await floor.bridges.remember(live.caller, QT_CALL=str(call_id), QT_ROLE="caller")
    floor.note(live, services.take_call, account_id=act.account_id, channel=seat)
    floor.spawn(go_on_talking(floor, live))
    return ""


async def _reach(floor: Floor, act: CallAct, live: LiveCall) -> str:
    """Ring the number until it answers or the counsellor gives up. Raises NotReached."""
    number = await floor.records.answered(number_of_task, task_id=act.task_id)
    seat = live.seat.channel if live.seat else ""
    what = Ring(dial_number(number), live.id, "caller", seat, seconds=RING_SECONDS)
    ringing = floor.spawn(ring(floor.client, what))
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
    floor.records.note(call_id, services.note_attempt, task_id=act.task_id or 0, outcome=outcome, at=moment)
