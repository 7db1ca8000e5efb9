"""What orders do when something happened elsewhere."""

from datetime import datetime, timedelta

from django.conf import settings

from qingting.cases.events import CaseSignedOff
from qingting.contacts.events import SeekerLinked
from qingting.core.actors import system_for
from qingting.core.clocks import ClockBreached
from qingting.directory.states import ClockKind
from qingting.orders import services


def follow_sign_off(event: CaseSignedOff, *, at: datetime) -> None:
    """After sign-off its orders are signed off too; who handled and reviewed may read for a while yet."""
    services.sign_off_orders(case_id=event.case_id, at=at)
    services.end_reading(case_id=event.case_id, ends_at=at + timedelta(days=settings.CASE_READING_DAYS))


def end_pause(event: ClockBreached, *, at: datetime) -> None:
    """A pause has run out."""
    if event.subject_kind == "order" and event.kind == ClockKind.ORDER_PAUSE:
        services.resume_run_out(order_id=event.matter_id, at=at)


def follow_person(event: SeekerLinked, *, at: datetime) -> None:
    """The contact's person became known, or is another one."""
    actor = system_for(event.organisation_id, event.province)
    services.follow_person(actor=actor, contact_id=event.contact_id, seeker_id=event.seeker_id, at=at)
