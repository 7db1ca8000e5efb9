"""Which browsers are signed in at Asterisk: a seat whose browser is can be rung."""

import asyncio
import contextlib
import time as clock

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari.client import APPLICATION, AriRefused, Event
from qingting.telephony.ari.floor import Floor
from qingting.telephony.models import SipAccount
from qingting.telephony.selectors import live_sip_accounts

_HERE = frozenset({"Registered", "Reachable"})
_AWAY = frozenset({"Unregistered", "Unreachable"})
_OURS = ("seat-", "visit-")
_RINGS = "seat-"
ISSUING = 10.0  # seconds in which an account that Asterisk knows and the record does not may still be being issued


class Registrations:
    """Kept by events, and looked over now and then because events can be missed.

    Events are asked for seat by seat: asked for all of SIP at once, Asterisk tells every event of every caller twice, so
    that one key pressed counts as two.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._here: dict[str, bool] = {}
        self._unknown: dict[str, float] = {}
        self._looking = asyncio.Lock()
        self._told_of: set[str] = set()
        self._accounts: dict[str, str] = {}

    def forget(self) -> None:
        """Asterisk's memory of what we want to hear may be gone with our stream: ask anew."""
        self._told_of.clear()

    def changed(self, event: Event) -> None:
        """A browser came or went."""
        name = (event.get("endpoint") or {}).get("resource", "")
        status = (event.get("peer") or event.get("contact_info") or {}).get(
            "peer_status" if "peer" in event else "contact_status", ""
        )
        if status in _HERE or status in _AWAY:
            self._note(name, here=status in _HERE)

    async def look(self) -> None:
        """What Asterisk says now; accounts whose login is over are ended there, too."""
        async with self._looking:
            known = await self._floor.records.answered(live_sip_accounts, at=time.now())
            await self._leave_old_pages(known)
            await self._ask_for_events({name for name in known if name.startswith(_RINGS)})
            found = await self._floor.client.get("/endpoints/PJSIP")
            states = {thing["resource"]: thing["state"] for thing in found if thing["resource"].startswith(_OURS)}
            for name, state in states.items():
                if name in known:
                    self._compare(name, known[name], here=state == "online")
            await self._end_strangers(states.keys() - known.keys())

    def _compare(self, name: str, account: SipAccount, *, here: bool) -> None:
        if account.registered != here:
            self._here.pop(name, None)
        self._note(name, here=here)

    async def _end_strangers(self, names: set[str]) -> None:
        now = clock.monotonic()
        self._unknown = {name: self._unknown.get(name, now) for name in names}
        for name, since in self._unknown.items():
            if now - since > ISSUING:
                await self._end(name)

    async def _ask_for_events(self, seats: set[str]) -> None:
        """Of those whose coming and going we are not told yet. One that Asterisk does not know yet is asked for again."""
        self._told_of &= seats
        for name in seats - self._told_of:
            with contextlib.suppress(AriRefused):
                where = f"/applications/{APPLICATION}/subscription"
                await self._floor.client.post(where, eventSource=f"endpoint:PJSIP/{name}")
                self._told_of.add(name)

    def _note(self, name: str, *, here: bool) -> None:
        if name.startswith(_OURS) and self._here.get(name) != here:
            self._here[name] = here
            words = {"username": name, "registered": here, "at": time.now()}
            self._floor.records.note(0, services.note_registration, **words)
            self._floor.spawn(self._tell_when_written())
            if here and name.startswith(_RINGS):
                self._floor.spawn(self._look_at_old_pages())

    async def _look_at_old_pages(self) -> None:
        await self._leave_old_pages(await self._floor.records.answered(live_sip_accounts, at=time.now()))

    async def _tell_when_written(self) -> None:
        """Whoever waits for a seat to come back can ring it from now on."""
        await self._floor.records.settled(0)
        self._floor.tell_of_seats()

    async def _leave_old_pages(self, known: dict[str, SipAccount]) -> None:
        """A leg of a page whose account has ended is a ghost once the same person has another page: its caller comes over.

        The new page rings as soon as it is signed in. A leg of a telephone of their own, or of another login, goes on.
        """
        self._accounts = {leg: used for leg, used in self._accounts.items() if leg in self._floor.owner}
        persons = {account.account_id for name, account in known.items() if name.startswith(_RINGS)}
        for live in list(self._floor.calls.values()):
            seat = live.seat
            if seat is not None and seat.account_id in persons and not live.seat_lost:
                used = await self._account_of(seat.channel)
                if used.startswith(_RINGS) and used not in known:
                    live.seat_lost = True
                    await self._floor.bridges.hang_up(seat.channel)

    async def _account_of(self, channel: str) -> str:
        """The account by which a leg was rung, asked once a leg; '' for one that has just ended."""
        used = self._accounts.get(channel)
        if used is None:
            with contextlib.suppress(AriRefused):
                leg = (await self._floor.client.get(f"/channels/{channel}"))["name"]
                self._accounts[channel] = used = leg.removeprefix("PJSIP/").rsplit("-", 1)[0]
        return used or ""

    async def _end(self, name: str) -> None:
        self._here.pop(name, None)
        for kind in ("endpoint", "aor", "auth"):
            with contextlib.suppress(AriRefused):
                await self._floor.client.remove(f"/asterisk/config/dynamic/res_pjsip/{kind}/{name}")
        self._floor.records.note(0, services.end_account, username=name, at=time.now())
