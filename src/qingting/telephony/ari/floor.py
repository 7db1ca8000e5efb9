"""What every part of the controller stands on: Asterisk, the records, and which call a channel belongs to."""

import asyncio
import contextlib
import logging
import time as clock
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from qingting.core import time
from qingting.telephony.ari.bridges import Bridges
from qingting.telephony.ari.client import AriClient
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.ari.offers import Offers
from qingting.telephony.ari.records import Records, Service
from qingting.telephony.ari.ringing import NotReached

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Floor:
    """Shared by all calls of one controller."""

    client: AriClient
    bridges: Bridges
    records: Records
    calls: dict[int, LiveCall] = field(default_factory=dict)
    owner: dict[str, LiveCall] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _news_of_seats: asyncio.Event = field(default_factory=asyncio.Event)
    offers: Offers = field(init=False)

    def __post_init__(self) -> None:
        self.offers = Offers(self.calls)

    def add(self, live: LiveCall) -> None:
        self.calls[live.id] = live
        self.owner[live.caller] = live

    def belongs(self, channel: str, live: LiveCall) -> None:
        """From now on what happens to this channel is told to this call."""
        self.owner[channel] = live

    def forget(self, live: LiveCall) -> None:
        self.calls.pop(live.id, None)
        self.ended[live.caller] = clock.monotonic()
        for channel in [name for name, owner in self.owner.items() if owner is live]:
            del self.owner[channel]

    def note(self, live: LiveCall, service: Service, **words: Any) -> None:
        """Write something down about a call, with the moment at which it happened."""
        self.records.note(live.id, service, call_id=live.id, at=time.now(), **words)

    def tell_of_seats(self) -> None:
        """A seat's telephone came or went."""
        self._news_of_seats.set()
        self._news_of_seats = asyncio.Event()

    async def hear_of_seats(self, *, seconds: float) -> None:
        """Until one does, at most so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news_of_seats.wait(), seconds)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Let something go on beside; its failure is logged and harms nobody else."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, NotReached):
            log.error("a part of a call failed: %s", type(error).__name__, exc_info=error)
