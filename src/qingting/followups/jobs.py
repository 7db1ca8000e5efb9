"""What the worker does for follow-ups."""

from datetime import datetime

from qingting.followups import services


def waive_expired_ratings(*, at: datetime) -> int:
    """Let go of cases whose rating nobody gave in time. Returns how many."""
    return services.waive_expired_ratings(at=at)


def make_visits(*, at: datetime) -> int:
    """Contacts of tracking plans that have fallen due. Returns how many."""
    return services.make_visits(at=at)


def send_messages(*, at: datetime) -> int:
    """Messages with people's own links. Returns how many were tried."""
    return services.send_messages(at=at)
