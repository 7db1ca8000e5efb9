"""What staff does when something happened elsewhere: tell whoever must act."""

from collections.abc import Sequence
from datetime import datetime

from qingting.core.clocks import ClockBreached, ClockEscalated, ClockEvent
from qingting.core.events import in_bulk
from qingting.directory.selectors import ancestor_at
from qingting.staff.services import News, notify_all

# Which permission lets somebody act on a clock's subject; and, until the clock climbs, who does the work itself.
_WORKS_ON = {"order": "orders.work"}
_REVIEWED = frozenset({"ORDER_REVIEW"})  # kinds of clocks that wait for a reviewer and not for whoever works
_ACTS_ON = {
    "order": "orders.review",
    "handoff": "linkage.hand-off",
    "case": "cases.open",
    "conversation": "duty.lead",
    "follow_up": "followups.call",
    "complaint": "complaints.handle",
    "chain_watch": "chains.supervise",
}


@in_bulk
def tell_of_clock(events: Sequence[ClockEvent], *, at: datetime) -> None:
    """A warning or breach goes to the organisation itself; each further step to one higher in the tree."""
    notify_all([(_house(event), _acts_on(event), _news(event)) for event in events], at=at)


def _house(event: ClockEvent) -> int:
    return ancestor_at(event.organisation_id, event.level)


def _news(event: ClockEvent) -> News:
    breached = isinstance(event, ClockBreached | ClockEscalated)
    return News(
        kind=f"{event.name}:{event.kind}",
        subject=(event.subject_kind, event.matter_id),
        case_id=event.case_id or None,
        urgency="URGENT" if breached else "ROUTINE",
        dedupe=f"{event.name}:{event.clock_id}:{event.level}",
    )


def _acts_on(event: ClockEvent) -> str:
    if event.level == 0 and event.subject_kind in _WORKS_ON and event.kind not in _REVIEWED:
        return _WORKS_ON[event.subject_kind]
    return _ACTS_ON.get(event.subject_kind, "duty.lead")
