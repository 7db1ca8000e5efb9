"""Waiting for a person: the place in the line is told, seats ring as the line offers the call, and there is always a way out."""

import asyncio
import contextlib
from collections.abc import Sequence

from qingting.core import time
from qingting.duty.selectors import Place, place_of
from qingting.telephony import rules, services
from qingting.telephony.ari import greeting
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft, FirstWords
from qingting.telephony.ari.live import Answered, Finish, Gone, LiveCall, Offered, Pressed, Unanswered
from qingting.telephony.ari.ringing import NotReached
from qingting.telephony.ari.seats import ring_seat
from qingting.telephony.selectors import Ringing
from qingting.telephony.services import Party
from qingting.telephony.services.declining import decline_for
from qingting.telephony.states import LegKind

CALLBACK_KEY, MESSAGE_KEY = "1", "2"
WAYS_OUT = "callback-or-message"
SETTLING = 2.0  # seconds of music between the greeting and the first word about the place in the line
NOTICE_SECONDS = 10.0  # a notice that is longer than this was not played at all
NOBODY_AFTER = 12.0  # seconds without anybody ready until the ways out are offered


class WantsOut(Exception):
    """The caller chose a callback or to leave a message, or nobody is there; `way` is CALLBACK or MESSAGE."""

    def __init__(self, way: str) -> None:
        super().__init__(way)
        self.way = way


class Waiting:
    """One call's wait. `first`: what is played first, while seats are sought and ring already; None for somebody who is back."""

    def __init__(self, floor: Floor, live: LiveCall, first: FirstWords | None) -> None:
        self.floor, self.live = floor, live
        self._first = first
        self._ringing: tuple[int, asyncio.Task[None]] | None = None
        self._told_of_nobody = False
        self._told_of_ways_out = False
        self._tellings: list[asyncio.Task[None]] = []

    async def for_seat(self) -> Party:
        """Whoever picks up. Raises CallerLeft or WantsOut."""
        self._tell_anew()
        try:
            while True:
                party = self._settle(await self.live.inbox.get())
                if party is not None:
                    await self._informed(party)
                    return party
        finally:
            self._stop_ringing()
            await _over(self._tellings)

    def _tell_anew(self) -> None:
        """From the first words on; what was being said is over before."""
        before = [telling for telling in self._tellings if not telling.done()]
        for telling in before:
            telling.cancel()
        self._tellings = [*before, self.floor.spawn(self._greet_and_tell(before))]

    async def _informed(self, party: Party) -> None:
        """A seat that was faster than the notice waits for its last word, a second at most."""
        if not self.live.informed.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.live.informed.wait(), NOTICE_SECONDS)

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
        """Until the ways out were told, a key answers the greeting."""
        if not self._told_of_ways_out:
            self._choose_at_start(digit)
        elif digit == CALLBACK_KEY:
            raise WantsOut("CALLBACK")
        elif digit == MESSAGE_KEY:
            raise WantsOut("MESSAGE")

    def _choose_at_start(self, digit: str) -> None:
        """Any key ends the greeting; one that has a meaning sends the call to other people, in its place in the line."""
        asked, self._first = self._first, None
        if asked is None:
            return
        language = rules.language_of_digit(digit, asked.languages)
        skill = (rules.skill_of_digit(digit) or "") if asked.asks_skill else ""
        if language:
            self.live.language, self._first = language, asked.in_language(language)
        if language or skill:
            self.floor.note(self.live, services.choose_at_start, skill=skill, language=language)
        if self.live.informed.is_set():
            self._tell_anew()

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
            party = await ring_seat(self.floor, live, "offer", Party(LegKind.SEAT, "", account), where=offer.telephone)
        except (NotReached, AriRefused, AriUnreachable):
            live.inbox.put_nowait(Unanswered(offer.offer_id, account))
        else:
            live.inbox.put_nowait(Answered(party, offer.offer_id))

    def _declined(self, message: Unanswered) -> None:
        if self._ringing and self._ringing[0] == message.offer_id:
            self._ringing = None
        words = {"account_id": message.account_id, "offer_id": message.offer_id, "at": time.now()}
        self.floor.records.note(self.live.id, decline_for, **words)

    async def _greet_and_tell(self, before: Sequence["asyncio.Task[None]"]) -> None:
        """The notice, the greeting, music; the place in the line soon after, and then every half minute."""
        await _over(before)
        await greeting.give_notice(self.floor, self.live)
        for language, prompts in self._first.words if self._first else ():  # a key may have changed it meanwhile
            await greeting.play(self.floor, self.live, prompts, language=language)
        await self.floor.bridges.music(self.live.caller)
        await asyncio.sleep(SETTLING)
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
            prompts = ["nobody-free", WAYS_OUT]
            self._told_of_nobody = True
        elif waited > rules.ANNOUNCE_EVERY:
            prompts = [*prompts, WAYS_OUT]
        self._told_of_ways_out = self._told_of_ways_out or WAYS_OUT in prompts
        await greeting.play(self.floor, self.live, prompts)
        with contextlib.suppress(AriRefused, AriUnreachable):
            await self.floor.bridges.music(self.live.caller)


async def _over(tellings: Sequence["asyncio.Task[None]"]) -> None:
    """End them, and wait until Asterisk has done the last it was asked: music that began behind our back would stay, and
    whoever picked up would not be heard."""
    for telling in tellings:
        telling.cancel()
    if tellings:
        await asyncio.wait(tellings)
