"""What the worker does for core, a step at a time."""

from datetime import datetime

from qingting.core import clocks, sealing
from qingting.core.heartbeats import beat
from qingting.core.push import forget_signals
from qingting.core.rate_limits import forget_old_counts


def move_clocks(*, at: datetime) -> int:
    """One batch of due clocks."""
    return clocks.tick(at=at)


def seal_journal(*, at: datetime) -> int:
    """One batch of the journal, when there is something new."""
    return 1 if sealing.seal_next() else 0


def tidy(*, at: datetime) -> int:
    """Throw away what has passed by."""
    forget_old_counts(at=at)
    forget_signals()
    return 0


def show_life(*, at: datetime) -> int:
    """The worker is there."""
    beat("worker", at=at)
    return 0
