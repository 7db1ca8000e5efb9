"""What linkage does when something happened elsewhere."""

from datetime import datetime

from qingting.core.clocks import ClockBreached, ClockEscalated
from qingting.directory.states import ClockKind
from qingting.linkage import services


def press(event: ClockBreached, *, at: datetime) -> None:
    """The other desk's time to answer is over."""
    if _ours(event):
        services.want_call(handoff_id=event.matter_id, at=at)


def raise_higher(event: ClockEscalated, *, at: datetime) -> None:
    """And still nobody has answered."""
    if _ours(event):
        services.raise_to_higher(handoff_id=event.matter_id, at=at)


def _ours(event: ClockBreached | ClockEscalated) -> bool:
    return event.subject_kind == "handoff" and event.kind == ClockKind.HANDOFF_ACKNOWLEDGEMENT
