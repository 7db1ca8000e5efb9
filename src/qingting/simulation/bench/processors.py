"""Processor time of the platform's processes, from /proc: what a request costs, whatever else runs on the machine."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qingting.simulation.bench.stand import Stand

_BUSY = 0.15  # of one processor: more than the worker's loops need when there is nothing to do
_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # behind the name, in brackets: own and waited-for children's user and system time


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _family(pid: int) -> Iterator[int]:
    """A process and its living children; PostgreSQL's are one level deep."""
    yield pid
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))) and stat[_PARENT] == str(pid):
            yield int(entry.name)


def seconds_of(pid: int) -> float:
    """Processor seconds of a family, those of children that ended included."""
    return sum(sum(map(int, stat[_TIMES])) for one in _family(pid) if (stat := _stat(one))) / _TICK


@dataclass(frozen=True)
class Spent:
    """Processor seconds by part of the platform."""

    web: float
    database: float
    worker: float

    @classmethod
    def idle(cls, stand: Stand, seconds: float = 3) -> "Spent":
        """What the platform spends in one second while nobody asks it anything."""
        before = cls.so_far(stand)
        time.sleep(seconds)
        spent = cls.so_far(stand).since(before)
        return cls(spent.web / seconds, spent.database / seconds, spent.worker / seconds)

    @classmethod
    def wait_until_idle(cls, stand: Stand, seconds: float = 60) -> None:
        """Until the worker has caught up with the journal: what one round leaves behind is not the next one's."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and cls.idle(stand, 1).worker > _BUSY:
            pass

    @classmethod
    def so_far(cls, stand: Stand) -> "Spent":
        return cls(*(sum(map(seconds_of, stand.pids(part).values())) for part in ("web", "database", "worker")))

    def since(self, earlier: "Spent") -> "Spent":
        return Spent(self.web - earlier.web, self.database - earlier.database, self.worker - earlier.worker)

    def without(self, idle: "Spent", seconds: float) -> "Spent":
        """Without what the loops would have spent anyway; idle: what they spend in one second."""
        rest = Spent(idle.web * seconds, idle.database * seconds, idle.worker * seconds)
        return self.since(rest)

    def each(self, count: int) -> dict[str, float]:
        """Milliseconds for each of `count` requests."""
        parts = {"web": self.web, "database": self.database, "worker": self.worker}
        return {name: round(seconds * 1000 / max(count, 1), 3) for name, seconds in parts.items()}
