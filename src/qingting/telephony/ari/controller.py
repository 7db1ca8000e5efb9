"""The controller: one process, at most one a time for each Asterisk, that decides about every call.

It acts on Asterisk first and records second, so that neither a slow nor a missing database ever drops a caller.
"""

import asyncio
import contextlib
import logging
import time as clock
from datetime import timedelta

from django.conf import settings

from qingting.core import time
from qingting.core.heartbeats import beat
from qingting.core.ids import new_id
from qingting.core.pulse import keep_pulse
from qingting.telephony import rules, services
from qingting.telephony.ari.acts import perform
from qingting.telephony.ari.announcing import Announcer
from qingting.telephony.ari.bridges import Bridges
from qingting.telephony.ari.calling_back import call_back
from qingting.telephony.ari.client import AriClient, AriRefused, AriUnreachable, Event
from qingting.telephony.ari.conduct import conduct
from qingting.telephony.ari.finding import Channel, look_for_ghosts, reconcile
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.heartbeat import keep_saying, say_here
from qingting.telephony.ari.keeping import keep_all
from qingting.telephony.ari.leadership import Leadership
from qingting.telephony.ari.live import LOST, Gone, LiveCall, Pressed
from qingting.telephony.ari.records import Records
from qingting.telephony.ari.registrations import Registrations
from qingting.telephony.models import CallAct, Line
from qingting.telephony.places import ari_address, why_unavailable
from qingting.telephony.selectors import acts_asked, blocked_numbers, known_numbers, lines, offers_to_ring
from qingting.telephony.services import Arrival
from qingting.telephony.states import ActKind

log = logging.getLogger(__name__)

CALLS_OUT = (ActKind.CALL_BACK, ActKind.CALL_OUT)
BEAT_SECONDS = 2.0
LONG_AGO = timedelta(days=1)
REFRESH_SECONDS = 5.0
KNOWN_SECONDS = 60.0  # between two looks at whom we talked with lately: there may be many


