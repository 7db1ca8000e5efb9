"""What cases do when something happened elsewhere."""

from datetime import datetime

from qingting.cases import services
from qingting.contacts.events import SeekerLinked


def know_person(event: SeekerLinked, *, at: datetime) -> None:
    """The person behind the contact of a case became known."""
    services.know_person(contact_id=event.contact_id, seeker_id=event.seeker_id)
