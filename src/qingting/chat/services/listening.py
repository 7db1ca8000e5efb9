"""Reading along without disturbing: a shift leader, or a colleague who was asked to. Coming and going stand in the journal."""

from datetime import datetime
from typing import TypedDict

from django.db import IntegrityError, transaction

from qingting.chat import permissions
from qingting.chat.events import InvitationDeclined, InvitedSilently, JoinedSilently, LeftSilently
from qingting.chat.models import Conversation, Participant, SilentInvitation
from qingting.chat.selectors import conversation_for, conversation_to_join, invitation_to, open_invitation
from qingting.chat.services.conversations import participate
from qingting.chat.states import ConversationState, ParticipantKind
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.duty.models import Presence
from qingting.duty.states import PresenceState
from qingting.staff.services import News, notify_account


@transaction.atomic
def join_silently(*, actor: Actor, conversation_id: int, at: datetime) -> Conversation:
    """Read along. The seeker is not disturbed; the journal says that it happened."""
    conversation = conversation_to_join(actor, conversation_id)
    invitation = open_invitation(actor, conversation_id)
    if invitation is not None:
        _answered(invitation, joined=True, at=at)
    if not _present(conversation, actor.account_id):
        participate(conversation, actor.account_id, ParticipantKind.SILENT, at)
        publish(JoinedSilently(**_where(conversation), account_id=actor.account_id), actor=actor, at=at)
    return conversation


def _present(conversation: Conversation, account_id: int) -> bool:
    here = Participant.objects.filter(conversation=conversation, account_id=account_id, left_at=None)
    return here.filter(kind=ParticipantKind.SILENT).exists()


class Where(TypedDict):
    """The fields that every event of a conversation shares."""

    organisation_id: int
    province: str
    conversation_id: int


def _where(conversation: Conversation) -> Where:
    return {
        "organisation_id": conversation.organisation_id,
        "province": conversation.province,
        "conversation_id": conversation.id,
    }


def _answered(invitation: SilentInvitation, *, joined: bool, at: datetime) -> bool:
    open_ones = SilentInvitation.objects.filter(pk=invitation.pk, answered_at=None)
    return bool(open_ones.update(answered_at=at, joined=joined))


@transaction.atomic
def leave_silently(*, actor: Actor, conversation_id: int, at: datetime) -> None:
    """Stop reading along; from now on nothing of it can be read without joining again."""
    present = Participant.objects.select_related("conversation").filter(
        conversation_id=conversation_id, account_id=actor.account_id, kind=ParticipantKind.SILENT, left_at=None
    )
    row = present.first()
    if row is not None and present.update(left_at=at):
        publish(LeftSilently(**_where(row.conversation), account_id=actor.account_id), actor=actor, at=at)


@transaction.atomic
def invite_silently(*, actor: Actor, conversation_id: int, to_account_id: int, at: datetime) -> SilentInvitation:
    """Ask a colleague who is at a seat to read along: by whoever talks, or by a leader who listens in.

    Asking twice is asking once.
    """
    conversation = conversation_for(actor, conversation_id)
    if conversation.account_id != actor.account_id:
        actor.require(permissions.JOIN_SILENTLY, conversation.organisation_id)
    if conversation.state != ConversationState.ACTIVE:
        raise DomainError("这次会话已经结束。", code="chat.conversation.ended", do_next="无需再请人旁听。")
    at_seat = Presence.objects.filter(account_id=to_account_id, organisation_id=conversation.organisation_id)
    if to_account_id == actor.account_id or not at_seat.exclude(state=PresenceState.OFFLINE).exists():
        raise DomainError("这位同事现在不在岗。", code="chat.invitation.not-here", do_next="请选择一位在岗的同事。")
    if _present(conversation, to_account_id):
        raise DomainError("这位同事已经在旁听。", code="chat.invitation.present", do_next="可以再请另一位。")
    try:
        with transaction.atomic():
            invitation = SilentInvitation.objects.create(
                organisation_id=conversation.organisation_id,
                province=conversation.province,
                conversation=conversation,
                account_id=to_account_id,
                invited_by_account_id=actor.account_id,
                invited_at=at,
            )
    except IntegrityError:
        return SilentInvitation.objects.get(conversation=conversation, account_id=to_account_id, answered_at=None)
    told = InvitedSilently(**_where(conversation), invitation_id=invitation.pk, to_account_id=to_account_id)
    publish(told, actor=actor, at=at)
    news = News(kind="chat.invited-silently", subject=("silent_invitation", invitation.pk), urgency="URGENT")
    notify_account(organisation_id=conversation.organisation_id, account_id=to_account_id, news=news, at=at)
    return invitation


@transaction.atomic
def decline_invitation(*, actor: Actor, invitation_id: int, at: datetime) -> None:
    """Not now: whoever asked can ask somebody else."""
    invitation = invitation_to(actor, invitation_id)
    if _answered(invitation, joined=False, at=at):
        told = InvitationDeclined(
            **_where(invitation.conversation), invitation_id=invitation.pk, account_id=actor.account_id
        )
        publish(told, actor=actor, at=at)
