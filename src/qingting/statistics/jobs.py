"""What the worker does for statistics, a step at a time."""

from datetime import datetime

from qingting.statistics import services


def refresh_facts(*, at: datetime) -> int:
    """One batch of the journal."""
    return services.refresh(at=at)
