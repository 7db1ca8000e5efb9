"""What the worker does for orders."""

from datetime import datetime

from qingting.orders import services


def index_changed(*, at: datetime) -> int:
    """Take what happened to orders into the search. Returns how many journal entries were read."""
    return services.index_changed(at=at)


def work_on_bulk(*, at: datetime) -> int:
    """Some orders of a plan that was confirmed. Returns how many."""
    return services.work_on_bulk(at=at)
