"""A second counsellor beside a call: asked by whoever talks, hears unheard by the caller, and may whisper to the seat."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, not_found
from qingting.core.events import publish
from qingting.duty.models import Presence
from qingting.duty.states import PresenceState
from qingting.staff.services import News, notify_account
from qingting.telephony import permissions
from qingting.telephony.events import InvitedToListen, ListeningDeclined
from qingting.telephony.models import Call, CallAct, ListenInvitation
from qingting.telephony.selectors import call_for, invitation_to, open_invitation, seat_telephone
from qingting.telephony.services.acts import Wish, put_act
from qingting.telephony.states import IN_HAND, ActKind, LegMode


@transaction.atomic
def invite_to_listen(*, actor: Actor, call_id: int, to_account_id: int, at: datetime) -> ListenInvitation:
    """Ask a colleague who is at a seat to listen in: by whoever talks, or by a leader. Asking twice is asking once."""
    call = call_for(actor, call_id)
    if call.account_id != actor.account_id:
        actor.require(permissions.LEAD, call.organisation_id)
    _require_in_hand(call)
    _require_colleague(call, to_account_id)
    try:
        with transaction.atomic():
            invitation = ListenInvitation.objects.create(
                organisation_id=call.organisation_id,
                province=call.province,
                call=call,
                account_id=to_account_id,
                invited_by_account_id=actor.account_id,
                invited_at=at,
            )
    except IntegrityError:
        return ListenInvitation.objects.get(call=call, account_id=to_account_id, answered_at=None)
    publish(InvitedToListen(**_told(invitation), to_account_id=to_account_id), actor=actor, at=at)
    news = News(kind="telephony.invited-to-listen", subject=("listen_invitation", invitation.pk), urgency="URGENT")
    notify_account(organisation_id=call.organisation_id, account_id=to_account_id, news=news, at=at)
    return invitation


def _require_in_hand(call: Call) -> None:
    if call.state not in IN_HAND:
        raise DomainError("这个电话已经结束。", code="telephony.call.ended", do_next="无需再请人旁听。")


def _require_colleague(call: Call, account_id: int) -> None:
    here = Presence.objects.filter(account_id=account_id, organisation_id=call.organisation_id)
    if account_id == call.account_id or not here.exclude(state=PresenceState.OFFLINE).exists():
        raise DomainError("这位同事现在不在岗。", code="telephony.act.not-here", do_next="请选择一位在岗的同事。")
    if call.legs.filter(account_id=account_id, left_at=None).exists():
        raise DomainError("这位同事已经在通话里。", code="telephony.invitation.present", do_next="可以再请另一位。")


@transaction.atomic
def listen_in(*, actor: Actor, call_id: int, at: datetime) -> CallAct:
    """Come as one was asked to: one's own telephone rings, answers by itself, and hears. The invitation is used up by that."""
    call = call_for(actor, call_id)
    _require_in_hand(call)
    invitation = open_invitation(actor.account_id, call)
    if invitation is None:
        raise not_found("旁听邀请", "telephony.invitation.not-found")
    if seat_telephone(actor.account_id) is None:
        raise DomainError(
            "您的电话没有接通。", code="telephony.act.no-telephone", do_next="请先打开电话面板，再点旁听。"
        )
    ListenInvitation.objects.filter(pk=invitation.pk).update(answered_at=at, joined=True)
    return put_act(actor, call, Wish(ActKind.LISTEN_IN, mode=LegMode.LISTEN), at=at)


@transaction.atomic
def decline_to_listen(*, actor: Actor, invitation_id: int, at: datetime) -> None:
    """Not now: whoever asked can ask somebody else."""
    invitation = invitation_to(actor, invitation_id)
    if ListenInvitation.objects.filter(pk=invitation.pk, answered_at=None).update(answered_at=at):
        publish(ListeningDeclined(**_told(invitation), account_id=actor.account_id), actor=actor, at=at)


def _told(invitation: ListenInvitation) -> dict[str, Any]:
    return {**invitation.call.facts(), "invitation_id": invitation.pk}
