"""Nobody at the other desk has said that it has the matter: a call first, then the next higher desk."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deskwire.envelope import MessageType
from deskwire.keys import Party
from deskwire.sending import Draft, new_link
from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import Direction
from qingting.linkage import selectors
from qingting.linkage.events import CallWanted, Raised
from qingting.linkage.models import Desk, Handoff
from qingting.linkage.services.delivering import deposit
from qingting.linkage.services.dialling import ring_desk
from qingting.linkage.services.ending import hold
from qingting.linkage.services.posting import post, told
from qingting.linkage.services.telling import tell_leaders, tell_partner, tell_seat
from qingting.linkage.states import HandoffState, Manner

_SAME = (
    "organisation_id", "province", "case", "direction", "list_version", "item_number", "item_class", "item_text",
    "urgency", "link_mode", "referral_kind", "basis", "retain_until", "opened_by_account_id",
)  # fmt: skip
_UNANSWERED = frozenset({HandoffState.QUEUED, HandoffState.SENT})


@transaction.atomic
def want_call(*, handoff_id: int, at: datetime) -> bool:
    """The time to answer is over: the desk's duty telephone is rung by the platform itself, and seat and shift leaders are told
    to telephone. False where it has been answered."""
    with acting(EVERYTHING):
        handoff = _unanswered(handoff_id)
        if handoff is None:
            return False
        tell_seat(handoff, "linkage.call-wanted", at=at)
        tell_leaders(handoff, "linkage.call-wanted", at=at)
        tell_partner(handoff, "linkage.for-partner-late", at=at)
        house = system_for(handoff.organisation_id, handoff.province)
        publish(CallWanted(**told(handoff, desk_id=handoff.desk_id)), actor=house, at=at)
        ring_desk(handoff, at=at)
    return True


@transaction.atomic
def raise_to_higher(*, handoff_id: int, at: datetime) -> Handoff | None:
    """The clock has climbed: the next higher desk of the same kind gets the same matter, once. None where it was answered, is
    with the higher desk already, or there is none."""
    with acting(EVERYTHING):
        handoff = _unanswered(handoff_id)
        higher = selectors.higher_desk(handoff) if handoff else None
        if handoff is None or higher is None or Handoff.objects.filter(raised_from=handoff, desk=higher).exists():
            return None
        raised = _raise(handoff, higher, at)
        name = selectors.partner_name(higher)
        publish(
            Raised(**told(handoff, higher=name)), actor=system_for(handoff.organisation_id, handoff.province), at=at
        )
        tell_leaders(raised, "linkage.raised", at=at)
        ring_desk(raised, at=at)
    return raised


def _unanswered(handoff_id: int) -> Handoff | None:
    waiting = Handoff.objects.select_related("desk", "case").filter(state__in=sorted(_UNANSWERED))
    return waiting.filter(pk=handoff_id, direction=Direction.TO_POLICE).first()


def _raise(handoff: Handoff, higher: Desk, at: datetime) -> Handoff:
    """The same words to the higher desk, which learns which link they come from."""
    body = {**selectors.body_of(handoff), "relatedLinkId": str(handoff.link_id)}
    link = new_link(Party(higher.code, higher.region_code))
    within = handoff.reply_by - handoff.opened_at
    message = post(higher, link, Draft(MessageType.HANDOFF, body, reply_by=at + within), at=at)
    same = {name: getattr(handoff, name) for name in _SAME}
    raised = Handoff(
        **same,
        desk=higher,
        raised_from=handoff,
        link_id=UUID(message.link_id),
        message_id=UUID(message.message_id),
        state=HandoffState.QUEUED,
        opened_at=at,
        reply_by=at + within,
    )
    raised.save(force_insert=True)
    hold(raised, actor=system_for(handoff.organisation_id, handoff.province), at=at)
    if higher.manner != Manner.WIRE:
        deposit(raised, message, at=at)
    return raised
