"""What the worker does for exports."""

from datetime import datetime

from qingting.exports import services


def work_on_exports(*, at: datetime) -> int:
    """Make the file that waits longest."""
    return services.work_on_exports(at=at)


def expire_exports(*, at: datetime) -> int:
    """Delete files whose day is over. Returns how many."""
    return services.expire_exports(at=at)
