"""After a start or a silence: what Asterisk really has, set against what we thought. Asterisk is right."""

import logging
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari.client import APPLICATION
from qingting.telephony.ari.conduct import go_on_talking, go_on_waiting
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import LOST, Gone, LiveCall
from qingting.telephony.models import Leg
from qingting.telephony.selectors import Manner, manners_of, open_calls, open_legs
from qingting.telephony.services import Party
from qingting.telephony.states import LegKind, Outcome

log = logging.getLogger(__name__)

Channel = dict[str, Any]


@dataclass(slots=True)
class Found:
    """The channels of one call as they were found, by role."""

    caller: Channel | None = None
    seats: list[Channel] = field(default_factory=list)
    others: list[Channel] = field(default_factory=list)
    manner: Manner = field(default_factory=Manner)


async def reconcile(floor: Floor) -> list[Channel]:
    """Tell calls what they missed, take over calls nobody has, end what only the record believes in.

    Returns the callers' channels that belong to no call yet: they are to be greeted like any that comes in.
    """
    channels = {channel["id"]: channel for channel in await floor.client.get("/channels")}
    _tell_what_was_missed(floor, set(floor.owner) - set(channels))
    ours = (await floor.client.get(f"/applications/{APPLICATION}"))["channel_ids"]
    strangers = [channels[name] for name in ours if name in channels and name not in floor.owner]
    groups, new = _grouped(strangers)
    legs = await floor.records.answered(open_legs, call_ids=sorted(groups))
    manners = await floor.records.answered(manners_of, call_ids=sorted(groups))
    bridges = {bridge["id"]: set(bridge["channels"]) for bridge in await floor.client.get("/bridges")}
    for call_id, found in groups.items():
        found.manner = manners.get(call_id, found.manner)
        await _take_over(floor, call_id, found, legs, bridges.get(f"call-{call_id}", set()))
    floor.spawn(_end_what_is_gone(floor))
    return new


async def look_for_ghosts(floor: Floor) -> None:
    """Channels that have ended without our being told: a caller who is gone must not stand in the line for ever."""
    before = set(floor.owner)
    existing = {channel["id"] for channel in await floor.client.get("/channels")}
    _tell_what_was_missed(floor, before - existing)


def _tell_what_was_missed(floor: Floor, missing: set[str]) -> None:
    for channel in missing:
        live = floor.owner.get(channel)
        if live is not None:
            live.line_lost = live.line_lost or channel == live.caller
            floor.owner.pop(channel, None)
            live.inbox.put_nowait(Gone(channel, LOST))


def _grouped(strangers: list[Channel]) -> tuple[dict[int, Found], list[Channel]]:
    groups: dict[int, Found] = {}
    new = []
    for channel in strangers:
        variables = channel.get("channelvars") or {}
        call, role = variables.get("QT_CALL") or "", variables.get("QT_ROLE") or ""
        if not call.isdigit():
            if channel["name"].startswith("PJSIP/"):
                new.append(channel)
            continue
        found = groups.setdefault(int(call), Found())
        if role in ("caller", ""):  # a dialplan of somebody's own may say nothing; all our legs do
            found.caller = channel
        else:
            (found.seats if role == "seat" else found.others).append(channel)
    return groups, new


async def _take_over(floor: Floor, call_id: int, found: Found, legs: dict[str, Leg], inside: set[str]) -> None:
    """A call in the middle goes on; one without a seat is queued; legs without a caller are ended."""
    if call_id in floor.calls or found.caller is None:
        for channel in (*found.seats, *found.others):
            await floor.bridges.hang_up(channel["id"])
        return
    live = LiveCall(call_id, found.caller["id"], found.manner.language, held=found.caller["id"] not in inside)
    live.notice_due = found.manner.notice_due
    floor.add(live)
    for channel in (*found.seats, *found.others):
        await _place(floor, live, channel, legs, inside)
    if live.seat is not None or live.goes_on_without_seat():
        live.answered = True
        log.info("took over call %s in the middle of a talk", call_id)
        floor.spawn(go_on_talking(floor, live))
    else:
        live.held = False
        log.info("took over call %s, which waits", call_id)
        floor.spawn(go_on_waiting(floor, live))


async def _place(floor: Floor, live: LiveCall, channel: Channel, legs: dict[str, Leg], inside: set[str]) -> None:
    name, variables = channel["id"], channel.get("channelvars") or {}
    leg, account = legs.get(name), int(variables.get("QT_ACCOUNT") or 0) or None
    if leg is None and name not in inside:
        await floor.bridges.hang_up(name)  # was only ringing, or nobody knows what for
        return
    floor.belongs(name, live)
    if leg is not None and leg.kind != LegKind.SEAT:
        live.others[name] = Party(leg.kind, name, leg.account_id, leg.mode)
    elif variables.get("QT_ROLE") == "police":
        live.others[name] = Party(LegKind.POLICE_110, name)
    else:
        live.seat = Party(LegKind.SEAT, name, leg.account_id if leg else account)
        if leg is None:
            floor.note(live, services.take_call, account_id=account or 0, channel=name)


async def _end_what_is_gone(floor: Floor) -> None:
    """Calls that only the record believes in were lost with their Asterisk: whoever called is called back."""
    for call in await floor.records.answered(open_calls, asterisk=settings.ASTERISK_NAME):
        if call.id not in floor.calls:
            floor.records.note(call.id, services.end_call, call_id=call.id, outcome=Outcome.LOST, at=time.now())
