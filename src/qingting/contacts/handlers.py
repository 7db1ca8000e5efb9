"""What a talk, written or spoken, does to its contact record. The record is the organisation's, whoever's act set this off."""

from dataclasses import replace
from datetime import datetime

from qingting.chat.events import ConversationEnded, ConversationTaken, HandoverEnded
from qingting.chat.models import Conversation
from qingting.chat.states import HandoverState
from qingting.contacts import services
from qingting.contacts.states import Channel
from qingting.core.actors import Actor, system_for
from qingting.core.events import Event
from qingting.core.scope import Scope, acting
from qingting.telephony.events import CallEnded, CallPassedOn, CallTaken, DangerNoted
from qingting.telephony.models import Call
from qingting.telephony.selectors import call_of_text_talk
from qingting.telephony.states import Outcome

# What a record of a silent call says where its counsellor has written nothing.
OF_A_SILENT_CALL = {"category": "OTHER_SILENT", "summary": "静默来电：来电人没有说话，也没有按键求助。"}


def _acting_for(event: Event, account_id: int = 0) -> Actor:
    """The organisation's own actor, seeing its rows only; in the name of `account_id` where a person is behind it."""
    scope = Scope(frozenset({event.organisation_id}))
    return replace(system_for(event.organisation_id, event.province), account_id=account_id, scope=scope)


def open_for_conversation(event: ConversationTaken, *, at: datetime) -> None:
    """A counsellor took a conversation: the record opens by itself."""
    actor = _acting_for(event, event.account_id)
    with acting(actor.scope):
        call = call_of_text_talk(event.conversation_id)
        if call and services.join_writing(actor=actor, call_id=call, conversation_id=event.conversation_id):
            return  # whoever called and could not speak: it is the same matter, and has its record
        conversation = Conversation.objects.get(pk=event.conversation_id)
        answered = conversation.answered_at or at
        services.open_contact(
            actor=actor,
            beginning=services.Beginning(
                channel=event.channel if event.channel in Channel.values else Channel.WEB,
                conversation_id=event.conversation_id,
                started_at=conversation.started_at,
                answered_at=answered,
            ),
            at=at,
        )


def follow_handover(event: HandoverEnded, *, at: datetime) -> None:
    """A colleague accepted the conversation and with it the record (首问负责 passes on acceptance only)."""
    if event.state != HandoverState.ACCEPTED:
        return
    actor = _acting_for(event, event.to_account_id)
    with acting(actor.scope):
        services.pass_on(actor=actor, conversation_id=event.conversation_id, to_account_id=event.to_account_id, at=at)


def note_ended(event: ConversationEnded, *, at: datetime) -> None:
    """The conversation is over; the record stays open until it is registered."""
    actor = _acting_for(event)
    with acting(actor.scope):
        services.note_ended(actor=actor, conversation_id=event.conversation_id, at=at)


def open_for_call(event: CallTaken, *, at: datetime) -> None:
    """A counsellor talks on the telephone: the record opens by itself, and once."""
    actor = _acting_for(event, event.account_id)
    with acting(actor.scope):
        call = Call.objects.get(pk=event.call_id)
        if call.case_id:
            return  # made from a case: it belongs there, and with somebody else
        services.open_contact(
            actor=actor,
            beginning=services.Beginning(
                channel=Channel.PHONE,
                call_id=event.call_id,
                started_at=call.started_at,
                answered_at=call.answered_at or at,
            ),
            at=at,
        )


def follow_call(event: CallPassedOn, *, at: datetime) -> None:
    """A colleague took the call and with it the record."""
    actor = _acting_for(event, event.account_id)
    with acting(actor.scope):
        services.pass_on(actor=actor, call_id=event.call_id, to_account_id=event.account_id, at=at)


def note_call_ended(event: CallEnded, *, at: datetime) -> None:
    """The call is over; the record stays open until it is registered."""
    actor = _acting_for(event)
    with acting(actor.scope):
        services.note_ended(actor=actor, call_id=event.call_id, at=at)
        if event.outcome == Outcome.SILENT:
            services.propose(actor=actor, call_id=event.call_id, values=OF_A_SILENT_CALL, at=at)


def note_call_danger(event: DangerNoted, *, at: datetime) -> None:
    """Somebody, or a key of the caller's, says that it is grave: the record's level rises with it."""
    actor = _acting_for(event)
    with acting(actor.scope):
        services.raise_risk_level(actor=actor, call_id=event.call_id, level=event.level, at=at)
