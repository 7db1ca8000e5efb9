"""Handing a conversation to a colleague: it is theirs only once they accept, so that somebody always owns it (首问负责)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from qingting.chat.events import HandoverEnded, HandoverOffered
from qingting.chat.models import Conversation, Handover, Participant
from qingting.chat.selectors import conversation_for
from qingting.chat.services.messages import post_system_message
from qingting.chat.states import ConversationState, HandoverState, ParticipantKind
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, not_found
from qingting.core.events import publish
from qingting.duty.models import Presence
from qingting.duty.services import move_engagement
from qingting.duty.states import PresenceState


@transaction.atomic
def offer_handover(*, actor: Actor, conversation_id: int, to_account_id: int, words: str, at: datetime) -> Handover:
    """Ask a colleague who is at a seat of the same organisation to take over."""
    conversation = conversation_for(actor, conversation_id, to_write=True)
    here = Presence.objects.filter(account_id=to_account_id, organisation_id=conversation.organisation_id)
    if to_account_id == actor.account_id or not here.exclude(state=PresenceState.OFFLINE).exists():
        raise DomainError("这位同事现在不在岗。", code="chat.handover.not-here", do_next="请选择一位在岗的同事。")
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                organisation_id=conversation.organisation_id,
                province=conversation.province,
                conversation=conversation,
                from_account_id=actor.account_id,
                to_account_id=to_account_id,
                words=words.strip()[:200],
                offered_at=at,
            )
    except IntegrityError as error:
        raise DomainError(
            "已经请过一位同事接手，正在等待回应。", code="chat.handover.open", do_next="可先取消上一个请求。"
        ) from error
    event = HandoverOffered(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.id,
        handover_id=handover.id,
        from_account_id=actor.account_id,
        to_account_id=to_account_id,
    )
    publish(event, actor=actor, at=at)
    return handover


def _open_handover(handover_id: int) -> Handover:
    found = Handover.objects.select_related("conversation").filter(pk=handover_id).first()
    if found is None:
        raise not_found("接手请求", "chat.handover.not-found")
    return found


def _finish(handover: Handover, state: HandoverState, actor: Actor, at: datetime) -> None:
    changed = Handover.objects.filter(pk=handover.pk, state=HandoverState.OFFERED).update(state=state, ended_at=at)
    if not changed:
        raise DomainError("这个请求已经处理过了。", code="chat.handover.ended", do_next="请刷新页面查看最新情况。")
    event = HandoverEnded(
        organisation_id=handover.organisation_id,
        province=handover.province,
        conversation_id=handover.conversation_id,
        handover_id=handover.id,
        from_account_id=handover.from_account_id,
        to_account_id=handover.to_account_id,
        state=state,
        state_label=str(state.label),
    )
    publish(event, actor=actor, at=at)


@transaction.atomic
def accept_handover(*, actor: Actor, handover_id: int, at: datetime) -> Conversation:
    """The colleague accepts; from now on the conversation is theirs."""
    handover = _open_handover(handover_id)
    if handover.to_account_id != actor.account_id:
        raise not_found("接手请求", "chat.handover.not-found")
    conversation = Conversation.objects.select_for_update().get(pk=handover.conversation_id)
    if conversation.state != ConversationState.ACTIVE:
        raise DomainError("这次会话已经结束。", code="chat.conversation.ended", do_next="无需接手。")
    _finish(handover, HandoverState.ACCEPTED, actor, at)
    Conversation.objects.filter(pk=conversation.pk).update(
        account_id=actor.account_id, first_contact_owner_account_id=actor.account_id
    )
    owners = Participant.objects.filter(conversation=conversation, left_at=None, kind=ParticipantKind.OWNER)
    owners.update(left_at=at)
    Participant.objects.create(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation=conversation,
        account_id=actor.account_id,
        kind=ParticipantKind.OWNER,
        joined_at=at,
    )
    move_engagement(subject=("conversation", conversation.id), to_account=actor.account_id, at=at)
    post_system_message(
        actor=actor,
        conversation=conversation,
        text="接下来由另一位咨询师陪你聊，之前说过的话 TA 都能看到，不用重新讲一遍。",
        key=f"handover-{handover.id}",
        at=at,
    )
    conversation.refresh_from_db()
    return conversation


@transaction.atomic
def end_handover(*, actor: Actor, handover_id: int, at: datetime) -> None:
    """The asked colleague declines, or who asked takes it back."""
    handover = _open_handover(handover_id)
    if actor.account_id == handover.to_account_id:
        _finish(handover, HandoverState.DECLINED, actor, at)
    elif actor.account_id == handover.from_account_id:
        _finish(handover, HandoverState.CANCELLED, actor, at)
    else:
        raise not_found("接手请求", "chat.handover.not-found")
