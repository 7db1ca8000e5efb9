"""What linkage does when something happened elsewhere."""

from datetime import datetime

from qingting.cases.events import CaseOpened
from qingting.core.clocks import ClockBreached, ClockEscalated
from qingting.directory.states import ClockKind, Urgency
from qingting.linkage import mandatory, services
from qingting.linkage.events import HandedOff
from qingting.risk.events import RiskAssessed
from qingting.telephony.events import AnnouncementEnded, LegJoined, LegLeft
from qingting.telephony.states import AnnouncementOutcome, LegKind

_NOT_HEARD = frozenset(
    {
        AnnouncementOutcome.HEARD,
        AnnouncementOutcome.BUSY,
        AnnouncementOutcome.DECLINED,
        AnnouncementOutcome.NO_ANSWER,
        AnnouncementOutcome.UNREACHABLE,
    }
)


def press(event: ClockBreached, *, at: datetime) -> None:
    """The other desk's time to answer is over."""
    if _ours(event):
        services.want_call(handoff_id=event.matter_id, at=at)


def raise_higher(event: ClockEscalated, *, at: datetime) -> None:
    """And still nobody has answered."""
    if _ours(event):
        services.raise_to_higher(handoff_id=event.matter_id, at=at)


def follow_announcement(event: AnnouncementEnded, *, at: datetime) -> None:
    """Their duty telephone was rung and nobody there pressed the key: the next higher desk, without waiting for the clock."""
    if event.subject_kind == "handoff" and event.outcome in _NOT_HEARD:
        services.raise_to_higher(handoff_id=event.matter_id, at=at)


def _ours(event: ClockBreached | ClockEscalated) -> bool:
    return event.subject_kind == "handoff" and event.kind == ClockKind.HANDOFF_ACKNOWLEDGEMENT


def tell_who_joined(event: LegJoined, *, at: datetime) -> None:
    """The 110 is in a call, or may now speak or only listen: their desk's record says so."""
    if event.kind == LegKind.POLICE_110:
        services.tell_desk_of_call(call_id=event.call_id, words=f"110已在通话中（{event.mode_label}）。", at=at)


def tell_who_left(event: LegLeft, *, at: datetime) -> None:
    """The 110 has left a call."""
    if event.kind == LegKind.POLICE_110:
        services.tell_desk_of_call(call_id=event.call_id, words="110已离开通话。", at=at)


def consider_case(event: CaseOpened, *, at: datetime) -> None:
    """A case was opened: perhaps the law asks for a report. The common case is settled without a look at the database."""
    if event.category in mandatory.categories() or event.urgency != Urgency.ROUTINE:
        services.consider(case_id=event.case_id, at=at)


def consider_assessment(event: RiskAssessed, *, at: datetime) -> None:
    """Danger was judged in a case that stands already."""
    if event.case_id:
        services.consider(case_id=event.case_id, at=at)


def note_report(event: HandedOff, *, at: datetime) -> None:
    """What was handed to 110 by an item of the reports is the report."""
    if event.item_number in mandatory.SITUATIONS:
        services.reported_by_handoff(case_id=event.case_id, at=at)
