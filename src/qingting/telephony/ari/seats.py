"""Ringing a counsellor, wherever they sit: at a browser, or at a telephone of their own."""

import asyncio

from qingting.telephony.ari.client import AriRefused
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.ringing import NotReached, Ring, ring
from qingting.telephony.places import dial_number
from qingting.telephony.selectors import SeatTelephone, seat_telephone
from qingting.telephony.services import Party
from qingting.telephony.services.numbers import number_of_telephone

RING_SECONDS = 20
KEY_SECONDS = 10.0


async def ring_seat(
    floor: Floor, live: LiveCall, purpose: str, party: Party, *, where: SeatTelephone | None = None
) -> Party:
    """The party with the channel of whoever picked up. Raises NotReached. `purpose`: see docs/telephony.md; where: the
    telephone, if it is known already."""
    account = party.account_id or 0
    where = where or await floor.records.answered(seat_telephone, account_id=account)
    if where is None:
        raise NotReached("UNREACHABLE")
    channel = await ring(floor.client, _ring_of(where, live, purpose, account))
    if where.sealed_number:
        await _confirmed(floor, channel)
    floor.belongs(channel, live)
    return Party(party.kind, channel, party.account_id, party.mode)


def _ring_of(where: SeatTelephone, live: LiveCall, purpose: str, account: int) -> Ring:
    if where.sealed_number:
        endpoint = dial_number(number_of_telephone(where.sealed_number))
        return Ring(endpoint, live.id, "seat", live.caller, account, RING_SECONDS)
    headers = {"X-Qingting-Call": str(live.id), "X-Qingting-Purpose": purpose}
    return Ring(f"PJSIP/{where.username}", live.id, "seat", live.caller, account, RING_SECONDS, headers)


async def _confirmed(floor: Floor, channel: str) -> None:
    """A key says that a person took it: an answering machine must not get somebody who needs help."""
    playing = floor.spawn(_asked(floor, channel))
    try:
        with floor.client.watch(channel) as watch:
            event = await watch.until(
                lambda event: event["type"] in ("ChannelDtmfReceived", "ChannelDestroyed"), seconds=KEY_SECONDS
            )
        if event["type"] == "ChannelDtmfReceived" and event["digit"] == "1":
            return
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        await asyncio.shield(floor.bridges.hang_up(channel))
        raise
    finally:
        playing.cancel()
    await floor.bridges.hang_up(channel)
    raise NotReached("NO_ANSWER")


async def _asked(floor: Floor, channel: str) -> None:
    try:
        await floor.bridges.play(channel, ["press-one-to-take", "press-one-to-take"])
    except AriRefused:
        return
