"""What people at seats ask, done on Asterisk. Each act answers '' or says in Chinese why it could not be done."""

import logging
from collections.abc import Awaitable, Callable

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari.asking import ask_keys, end_silent
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.leaders import let_listener, take_over
from qingting.telephony.ari.live import Finish, LiveCall, Requeue
from qingting.telephony.ari.ringing import NotReached, Ring, ring, ring_for
from qingting.telephony.ari.seats import ring_seat
from qingting.telephony.ari.voices import follow_mode, record_voice
from qingting.telephony.models import CallAct, Leg
from qingting.telephony.places import dial_110
from qingting.telephony.services import Party
from qingting.telephony.services.outbound import Reach, reach_for_act
from qingting.telephony.services.outside import note_outside
from qingting.telephony.states import LISTENERS, ActKind, LegKind, LegMode, Outcome

log = logging.getLogger(__name__)

NOT_REACHED = {
    "BUSY": "对方正忙。",
    "DECLINED": "对方没有接受。",
    "NO_ANSWER": "对方没有接听。",
    "UNREACHABLE": "没有接通对方的电话。",
}
_GONE = "这个电话已经结束。"
_NO_SEAT = "坐席现在不在通话里。"


async def perform(floor: Floor, act: CallAct) -> None:
    """Do one act of a call and report. Two acts of one call wait for each other."""
    live = floor.calls.get(act.call_id or 0)
    if live is None:
        problem = _GONE
    else:
        async with live.acting:
            problem = await _done(floor, live, act)
    floor.records.note(act.call_id or 0, services.settle_act, act_id=act.id, problem=problem, at=time.now())


async def _done(floor: Floor, live: LiveCall, act: CallAct) -> str:
    try:
        return await _ACTS[act.kind](floor, live, act)
    except NotReached as error:
        return NOT_REACHED[error.outcome]
    except AriRefused as refusal:
        log.warning("asterisk refused an act of kind %s: %s", act.kind, refusal)
        return _GONE if refusal.status == 404 else "电话系统没有接受这个操作，请重试。"
    except AriUnreachable:
        return "电话系统暂时没有应答，通话本身不受影响，请稍后再试。"


