"""What a handoff holds up, and letting it go."""

from dataclasses import replace
from datetime import datetime

from qingting.cases.services import lift_hold, place_hold
from qingting.cases.states import HoldKind
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.clocks import Span, cancel_clock, meet_clock, start_clock
from qingting.core.errors import DomainError
from qingting.directory.states import ClockKind
from qingting.linkage.models import Handoff
from qingting.linkage.services.dialling import stop_ringing
from qingting.risk.selectors import crisis_subject


def hold(handoff: Handoff, *, actor: Actor, at: datetime) -> None:
    """The case may not close before the other desk has reported."""
    if handoff.case_id:
        place_hold(
            actor=actor,
            case_id=handoff.case_id,
            kind=HoldKind.HANDOFF_OPEN,
            subject=("handoff", handoff.pk),
            at=at,
        )


def hold_and_watch(actor: Actor, handoff: Handoff, span: Span, at: datetime) -> None:
    """Hold the case, and start the clock of the other side's answer."""
    hold(handoff, actor=actor, at=at)
    watch(actor, handoff, span, at)


def watch(actor: Actor, handoff: Handoff, span: Span, at: datetime) -> None:
    """Start the clock of the other side's answer."""
    start_clock(
        actor=replace(actor, organisation_id=handoff.organisation_id, province=handoff.province),
        kind=ClockKind.HANDOFF_ACKNOWLEDGEMENT,
        subject=("handoff", handoff.pk),
        span=span,
        at=at,
        case_id=handoff.case_id,
    )


def hold_again(handoff: Handoff, *, actor: Actor, at: datetime) -> None:
    """A corrected result took back what had let the case go. A case signed off meanwhile stays as it is; people are told."""
    try:
        hold(handoff, actor=actor, at=at)
    except DomainError:
        return


def lift(handoff: Handoff, *, actor: Actor, at: datetime) -> None:
    """The case no longer waits for this handoff; nor does any clock."""
    cancel_clock(subject=("handoff", handoff.pk), at=at)
    stop_ringing(handoff, at=at)
    if handoff.case_id:
        lift_hold(
            actor=actor,
            case_id=handoff.case_id,
            kind=HoldKind.HANDOFF_OPEN,
            subject=("handoff", handoff.pk),
            at=at,
        )


def stop_waiting_for_answer(handoff: Handoff, *, at: datetime) -> None:
    """Somebody at the other desk has it in hand: the acknowledgement's clock is met and, for a 特急 matter, so is the one
    for intervening in the crisis."""
    meet_clock(subject=("handoff", handoff.pk), kind=ClockKind.HANDOFF_ACKNOWLEDGEMENT, at=at)
    stop_ringing(handoff, at=at)
    contact = Contact.objects.filter(pk=handoff.case.contact_id).first() if handoff.case else None
    subject = crisis_subject(contact) if contact else None
    if handoff.urgency == "CRITICAL" and subject:
        meet_clock(subject=subject, kind=ClockKind.CRISIS_INTERVENTION, at=at)
