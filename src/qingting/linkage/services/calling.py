"""110 and the telephone call that a handoff is about: asking to be brought in, and telling the desk who joined and left.

What the other desk names as its room is never dialled: the way to 110 is a setting of ours.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from deskwire.envelope import MessageType
from deskwire.sending import Draft
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.directory.states import Direction
from qingting.linkage.events import CallJoinAsked, CallJoinDeclined
from qingting.linkage.models import Handoff
from qingting.linkage.selectors.joining import join_asked
from qingting.linkage.services.posting import add_note, post_on, reply_to, told
from qingting.linkage.services.telling import tell_seat
from qingting.linkage.states import HandoffState, NoteKind
from qingting.telephony.models import Call
from qingting.telephony.selectors import call_for
from qingting.telephony.states import IN_HAND, LegMode

log = logging.getLogger(__name__)

DECLINED = "坐席暂未同意110加入通话，可以稍后再次请求；急需了解情况请直接致电12355。"
_OVER = (HandoffState.CANCELLED, HandoffState.REJECTED)


def ask_seat(handoff: Handoff, body: Mapping[str, Any], *, actor: Actor, at: datetime) -> bool:
    """110 asks to be brought into the talk that goes on: the seat is asked, and brings them in by one click. False where
    nobody of ours is in a call about this matter."""
    call = _call_of(handoff)
    if call is None or call.state not in IN_HAND:
        return False
    mode = LegMode.LISTEN if handoff.desk.code in body.get("listenOnly", ()) else LegMode.SPEAK
    note = add_note(handoff, NoteKind.NOTE, actor=actor, at=at, words=f"请求加入正在进行的通话（{mode.label}）。")
    asked = {"call_id": call.id, "account_id": call.account_id or 0, "until": body["validUntil"]}
    how = {"mode": str(mode), "mode_label": str(mode.label)}
    publish(CallJoinAsked(**told(handoff, note_id=note.pk, **asked, **how)), actor=actor, at=at)
    tell_seat(handoff, "linkage.call-join-asked", at=at)
    return True


def _call_of(handoff: Handoff) -> Call | None:
    if handoff.case is None:
        return None
    contact = Contact.objects.filter(pk=handoff.case.contact_id).values_list("call_id", flat=True).first()
    return Call.objects.filter(pk=contact).first() if contact else None


@transaction.atomic
def tell_desk_of_call(*, call_id: int, words: str, at: datetime) -> None:
    """That 110 joined the call or left it stands in the other desk's record, too. A call about no handoff is told nobody."""
    handoff = _about(call_id)
    if handoff is not None:
        _tell(handoff, words, at)


def _about(call_id: int) -> Handoff | None:
    contacts = Contact.objects.filter(call_id=call_id).values("pk")
    about = Handoff.objects.select_related("desk", "case").filter(case__contact_id__in=contacts)
    return about.filter(direction=Direction.TO_POLICE).exclude(state__in=_OVER).order_by("-pk").first()


def _tell(handoff: Handoff, words: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            post_on(handoff, Draft(MessageType.NOTE, {"text": words}, reply_to(handoff)), at=at)
    except DomainError as refusal:
        log.warning("the other desk is not told who is in a call: %s", refusal.code)


@transaction.atomic
def decline_join(*, actor: Actor, call_id: int, at: datetime) -> None:
    """The seat does not bring 110 in now. The desk hears of it at once, so that nobody there waits; it may ask again."""
    call = call_for(actor, call_id, to_act=True)
    asked, handoff = join_asked(call, at=at), _about(call_id)
    if asked is None or handoff is None:
        raise DomainError(
            "110的请求已经处理过或已过期。", code="linkage.join.over", do_next="需要时可以随时点“110三方”。"
        )
    publish(CallJoinDeclined(**told(handoff, call_id=call.pk, account_id=actor.account_id)), actor=actor, at=at)
    _tell(handoff, DECLINED, at)
