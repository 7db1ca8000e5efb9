"""The platform telephones somebody by itself: dial, say the notice, wait for the key, say thanks."""

import asyncio
import logging

from qingting.core import time
from qingting.telephony import rules
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.ringing import NotReached, Ring, ring
from qingting.telephony.places import dial_110, dial_number
from qingting.telephony.selectors import announcements_over
from qingting.telephony.services.announcing import AT_ONCE, Due, claim_announcements, note_announced
from qingting.telephony.states import AnnouncementOutcome

log = logging.getLogger(__name__)

ACKNOWLEDGES = "1"
PROMPTS = {"ALERT": "announce-alert", "HANDOFF_LATE": "announce-late", "TEST": "announce-test"}
PAUSE = 1.0  # seconds between the answer and the first word, and between two times of saying it


class Announcer:
    """Dials what is due, a few at a time, and lets off what is no longer needed."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Take up what is due now."""
        async with self._looking:
            await self._let_off()
            free = AT_ONCE - len(self._under_way)
            if free > 0 and self.floor.client.heard.is_set():
                for due in await self.floor.records.answered(claim_announcements, free=free, at=time.now()):
                    self._under_way[due.announcement_id] = self.floor.spawn(self._announce(due))

    async def _let_off(self) -> None:
        self._under_way = {pk: task for pk, task in self._under_way.items() if not task.done()}
        if self._under_way:
            for pk in await self.floor.records.answered(announcements_over, ids=list(self._under_way)):
                self._under_way[pk].cancel()

    async def _announce(self, due: Due) -> None:
        outcome: str = AnnouncementOutcome.UNREACHABLE
        try:
            outcome = await _tried(self.floor, due)
        except asyncio.CancelledError:
            outcome = AnnouncementOutcome.STOPPED
            raise
        finally:
            words = {"attempt_id": due.attempt_id, "outcome": outcome, "at": time.now()}
            self.floor.records.note(due.announcement_id, note_announced, **words)


async def _tried(floor: Floor, due: Due) -> str:
    headers = {"X-Qingting-Purpose": "announcement"} if due.to_police else {}
    where = dial_110() if due.to_police else dial_number(due.number)
    what = Ring(where, due.announcement_id, "announce", seconds=due.rule.ring_seconds, headers=headers)
    try:
        channel = await ring(floor.client, what)
    except NotReached as error:
        return error.outcome
    except AriUnreachable:
        return AnnouncementOutcome.UNREACHABLE
    return await _told(floor, channel, due)


async def _told(floor: Floor, channel: str, due: Due) -> str:
    """Say it until the key is pressed, they hang up, or it has been said often enough."""
    try:
        with floor.client.watch(channel) as watch:
            saying = floor.spawn(_say(floor, channel, due))
            try:
                ended = await watch.until(
                    lambda event: (
                        event["type"] == "ChannelDestroyed"
                        or (event["type"] == "ChannelDtmfReceived" and event["digit"] == ACKNOWLEDGES)
                    ),
                    seconds=rules.TELLING_SECONDS,
                )
            except TimeoutError:
                return AnnouncementOutcome.HEARD
            finally:
                saying.cancel()
        if ended["type"] == "ChannelDestroyed":
            return AnnouncementOutcome.HEARD
        await _thank(floor, channel)
        return AnnouncementOutcome.ACKNOWLEDGED
    finally:
        await asyncio.shield(floor.bridges.hang_up(channel))


async def _say(floor: Floor, channel: str, due: Due) -> None:
    try:
        while True:
            await asyncio.sleep(PAUSE)
            await floor.bridges.play(channel, [PROMPTS[due.notice], "announce-press-one"])
    except (AriRefused, AriUnreachable) as error:
        log.info("a notice was not said to its end: %s", type(error).__name__)


async def _thank(floor: Floor, channel: str) -> None:
    try:
        await floor.bridges.play(channel, ["announce-thanks"])
    except (AriRefused, AriUnreachable):
        return
