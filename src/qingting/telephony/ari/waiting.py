"""Waiting for a person: the place in the line is told, seats ring as the line offers the call, and there is always a way out."""

import asyncio
import contextlib
from collections.abc import Iterator

from qingting.core import time
from qingting.duty.selectors import Place, place_of
from qingting.telephony import rules, services
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft
from qingting.telephony.ari.live import Answered, Finish, Gone, LiveCall, Offered, Pressed, Unanswered
from qingting.telephony.ari.ringing import NotReached
from qingting.telephony.ari.seats import ring_seat
from qingting.telephony.selectors import Ringing
from qingting.telephony.services import Party
from qingting.telephony.services.declining import decline_for
from qingting.telephony.states import LegKind

CALLBACK_KEY, MESSAGE_KEY = "1", "2"
STRAY_SECONDS = 1.5  # a key pressed so soon was meant for the greeting, or came twice
NOBODY_AFTER = 12.0  # seconds without anybody ready until the ways out are offered


class WantsOut(Exception):
    """The caller chose a callback or to leave a message, or nobody is there; `way` is CALLBACK or MESSAGE."""

    def __init__(self, way: str) -> None:
        super().__init__(way)
        self.way = way


class Waiting:
    """One call's wait."""

    def __init__(self, floor: Floor, live: LiveCall) -> None:
        self.floor, self.live = floor, live
        self._ringing: tuple[int, asyncio.Task[None]] | None = None
        self._told_of_nobody = False
        self._began = asyncio.get_running_loop().time()

    async def for_seat(self) -> Party:
        """Whoever picks up. Raises CallerLeft or WantsOut."""
        await self.floor.bridges.music(self.live.caller)
        telling = self.floor.spawn(self._tell_now_and_then())
        try:
            while True:
                party = self._settle(await self.live.inbox.get())
                if party is not None:
                    return party
        finally:
            telling.cancel()
            self._stop_ringing()

    def _settle(self, message: object) -> Party | None:
        live = self.live
        if isinstance(message, Answered):
            self._ringing = None
            return message.party
        if isinstance(message, Gone) and message.channel == live.caller:
            raise CallerLeft
        if isinstance(message, Offered):
            self._follow(message.ringing)
        elif isinstance(message, Unanswered):
            self._declined(message)
        elif isinstance(message, Pressed):
            self._choose(message.digit)
        elif isinstance(message, Finish):
            raise WantsOut("MESSAGE")
        return None

    def _choose(self, digit: str) -> None:
        if asyncio.get_running_loop().time() - self._began < STRAY_SECONDS:
            return
        if digit == CALLBACK_KEY:
            raise WantsOut("CALLBACK")
        if digit == MESSAGE_KEY:
            raise WantsOut("MESSAGE")

    def _follow(self, offer: Ringing | None) -> None:
        """Ring whom the line offers the call to, and nobody else."""
        if self._ringing and (offer is None or offer.offer_id != self._ringing[0]):
            self._stop_ringing()
        if offer is not None and self._ringing is None:
            self._ringing = (offer.offer_id, self.floor.spawn(self._ring(offer)))

    def _stop_ringing(self) -> None:
        if self._ringing:
            self._ringing[1].cancel()
            self._ringing = None

    async def _ring(self, offer: Ringing) -> None:
        live, account = self.live, offer.account_id
        try:
            party = await ring_seat(self.floor, live, "offer", Party(LegKind.SEAT, "", account))
        except (NotReached, AriRefused, AriUnreachable):
            live.inbox.put_nowait(Unanswered(offer.offer_id, account))
        else:
            live.inbox.put_nowait(Answered(party, offer.offer_id))

    def _declined(self, message: Unanswered) -> None:
        if self._ringing and self._ringing[0] == message.offer_id:
            self._ringing = None
        words = {"account_id": message.account_id, "offer_id": message.offer_id, "at": time.now()}
        self.floor.records.note(self.live.id, decline_for, **words)

    async def _tell_now_and_then(self) -> None:
        """Soon after coming in and then every half minute; the music goes on in between."""
        await asyncio.sleep(2.0)
        began = asyncio.get_running_loop().time()
        while True:
            place = await self.floor.records.answered(place_of, subject=("call", self.live.id), at=time.now())
            if place is not None and self._ringing is None:
                await self._tell(place, waited=asyncio.get_running_loop().time() - began)
            nobody = place is not None and place.ready == 0 and not self._told_of_nobody
            await asyncio.sleep(NOBODY_AFTER if nobody else rules.ANNOUNCE_EVERY)

    async def _tell(self, place: Place, *, waited: float) -> None:
        prompts = rules.position_prompts(place.position, place.wait_seconds)
        if place.ready == 0:
            prompts = ["nobody-free", "callback-or-message"]
            self._told_of_nobody = True
        elif waited > rules.ANNOUNCE_EVERY:
            prompts = [*prompts, "callback-or-message"]
        with _whatever_happens():
            await self.floor.bridges.play(self.live.caller, prompts, language=self.live.language)
            if self.live.seat is None:
                await self.floor.bridges.music(self.live.caller)


@contextlib.contextmanager
def _whatever_happens() -> Iterator[None]:
    """An announcement that fails must not end the wait."""
    with contextlib.suppress(AriRefused, AriUnreachable):
        yield


def queue_up(floor: Floor, live: LiveCall, *, skill: str = "", preferred: int | None = None) -> None:
    """Let the call stand in the line by the record, too."""
    floor.note(live, services.queue_call, skill=skill, preferred=preferred)
