"""What the worker does for orders."""

from datetime import datetime

from qingting.orders import services


def index_changed(*, at: datetime) -> int:
    """Take what happened to orders into the search. Returns how many journal entries were read."""
    return services.index_changed(at=at)
