"""What orders do when something happened elsewhere."""

from datetime import datetime, timedelta

from django.conf import settings

from qingting.cases.events import CaseSignedOff
from qingting.contacts.events import SeekerLinked
from qingting.core.actors import system_for
from qingting.orders import services


def end_reading(event: CaseSignedOff, *, at: datetime) -> None:
    """After sign-off, who handled and reviewed may read for a while yet."""
    services.end_reading(case_id=event.case_id, ends_at=at + timedelta(days=settings.CASE_READING_DAYS))


def follow_person(event: SeekerLinked, *, at: datetime) -> None:
    """The contact's person became known, or is another one."""
    actor = system_for(event.organisation_id, event.province)
    services.follow_person(actor=actor, contact_id=event.contact_id, seeker_id=event.seeker_id, at=at)
