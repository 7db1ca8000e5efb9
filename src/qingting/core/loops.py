"""The worker's loops: each a thread that takes one step, again and again; a failed step is logged and tried again."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections, connection

from qingting.core import time
from qingting.core.heartbeats import beat
from qingting.core.scope import EVERYTHING, acting

log = logging.getLogger(__name__)

Step = Callable[..., object]
AT_ONCE_AGAIN = 0.005


@dataclass(slots=True)
class Loop:
    """name: as shown on the health page; step: takes `at=` and returns how much it did (0: nothing to do);
    every: seconds to wait when there was nothing to do; beats: whether the health page watches it."""

    name: str
    step: Step
    every: float
    beats: bool = False
    _last_beat: float = field(default=0.0, init=False)

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        with acting(EVERYTHING):
            while not stop.is_set():
                done = self._once()
                stop.wait(AT_ONCE_AGAIN if done else self.every)
            connection.close()

    def _once(self) -> bool:
        try:
            done = bool(self.step(at=time.now()))
            self._show_life()
        except DatabaseError as error:
            log.warning("%s lost the database: %s", self.name, type(error).__name__)
            connection.close()
            return False
        except Exception:
            log.exception("%s failed a step", self.name)
            return False
        close_old_connections()
        return done

    def _show_life(self) -> None:
        moment = time.now()
        if self.beats and moment.timestamp() - self._last_beat > 2:
            beat(self.name, at=moment)
            self._last_beat = moment.timestamp()


def run_loops(loops: list[Loop], stop: threading.Event) -> None:
    """Run all loops in threads until `stop` is set, then wait for the step each is in."""
    threads = [threading.Thread(target=loop.run, args=(stop,), name=loop.name) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
