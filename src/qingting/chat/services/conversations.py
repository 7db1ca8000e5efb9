"""A conversation's life: begun by a seeker, taken by a counsellor, listened to by a shift leader, ended by either side."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from qingting.chat import permissions
from qingting.chat.events import ConversationEnded, ConversationStarted, ConversationTaken
from qingting.chat.models import Conversation, Participant
from qingting.chat.selectors import conversation_for
from qingting.chat.states import ConversationState, ParticipantKind
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, Scope, acting
from qingting.duty import services as duty
from qingting.duty.models import WaitingEntry
from qingting.duty.states import EntryState, Skill


@transaction.atomic
def start_conversation(
    *, actor: Actor, at: datetime, skill: str = Skill.PSYCHOLOGY, channel: str = "WEB"
) -> Conversation:
    """The seeker of this visit begins to talk. An open conversation of the same visit goes on instead."""
    open_now = Conversation.objects.filter(visit_id=actor.visit_id).exclude(state=ConversationState.ENDED)
    existing = open_now.first()
    if existing is not None:
        return existing
    conversation = Conversation.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        visit_id=actor.visit_id,
        channel=channel,
        skill=skill,
        started_at=at,
        notice_shown_at=at,
    )
    event = ConversationStarted(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.id,
        channel=channel,
    )
    publish(event, actor=actor, at=at)
    duty.enter_line(
        actor=actor,
        subject=("conversation", conversation.id),
        need=duty.Need(skill, preferred=_known_counsellor(actor)),
        at=at,
    )
    return conversation


@transaction.atomic
def place_with(*, conversation: Conversation, account_id: int, at: datetime) -> None:
    """The counsellor who has this person on the telephone has it at once, in their own name: they asked for it, and nobody
    else is to begin anew. One that is not waiting stays where it is."""
    house = frozenset({conversation.organisation_id})
    person = replace(
        system_for(conversation.organisation_id, conversation.province), account_id=account_id, scope=Scope(house)
    )
    with acting(person.scope):
        subject = {"subject_kind": "conversation", "subject_id": conversation.id}
        entry = WaitingEntry.objects.filter(**subject, state__in=[EntryState.WAITING, EntryState.OFFERED]).first()
        if entry is not None:
            _begin(duty.take_from_line(actor=person, entry_id=entry.pk, at=at), person, at)


def _known_counsellor(actor: Actor) -> int | None:
    """Whom this visit talked with last: a returning seeker meets whom they know."""
    before = Conversation.objects.filter(visit_id=actor.visit_id, account_id__isnull=False)
    return before.order_by("-started_at").values_list("account_id", flat=True).first()


@transaction.atomic
def accept_conversation(*, actor: Actor, offer_id: int, at: datetime) -> Conversation:
    """Take the conversation that is offered."""
    return _begin(duty.accept_offer(actor=actor, offer_id=offer_id, at=at), actor, at)


@transaction.atomic
def take_conversation(*, actor: Actor, entry_id: int, at: datetime) -> Conversation:
    """Pick a conversation out of the waiting line by hand."""
    return _begin(duty.take_from_line(actor=actor, entry_id=entry_id, at=at), actor, at)


@transaction.atomic
def decline_conversation(*, actor: Actor, offer_id: int, at: datetime) -> None:
    """Let the offer go to somebody else."""
    duty.decline_offer(actor=actor, offer_id=offer_id, at=at)


def _begin(entry: WaitingEntry, actor: Actor, at: datetime) -> Conversation:
    actor.require(permissions.TALK, entry.organisation_id)
    conversation = Conversation.objects.select_for_update().get(pk=entry.subject_id)
    taken = Conversation.objects.filter(pk=conversation.pk, state=ConversationState.WAITING).update(
        state=ConversationState.ACTIVE,
        account_id=actor.account_id,
        first_contact_owner_account_id=conversation.first_contact_owner_account_id or actor.account_id,
        answered_at=at,
    )
    if not taken:
        raise DomainError("这次会话已被接入或已结束。", code="chat.conversation.gone", do_next="请等待下一个分配。")
    participate(conversation, actor.account_id, ParticipantKind.OWNER, at)
    event = ConversationTaken(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.id,
        account_id=actor.account_id,
        channel=conversation.channel,
    )
    publish(event, actor=actor, at=at)
    conversation.refresh_from_db()
    return conversation


def participate(conversation: Conversation, account_id: int, kind: str, at: datetime) -> None:
    """Somebody of the staff is in it from now on."""
    Participant.objects.create(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation=conversation,
        account_id=account_id,
        kind=kind,
        joined_at=at,
    )


@transaction.atomic
def end_conversation(*, actor: Actor, conversation_id: int, at: datetime) -> None:
    """End it. Ending what has ended changes nothing; what was said stays."""
    conversation = conversation_for(actor, conversation_id, to_write=True)
    by = "SEEKER" if actor.acting_as == "seeker" else "COUNSELLOR"
    ended = (
        Conversation.objects.filter(pk=conversation.pk)
        .exclude(state=ConversationState.ENDED)
        .update(state=ConversationState.ENDED, ended_at=at, ended_by=by)
    )
    if not ended:
        return
    subject = ("conversation", conversation.id)
    duty.leave_line(actor=actor, subject=subject, at=at)
    with acting(EVERYTHING):
        Participant.objects.filter(conversation=conversation, left_at=None).update(left_at=at)
    event = ConversationEnded(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.id,
        by=by,
    )
    publish(event, actor=actor, at=at)
    duty.end_engagement(subject=subject, at=at)
