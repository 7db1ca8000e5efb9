"""A shift leader or a second counsellor in a call: listens unheard, whispers to the seat; a leader also joins and takes over.
The caller is told nothing of the first two; the seat sees who is there."""

from qingting.telephony import services
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.voices import follow_mode
from qingting.telephony.services import Party
from qingting.telephony.states import LegMode


async def let_listener(floor: Floor, live: LiveCall, party: Party, mode: str, *, joining: bool = False) -> str:
    """Change how a leader or a second counsellor takes part. Answers '' or why not."""
    if live.seat is None:
        return "坐席现在不在通话里。"
    if not joining:
        await _withdraw(floor, live, party)
    if mode == LegMode.SPEAK:
        await floor.bridges.join(live.bridge, party.channel)
        await floor.bridges.stop_mixing(beside=party.channel)
    else:
        await floor.bridges.keep_mixing(live.bridge, beside=party.channel)
        # The ear is on the seat: it hears both, and a whisper goes into the seat's ear only.
        ear = await floor.bridges.overhear(live.seat.channel, whisper=mode == LegMode.WHISPER)
        await floor.bridges.join(_room_of(party), party.channel, ear)
    live.others[party.channel] = Party(party.kind, party.channel, party.account_id, mode)
    await follow_mode(floor, live, live.others[party.channel])
    if joining:
        floor.note(live, services.join_leg, party=live.others[party.channel])
    else:
        floor.note(live, services.change_leg, channel=party.channel, mode=mode)
    return ""


async def take_over(floor: Floor, live: LiveCall, party: Party) -> None:
    """From listening into the talk itself."""
    if party.mode != LegMode.SPEAK:
        await _withdraw(floor, live, party)
        await floor.bridges.join(live.bridge, party.channel)
        await floor.bridges.stop_mixing(beside=party.channel)
        await follow_mode(floor, live, Party(party.kind, party.channel, party.account_id))


async def _withdraw(floor: Floor, live: LiveCall, party: Party) -> None:
    if party.mode == LegMode.SPEAK:
        await floor.bridges.leave(live.bridge, party.channel)
    else:
        await floor.bridges.leave(_room_of(party), party.channel)
        await close_room(floor, party.channel)


async def close_room(floor: Floor, channel: str) -> None:
    """The room of a leader who listened: whoever is left in it is the ear, which goes, too."""
    room = f"listening-{channel}"
    for bridge in await floor.client.get("/bridges"):
        if bridge["id"] == room:
            for ear in bridge["channels"]:
                await floor.bridges.hang_up(ear)
            await floor.bridges.close(room)


def _room_of(party: Party) -> str:
    return f"listening-{party.channel}"
