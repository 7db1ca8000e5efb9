"""What chains do when something happened elsewhere."""

from datetime import datetime

from qingting.chains import services
from qingting.core.clocks import ClockBreached
from qingting.linkage.events import SharedNotTaken


def late(event: ClockBreached, *, at: datetime) -> None:
    """A clock has run out: perhaps one of a chain."""
    if event.subject_kind in {"chain", "chain_watch"}:
        services.note_late(chain_id=event.matter_id, kind=event.kind, at=at)


def not_taken(event: SharedNotTaken, *, at: datetime) -> None:
    """Another house refused what we told it, for good."""
    services.note_not_taken(link_id=event.link, desk_id=event.desk_id, partner=event.partner, code=event.code, at=at)