class Controller:
    """Runs until it is cancelled, or until another controller has taken over."""

    def __init__(self) -> None:
        client = AriClient(ari_address, when_heard=self._heard, on_event=self._event)
        self.floor = Floor(client, Bridges(client), Records())
        self.registrations = Registrations(self.floor)
        self._announcer = Announcer(self.floor)
        self._leadership = Leadership(settings.ASTERISK_NAME, when_news=self._news)
        self._flood = rules.Flood()
        self._lines: list[Line] = []
        self._blocked: frozenset[tuple[int, bytes]] = frozenset()
        self._known: frozenset[bytes] = frozenset()
        self._known_at = 0.0
        self._begun: set[int] = set()
        self._look = asyncio.Event()
        self._news_of: set[str] = set()

    async def run(self) -> None:
        """Wait to be the only one, connect, and stay."""
        living = asyncio.gather(self._live(), keep_pulse())
        try:
            await self._leadership.acquire()
            await self._refresh()
            await self.floor.client.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._leadership.hear())
                group.create_task(self._keep_looking())
                group.create_task(self._keep_fresh())
                group.create_task(keep_saying(self.floor.client))
        finally:
            living.cancel()
            await self.floor.client.stop()
            self.floor.records.close()

    def _event(self, event: Event) -> None:
        kind = event["type"]
        if kind == "StasisStart" and event["args"][:1] == ["in"]:
            self._came_in(event["channel"], event["args"][1])
        elif kind == "ChannelDestroyed":
            self._left(event["channel"]["id"], int(event.get("cause") or 0))
        elif kind == "StasisEnd" and self._call_of(event["channel"]["id"]):
            self._left(event["channel"]["id"], LOST)  # of a caller's channel Asterisk tells us no more than this
        elif kind == "ChannelDtmfReceived":
            live = self.floor.calls.get(self._call_of(event["channel"]["id"]))
            if live is not None:
                live.inbox.put_nowait(Pressed(event["digit"]))
        elif kind in ("PeerStatusChange", "ContactStatusChange"):
            self.registrations.changed(event)

    def _left(self, channel: str, cause: int) -> None:
        live = self.floor.owner.pop(channel, None)
        if live is not None:
            live.inbox.put_nowait(Gone(channel, cause))

    def _call_of(self, caller: str) -> int:
        live = self.floor.owner.get(caller)
        return live.id if live is not None and live.caller == caller else 0

    def _came_in(self, channel: Channel, dialled: str) -> None:
        """Somebody calls. Numbers that flood the line or are blocked are turned away before anything else is done."""
        username = channel["name"].removeprefix("PJSIP/").rpartition("-")[0]
        visitor = username if username.startswith("visit-") else ""
        number = "" if visitor else rules.clean_number(channel.get("caller", {}).get("number") or "")
        line = self._line(dialled)
        if line is None or not self._let_in(line, number, visitor):
            self.floor.spawn(self._turn_away(channel["id"]))
            return
        live = LiveCall(new_id(), channel["id"], line.language)
        self.floor.add(live)
        arrival = Arrival(live.id, settings.ASTERISK_NAME, channel["id"], dialled, number, visitor)
        self.floor.spawn(conduct(self.floor, live, line, arrival))

    def _let_in(self, line: Line, number: str, visitor: str) -> bool:
        """A flood of ever-changing numbers fills the strangers' share only: whom we talked with lately, whoever is in danger
        and who calls from the portal get through beside it."""
        index = services.index_of_number(number)
        if (line.organisation_id, index) in self._blocked:
            return False
        who, moment = index or visitor.encode(), clock.monotonic()
        limit = rules.CALLS_A_MINUTE if who else rules.HIDDEN_A_MINUTE
        if not self._flood.lets_in(who, limit=limit, moment=moment):
            return False
        if visitor or index in self._known:
            return True
        return self._flood.lets_in(rules.STRANGERS, limit=settings.STRANGERS_A_MINUTE, moment=moment)

    async def _turn_away(self, channel: str) -> None:
        with contextlib.suppress(AriRefused, AriUnreachable):
            await self.floor.client.remove(f"/channels/{channel}", reason_code=17)

    def _line(self, dialled: str) -> Line | None:
        exact = next((line for line in self._lines if line.number == dialled), None)
        return exact or (self._lines[0] if self._lines else None)

    async def _heard(self) -> None:
        """The stream is heard again, or for the first time."""
        log.info("asterisk is heard")
        await say_here(self.floor.client)
        with contextlib.suppress(AriRefused, AriUnreachable):
            for channel in await reconcile(self.floor):
                if channel["id"] not in self.floor.owner:
                    self._came_in(channel, channel["dialplan"]["exten"])
            self.registrations.forget()
            await self.registrations.look()
        self._look.set()

    def _news(self, what: str) -> None:
        if what in ("blocked", "lines", "danger"):
            self._known_at = 0.0 if what == "danger" else self._known_at
            self.floor.spawn(self._refresh())
        elif what == "account" and self.floor.client.heard.is_set():
            self.floor.spawn(self._look_who_is_here())
        elif what == "announcement":
            self.floor.spawn(self._announcer.look())
        self._news_of.add(what)
        self._look.set()

    async def _look_who_is_here(self) -> None:
        with contextlib.suppress(AriRefused, AriUnreachable):
            await self.registrations.look()

    async def _keep_looking(self) -> None:
        """What the line offers, and what people ask, whenever there is news and every second."""
        while True:
            await self._look.wait()
            self._look.clear()
            news, self._news_of = self._news_of, set()
            if news != {"act"}:
                began = clock.monotonic()
                self.floor.offers.looked(await self.floor.records.answered(offers_to_ring), began=began)
            if news != {"offer"}:
                for act in await self.floor.records.answered(acts_asked, asterisk=settings.ASTERISK_NAME):
                    self._begin(act)

    def _begin(self, act: CallAct) -> None:
        if act.id in self._begun:
            return
        self._begun.add(act.id)
        work = call_back(self.floor, act) if act.kind in CALLS_OUT else perform(self.floor, act)
        self.floor.spawn(work)

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            await self._refresh()
            await self._announcer.look()
            if self.floor.client.heard.is_set():
                await self._look_who_is_here()
                with contextlib.suppress(AriRefused, AriUnreachable):
                    await look_for_ghosts(self.floor)
                    await keep_all(self.floor)

    async def _refresh(self) -> None:
        """Lines, blocked and known numbers, kept in memory: who calls is let in without asking a database."""
        self._lines = await self.floor.records.answered(lines)
        self._blocked = await self.floor.records.answered(blocked_numbers, at=time.now())
        if clock.monotonic() - self._known_at > KNOWN_SECONDS or not self._known_at:
            self._known_at = clock.monotonic()
            self._known = await self.floor.records.answered(known_numbers, at=time.now())

    async def _live(self) -> None:
        """`controller` beats while we live, `telephone` only while Asterisk is heard."""
        while True:
            heard = self.floor.client.heard.is_set()
            note = why_unavailable() if not heard else f"{len(self.floor.calls)} calls" if self.floor.calls else ""
            with contextlib.suppress(Exception):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self.floor.records.ask(_beat, heard=heard, note=note)
            await asyncio.sleep(BEAT_SECONDS)


def _beat(*, heard: bool, note: str) -> None:
    moment = time.now()
    beat("controller", at=moment)
    if heard or note:
        beat("telephone", at=moment if heard else moment - LONG_AGO, note=note)
