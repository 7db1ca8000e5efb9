"""Reading conversations: the seeker their own, a counsellor theirs, a shift leader those of the organisation."""

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from qingting.chat import permissions
from qingting.chat.models import (
    Conversation,
    DangerJudgement,
    DangerSign,
    Handover,
    Message,
    Participant,
    SilentInvitation,
)
from qingting.chat.states import LEVEL_ORDER, Author, ConversationState, HandoverState
from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed, not_found
from qingting.screening import level_label, type_label

_GRAVITY = Case(
    *(When(danger_level=level, then=Value(-rank)) for level, rank in LEVEL_ORDER.items()), output_field=IntegerField()
)
_DANGER_FIRST = (_GRAVITY, F("danger_since").asc(nulls_last=True), "started_at")


def conversation_for(actor: Actor, conversation_id: int, *, to_write: bool = False) -> Conversation:
    """One conversation the actor may read, or with `to_write` speak in.

    Raises NotFound outside the actor's sight, NotAllowed where one may look but not speak.
    """
    conversation = _visible(actor).filter(pk=conversation_id).first()
    if conversation is None:
        raise not_found("会话", "chat.conversation.not-found")
    if to_write and actor.acting_as == "person" and conversation.account_id != actor.account_id:
        raise NotAllowed(
            "这次会话由另一位同事接待。",
            code="chat.conversation.not-yours",
            do_next="如需接手，可以请对方发起转交；值班长可以静默旁听。",
        )
    return conversation


def _visible(actor: Actor) -> QuerySet[Conversation]:
    """A seeker sees their own. Staff see what they take part in or are asked to take over: who wants to listen in joins
    first, and the journal says so. The address of a conversation opens nothing by itself. Who handed it over or stopped
    listening while it went on reads it no more, because the seeker was told who reads; who was there at its end still may."""
    if actor.acting_as == "seeker":
        return Conversation.objects.filter(visit_id=actor.visit_id)
    if not (actor.may(permissions.TALK) or actor.may(permissions.JOIN_SILENTLY)):
        return Conversation.objects.none()
    to_the_end = Q(left_at=None) | Q(left_at__gte=OuterRef("ended_at"))
    own = Participant.objects.filter(to_the_end, conversation=OuterRef("pk"), account_id=actor.account_id)
    asked = Handover.objects.filter(
        conversation=OuterRef("pk"), to_account_id=actor.account_id, state=HandoverState.OFFERED
    )
    here = Conversation.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    return here.filter(Q(account_id=actor.account_id) | Exists(own) | Exists(asked))


def conversation_to_join(actor: Actor, conversation_id: int) -> Conversation:
    """A conversation of the actor's organisations that somebody who may listen in, or was asked to, can join."""
    if not open_invitation(actor, conversation_id):
        actor.require(permissions.JOIN_SILENTLY)
    here = Conversation.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    conversation = here.filter(pk=conversation_id).first()
    if conversation is None:
        raise not_found("会话", "chat.conversation.not-found")
    return conversation


def open_invitation(actor: Actor, conversation_id: int) -> SilentInvitation | None:
    """The actor's unanswered invitation to read along, while the conversation goes on."""
    open_ones = SilentInvitation.objects.filter(conversation_id=conversation_id, answered_at=None)
    going_on = open_ones.exclude(conversation__state=ConversationState.ENDED)
    return going_on.filter(account_id=actor.account_id).first()


def invitation_to(actor: Actor, invitation_id: int) -> SilentInvitation:
    """An invitation to this person, answered or not; NotFound for anybody else's."""
    found = SilentInvitation.objects.select_related("conversation").filter(pk=invitation_id)
    invitation = found.filter(account_id=actor.account_id).first()
    if invitation is None:
        raise not_found("邀请", "chat.invitation.not-found")
    return invitation


