"""What a telephone call says of its record without anybody typing: what kind of call it was, and how grave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.contacts import rules
from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.contacts.services.records import note_risk_level, save_draft
from qingting.contacts.states import ContactState
from qingting.core.actors import Actor

HOUSE = "house"  # the name under which the platform types into a draft


@transaction.atomic
def propose(*, actor: Actor, call_id: int, values: Mapping[str, Any], at: datetime) -> None:
    """Put into the draft of a call's record what is known without asking, where its counsellor has written nothing."""
    contact = _record_of(actor, call_id)
    if contact is None or contact.state != ContactState.DRAFT:
        return
    typed = form_values(contact)
    empty = {name: value for name, value in values.items() if not typed.get(name)}
    save_draft(actor=actor, contact_id=contact.pk, data=empty, version=contact.draft_version, tab=HOUSE, at=at)


@transaction.atomic
def raise_risk_level(*, actor: Actor, call_id: int, level: str, at: datetime) -> None:
    """The call turned out to be grave: the risk level of its record follows where that is a rise."""
    contact = _record_of(actor, call_id)
    if contact is not None and rules.is_rise(str(form_values(contact).get("risk_level") or ""), level):
        note_risk_level(actor=actor, contact_id=contact.pk, level=level, at=at)


@transaction.atomic
def join_writing(*, actor: Actor, call_id: int, conversation_id: int) -> bool:
    """Whoever called now writes: one record holds both. False where the call has none, or one that holds another talk."""
    waiting = Contact.objects.filter(
        call_id=call_id, conversation_id=None, organisation_id__in=sorted(actor.scope.organisations)
    )
    return bool(waiting.update(conversation_id=conversation_id))


def _record_of(actor: Actor, call_id: int) -> Contact | None:
    houses = sorted(actor.scope.organisations)
    return Contact.objects.select_for_update().filter(call_id=call_id, organisation_id__in=houses).first()
