"""What the worker does for follow-ups."""

from datetime import datetime

from qingting.followups import services


def waive_expired_ratings(*, at: datetime) -> int:
    """Let go of cases whose rating nobody gave in time. Returns how many."""
    return services.waive_expired_ratings(at=at)
