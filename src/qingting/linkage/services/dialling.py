"""Nobody at the other desk answers: their duty telephone is rung by the platform itself. People are told to telephone beside it."""

from datetime import datetime

from qingting.directory.states import PartnerKind
from qingting.linkage import selectors
from qingting.linkage.models import Handoff
from qingting.telephony.selectors import number_for_machine
from qingting.telephony.services import Told, ask_announcement, stop_announcements
from qingting.telephony.states import Notice

SUBJECT = "handoff"


def ring_desk(handoff: Handoff, *, at: datetime) -> None:
    """Telephone the desk. A 110 that gave no number but the emergency's is reached as for three-way calls; nobody else's
    emergency number is ever dialled by a machine."""
    kind = selectors.partner_kind(handoff.desk)
    number = number_for_machine(handoff.desk.phone)
    to_police = not number and kind in {"", PartnerKind.POLICE_110}
    told = Told(
        Notice.HANDOFF_LATE,
        (SUBJECT, handoff.pk),
        number=number,
        to_police=to_police,
        case_id=handoff.case_id,
    )
    ask_announcement(organisation_id=handoff.organisation_id, province=handoff.province, told=told, at=at)


def stop_ringing(handoff: Handoff, *, at: datetime) -> None:
    """They have it."""
    stop_announcements(subjects=[(SUBJECT, handoff.pk)], at=at)
