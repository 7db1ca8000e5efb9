"""What the worker does for statistics, a step at a time."""

from datetime import datetime

from qingting.statistics import services


def refresh_facts(*, at: datetime) -> int:
    """One batch of the journal. What comes behind one that was not full can wait for the next turn."""
    count = services.refresh(at=at)
    return count if count >= services.BATCH else 0
