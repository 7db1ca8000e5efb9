"""What staff does when something happened elsewhere: tell whoever must act."""

from datetime import datetime

from qingting.core.clocks import ClockBreached, ClockEscalated, ClockEvent
from qingting.directory.selectors import ancestor_at
from qingting.staff.services import News, notify_holders

# Which permission lets somebody act on a clock's subject; and, until the clock climbs, who does the work itself.
_WORKS_ON = {"order": "orders.work"}
_REVIEWED = frozenset({"ORDER_REVIEW"})  # kinds of clocks that wait for a reviewer and not for whoever works
_ACTS_ON = {
    "order": "orders.review",
    "handoff": "linkage.hand-off",
    "case": "cases.open",
    "conversation": "duty.lead",
    "follow_up": "followups.call",
}


def tell_of_clock(event: ClockEvent, *, at: datetime) -> None:
    """A warning or breach goes to the organisation itself; each further step to one higher in the tree."""
    breached = isinstance(event, ClockBreached | ClockEscalated)
    news = News(
        kind=f"{event.name}:{event.kind}",
        subject=(event.subject_kind, event.matter_id),
        case_id=event.case_id or None,
        urgency="URGENT" if breached else "ROUTINE",
        dedupe=f"{event.name}:{event.clock_id}:{event.level}",
    )
    notify_holders(
        organisation_id=ancestor_at(event.organisation_id, event.level),
        permission=_acts_on(event),
        news=news,
        at=at,
    )


def _acts_on(event: ClockEvent) -> str:
    if event.level == 0 and event.subject_kind in _WORKS_ON and event.kind not in _REVIEWED:
        return _WORKS_ON[event.subject_kind]
    return _ACTS_ON.get(event.subject_kind, "duty.lead")
