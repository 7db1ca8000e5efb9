"""Rules of an outbox, pure: what may be sent now, and how long to wait after a failure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds between attempts; product defaults. The cap is short because a message may be about a life."""

    first: float = 0.5
    factor: float = 2.0
    cap: float = 15.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An undelivered message: its place in the outbox, its link, when it may be tried, and whether it is
    stuck.

    `refused` means the other desk refused it for good; it and all later messages of its link wait for a
    person.
    """

    position: int
    link_id: str
    due: datetime
    refused: bool = False


def delay(attempts: int, jitter: float, backoff: Backoff | None = None, retry_after: float | None = None) -> float:
    """Return the seconds to wait after the given number of failed attempts (1 or more).

    `jitter` is a random number in [0, 1) and spreads the wait over its upper half. The other desk's
    `Retry-After` is a lower bound.
    """
    rules = backoff or Backoff()
    full = min(rules.cap, rules.first * rules.factor ** min(max(attempts, 1) - 1, 32))
    return max(full * (0.5 + jitter / 2), retry_after or 0.0)


def sendable(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """Choose what may be sent now: of each link only its oldest undelivered message, when it is due."""
    oldest: dict[str, Waiting] = {}
    for item in sorted(waiting, key=lambda item: item.position):
        oldest.setdefault(item.link_id, item)
    return [item for item in oldest.values() if not item.refused and item.due <= now]
