"""What the worker does for knowledge."""

from datetime import datetime

from qingting.knowledge import services


def expire_articles(*, at: datetime) -> int:
    """Articles that ran out are told no more."""
    services.expire_articles(at=at)
    return 0
