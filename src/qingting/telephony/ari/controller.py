"""The controller: one process, at most one a time for each Asterisk, that decides about every call.

It acts on Asterisk first and records second, so that neither a slow nor a missing database ever drops a caller.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta

from qingting.core import time
from qingting.core.heartbeats import beat
from qingting.telephony.ari.client import AriClient, Event
from qingting.telephony.ari.records import Records
from qingting.telephony.places import ari_address, why_unavailable

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
LONG_AGO = timedelta(days=1)


class Controller:
    """Runs until it is cancelled."""

    def __init__(self) -> None:
        self.records = Records()
        self.client = AriClient(ari_address(), when_heard=self._heard, on_event=self._event)

    async def run(self) -> None:
        """Connect, and stay."""
        await self.client.start()
        try:
            while True:
                await self._show_life()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            await self.client.stop()
            self.records.close()

    async def _heard(self) -> None:
        log.info("asterisk is heard")

    def _event(self, event: Event) -> None:
        pass

    async def _show_life(self) -> None:
        """`controller` beats while we live, `telephone` only while Asterisk is heard."""
        heard, why = self.client.heard.is_set(), why_unavailable()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_SECONDS):
                await self.records.ask(_beat, heard=heard, note="" if heard else why)


def _beat(*, heard: bool, note: str) -> None:
    moment = time.now()
    beat("controller", at=moment)
    if heard or note:
        beat("telephone", at=moment if heard else moment - LONG_AGO, note=note)
