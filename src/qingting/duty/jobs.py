"""What the worker does for duty, a step at a time."""

from datetime import datetime

from qingting.duty import services


def keep_line_moving(*, at: datetime) -> int:
    """Expired offers go on, silent seats go offline, and what still waits is offered."""
    moved = services.expire_offers(at=at) + services.lapse_presences(at=at) + services.end_wrap_ups(at=at)
    return moved + services.distribute_everywhere(at=at)