async def hold(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """The caller out of the bridge, with music."""
    if live.seat is None:
        return _NO_SEAT
    if not live.held:
        await _aside(floor, live)
        floor.note(live, services.hold_call)
    return ""


async def resume(floor: Floor, live: LiveCall, act: CallAct) -> str:
    if live.consulting:
        return "请先结束咨询。"
    if live.held:
        await _back(floor, live)
        floor.note(live, services.resume_call)
    return ""


async def _aside(floor: Floor, live: LiveCall) -> None:
    await floor.bridges.leave(live.bridge, live.caller)
    await floor.bridges.music(live.caller)
    live.held = True


async def _back(floor: Floor, live: LiveCall) -> None:
    await floor.bridges.no_music(live.caller)
    await floor.bridges.join(live.bridge, live.caller)
    live.held = False


async def consult(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """The caller hears music while seat and colleague talk in the bridge that is theirs meanwhile."""
    if live.seat is None or live.consulting:
        return "已经在咨询一位同事。" if live.consulting else _NO_SEAT
    was_held = live.held
    if not was_held:
        await hold(floor, live, act)
    try:
        party = await _ring_colleague(floor, live, act, "consult")
    except NotReached:
        if not was_held:
            await resume(floor, live, act)
        raise
    await floor.bridges.join(live.bridge, party.channel)
    live.others[party.channel], live.consulting = party, party.channel
    await record_voice(floor, live, party)
    floor.note(live, services.join_leg, party=party)
    return ""


async def end_consult(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """The colleague goes, the caller is back."""
    if live.consulting:
        await floor.bridges.hang_up(live.consulting)
        live.consulting = ""
    return await resume(floor, live, act)


async def hand_over(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """The colleague who was consulted takes the call."""
    party = live.others.get(live.consulting)
    if party is None:
        return "请先咨询一位同事，对方接听后再转接。"
    live.consulting = ""
    await become_seat(floor, live, party)
    return ""


async def send_to(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Blind, but never into nothing: the colleague accepts by picking up; until then the call stays where it is."""
    if live.seat is None:
        return _NO_SEAT
    was_held = live.held
    if not was_held:
        await hold(floor, live, act)
    try:
        party = await _ring_colleague(floor, live, act, "transfer")
    except NotReached:
        if not was_held:
            await resume(floor, live, act)
        raise
    live.others[party.channel] = party
    await floor.bridges.join(live.bridge, party.channel)
    await record_voice(floor, live, party)
    await become_seat(floor, live, party)
    return ""


async def become_seat(floor: Floor, live: LiveCall, party: Party) -> None:
    """Somebody who stands in the bridge is the seat from now on; the former one is free."""
    before, live.seat = live.seat, Party(LegKind.SEAT, party.channel, party.account_id)
    live.others.pop(party.channel, None)
    if before is not None:
        await floor.bridges.hang_up(before.channel)
    if live.held:
        await _back(floor, live)
    floor.note(live, services.pass_on, to_account_id=party.account_id or 0, channel=party.channel)
    for listener in [other for other in live.others.values() if other.kind in LISTENERS]:
        await let_listener(floor, live, listener, listener.mode)


async def send_to_skill(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Back into the line for somebody of another skill; the first counsellor stays its owner until one takes it."""
    if live.seat is None:
        return _NO_SEAT
    live.inbox.put_nowait(Requeue(act.skill))
    return ""


async def _ring_colleague(floor: Floor, live: LiveCall, act: CallAct, purpose: str) -> Party:
    return await ring_seat(floor, live, purpose, Party(LegKind.COLLEAGUE, "", act.to_account_id))


async def add_110(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Three-way with 110. They may speak, or with the mode LISTEN only listen on (持续监听)."""
    if any(party.kind == LegKind.POLICE_110 for party in live.others.values()):
        return "110已经在通话里。"
    mode = act.mode or LegMode.SPEAK
    headers = {"X-Qingting-Call": str(live.id), "X-Qingting-Purpose": "three-way"}
    what = Ring(dial_110(), live.id, "police", live.caller, seconds=45, headers=headers)
    channel = await ring(floor.client, what)
    floor.belongs(channel, live)
    party = Party(LegKind.POLICE_110, channel, None, mode)
    await floor.bridges.join(live.bridge, channel)
    await floor.bridges.let_speak(channel, may=mode == LegMode.SPEAK)
    live.others[channel] = party
    floor.note(live, services.join_leg, party=party)
    await record_voice(floor, live, party)
    return ""


async def add_party(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Bring 110, 120 or a guardian into the call. A guardian hears first that calls are recorded."""
    outcome: str = Outcome.NOT_DIALLED
    try:
        reach: Reach = await floor.records.answered(reach_for_act, outside_id=act.outside_id)
        channel = await ring(floor.client, ring_for(reach, live.id, "party", live.caller, seconds=45))
        outcome = Outcome.TALKED
        floor.belongs(channel, live)
        if reach.informs:
            await floor.bridges.play(channel, ["recording-notice"])
        await floor.bridges.join(live.bridge, channel)
        party = Party(reach.leg, channel)
        live.others[channel] = party
        floor.note(live, services.join_leg, party=party)
        await record_voice(floor, live, party)
    except NotReached as error:
        outcome = error.outcome
        raise
    finally:
        words = {"outside_id": act.outside_id, "outcome": outcome, "at": time.now()}
        floor.records.note(live.id, note_outside, **words)
    return ""


async def set_mode(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Let somebody speak or only listen."""
    leg = await _leg(floor, act)
    party = live.others.get(leg.channel) if leg else None
    if party is None:
        return "对方已经不在通话里。"
    if party.kind in LISTENERS:
        return await let_listener(floor, live, party, act.mode)
    if act.mode == LegMode.WHISPER:
        return "只有值班长和旁听的同事可以只对坐席说。"
    await floor.bridges.let_speak(party.channel, may=act.mode == LegMode.SPEAK)
    live.others[party.channel] = Party(party.kind, party.channel, party.account_id, act.mode)
    await follow_mode(floor, live, live.others[party.channel])
    floor.note(live, services.change_leg, channel=party.channel, mode=act.mode)
    return ""


async def drop(floor: Floor, live: LiveCall, act: CallAct) -> str:
    leg = await _leg(floor, act)
    if leg is not None:
        await floor.bridges.hang_up(leg.channel)
    return ""


async def leave(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """One's own part ends; the others go on."""
    seat = live.seat
    if seat is not None and seat.account_id == act.account_id:
        if not live.goes_on_without_seat():
            return "您离开后没有人陪着来电人了。请先转接，或请110、值班长加入。"
        await floor.bridges.hang_up(seat.channel)
        return ""
    mine = [party.channel for party in live.others.values() if party.account_id == act.account_id]
    for channel in mine:
        await floor.bridges.hang_up(channel)
    return ""


async def hang_up(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """For everybody."""
    live.inbox.put_nowait(Finish(Outcome.TALKED))
    return ""


async def monitor(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """A leader's own seat rings, answers by itself, and hears; what they may say is the mode. Whoever was asked to listen in
    comes the same way."""
    kind = LegKind.SECOND if act.kind == ActKind.LISTEN_IN else LegKind.LEADER
    party = await ring_seat(floor, live, "monitor", Party(kind, "", act.account_id, act.mode))
    live.others[party.channel] = party
    problem = await let_listener(floor, live, party, act.mode, joining=True)
    if problem:
        await floor.bridges.hang_up(party.channel)
    return problem


async def take_over_call(floor: Floor, live: LiveCall, act: CallAct) -> str:
    party = next((p for p in live.others.values() if p.kind == LegKind.LEADER and p.account_id == act.account_id), None)
    if party is None:
        return "请先监听这个电话，再接管。"
    await take_over(floor, live, party)
    await become_seat(floor, live, party)
    return ""


async def _leg(floor: Floor, act: CallAct) -> Leg | None:
    found: Leg | None = await floor.records.answered(_find_leg, leg_id=act.leg_id)
    return found


def _find_leg(*, leg_id: int) -> Leg | None:
    return Leg.objects.filter(pk=leg_id, left_at=None).first()


Act = Callable[[Floor, LiveCall, CallAct], Awaitable[str]]
_ACTS: dict[str, Act] = {
    ActKind.HOLD: hold,
    ActKind.RESUME: resume,
    ActKind.CONSULT: consult,
    ActKind.END_CONSULT: end_consult,
    ActKind.HAND_OVER: hand_over,
    ActKind.SEND_TO: send_to,
    ActKind.SEND_TO_SKILL: send_to_skill,
    ActKind.ADD_110: add_110,
    ActKind.ADD_PARTY: add_party,
    ActKind.SET_MODE: set_mode,
    ActKind.DROP: drop,
    ActKind.LEAVE: leave,
    ActKind.HANG_UP: hang_up,
    ActKind.MONITOR: monitor,
    ActKind.LISTEN_IN: monitor,
    ActKind.TAKE_OVER: take_over_call,
    ActKind.ASK_KEYS: ask_keys,
    ActKind.END_SILENT: end_silent,
}
