"""One lane for each desk: a desk that is slow, or means to be, holds up nobody but itself.

What a loop does for several desks runs side by side. A lane that takes longer than `PATIENCE` goes on by itself, and the loop
leaves it alone until it has come back.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from django.db import connection

from qingting.core.scope import EVERYTHING, acting

log = logging.getLogger(__name__)

T = TypeVar("T")
PATIENCE = 1.0
"""Seconds that a loop waits for its slowest desk. Product default: well below the five in which a seat must know."""
MOST = 16


class Lanes:
    """The lanes of one loop. `step` gets one item and returns how much was done."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=MOST, thread_name_prefix=name)
        self._running: dict[int, Future[int]] = {}

    def each(self, items: Iterable[tuple[int, T]], step: Callable[[T], int]) -> int:
        """Run `step` for every (desk id, item) whose lane is free. Returns what was done within `PATIENCE`."""
        begun = []
        for desk_id, item in items:
            before = self._running.get(desk_id)
            if before is None or before.done():
                self._running[desk_id] = self._pool.submit(_guarded, step, item)
                begun.append(self._running[desk_id])
        done, _ = wait(begun, timeout=PATIENCE)
        return sum(lane.result() for lane in done)


def _guarded(step: Callable[[T], int], item: T) -> int:
    """One desk's failure is written down and stops no other desk's lane."""
    try:
        with acting(EVERYTHING):
            return step(item)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next round tries again
        # An error's text may repeat what a message said.
        log.error("a desk's lane failed: %s", type(error).__name__)
        return 0
    finally:
        connection.close()  # the pool's threads live on; their connections would too