def invited_to(conversation: Conversation) -> QuerySet[SilentInvitation]:
    """Invitations that wait for an answer."""
    return conversation.invitations.filter(answered_at=None).order_by("invited_at")


def people_in(conversation: Conversation) -> QuerySet[Participant]:
    """Who of the staff is or was in it, in the order in which they came."""
    return conversation.participants.order_by("joined_at", "pk")


def own_conversation(actor: Actor) -> Conversation | None:
    """The seeker's latest conversation on this visit."""
    return Conversation.objects.filter(visit_id=actor.visit_id).order_by("-started_at").first()


def my_conversations(actor: Actor) -> QuerySet[Conversation]:
    """What a counsellor has in hand, danger first, then oldest first; `unread` counts what they have not read yet."""
    mine = Conversation.objects.filter(account_id=actor.account_id, state=ConversationState.ACTIVE)
    new = Q(messages__author=Author.SEEKER, messages__seq__gt=F("counsellor_read_seq"))
    return mine.annotate(unread=Count("messages", filter=new)).order_by(*_DANGER_FIRST)


def conversations_here(actor: Actor) -> QuerySet[Conversation]:
    """For the shift leader: everything going on in the organisation."""
    here = Conversation.objects.filter(organisation_id=actor.organisation_id, state=ConversationState.ACTIVE)
    return here.order_by(*_DANGER_FIRST)


def messages_after(conversation: Conversation, seq: int, *, limit: int = 200) -> QuerySet[Message]:
    """Messages behind number `seq`, with their danger signs, in order."""
    signs = Prefetch("danger_signs", queryset=DangerSign.objects.order_by("start"))
    return conversation.messages.filter(seq__gt=seq).order_by("seq").prefetch_related(signs)[:limit]


def danger_types(actor: Actor, conversation_id: int) -> list[tuple[str, str, str]]:
    """(type, level, level in Chinese) of what was seen and not corrected away, the gravest first, each type once.

    Types without a word: whoever may take a conversation that waits may know them before taking it.
    """
    waiting = Q(state=ConversationState.WAITING, organisation_id__in=sorted(actor.scope.organisations))
    seen = Conversation.objects.filter(waiting) if actor.may(permissions.TALK) else Conversation.objects.none()
    conversation = seen.filter(pk=conversation_id).first() or conversation_for(actor, conversation_id)
    worst: dict[str, str] = {}
    for sign in conversation.danger_signs.all():
        kind, level = sign.corrected_type or sign.type, sign.corrected_level or sign.level
        if LEVEL_ORDER.get(level, 0) > LEVEL_ORDER.get(worst.get(kind, ""), 0):
            worst[kind] = level
    ranked = sorted(worst.items(), key=lambda pair: -LEVEL_ORDER[pair[1]])
    return [(type_label(kind), level, level_label(level)) for kind, level in ranked]


def judgements_of(conversation: Conversation) -> QuerySet[DangerJudgement]:
    """Who took its level down, when and why, the newest first."""
    return conversation.danger_judgements.order_by("-judged_at")


def levels_below(level: str) -> list[tuple[str, str]]:
    """(code, in Chinese) of the levels a person may take this one down to, the gravest first."""
    below = [code for code, rank in LEVEL_ORDER.items() if 0 < rank < LEVEL_ORDER[level]]
    named = [(code, level_label(code)) for code in sorted(below, key=LEVEL_ORDER.__getitem__, reverse=True)]
    return [*named, ("NONE", "无危险")] if level else []


def handovers_to(actor: Actor) -> QuerySet[Handover]:
    """Colleagues who ask this person to take over."""
    asked = Handover.objects.filter(to_account_id=actor.account_id, state=HandoverState.OFFERED)
    return asked.select_related("conversation").order_by("offered_at")


def open_handover_of(conversation: Conversation) -> Handover | None:
    """The pending hand-over of a conversation, if one is open."""
    return conversation.handovers.filter(state=HandoverState.OFFERED).first()
