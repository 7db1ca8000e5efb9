"""Messages: stored before they are acknowledged, once, in order; then screened."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from qingting.chat import rules
from qingting.chat.events import MessagePosted, MessagesRead
from qingting.chat.models import Conversation, Message
from qingting.chat.selectors import conversation_for
from qingting.chat.services.danger import screen_message
from qingting.chat.states import Author, ConversationState
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.ids import new_id
from qingting.core.push import signal

log = logging.getLogger(__name__)

# One statement numbers and stores a message; sent again with the same key it stores nothing and returns nothing.
_STORE = """
WITH numbered AS (
  UPDATE chat_conversation SET last_seq = last_seq + 1
  WHERE id = %(conversation_id)s AND NOT EXISTS (
    SELECT 1 FROM chat_message m WHERE m.conversation_id = %(conversation_id)s
      AND m.author = %(author)s AND m.client_key = %(client_key)s)
  RETURNING last_seq
)
INSERT INTO chat_message (id, organisation_id, province, conversation_id, visit_id, seq, author, account_id, text,
  client_key, sent_at)
SELECT %(id)s, %(organisation_id)s, %(province)s, %(conversation_id)s, %(visit_id)s, last_seq, %(author)s,
  %(account_id)s, %(text)s, %(client_key)s, %(at)s FROM numbered
RETURNING seq
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the sender is told: the message's id and number; `again` when it was stored before."""

    message_id: int
    seq: int
    again: bool


def _author(actor: Actor) -> str:
    return {"seeker": Author.SEEKER, "person": Author.COUNSELLOR}.get(actor.acting_as, Author.SYSTEM)


@transaction.atomic
def post_message(*, actor: Actor, conversation_id: int, text: str, client_key: str, at: datetime) -> Stored:
    """Store one message of the seeker or of the counsellor who has the conversation.

    Raises Invalid for an empty or overlong text, DomainError when the conversation has ended.
    """
    conversation = conversation_for(actor, conversation_id, to_write=True)
    cleaned = rules.clean(text)
    if not cleaned:
        raise Invalid("还没有写内容。", code="chat.message.empty", do_next="写下想说的话再发送。")
    if len(cleaned) > rules.LONGEST_MESSAGE:
        raise Invalid(
            f"一次最多{rules.LONGEST_MESSAGE}字。",
            code="chat.message.too-long",
            do_next="可以分成几条发送，不会丢失。",
        )
    before = _stored_before(conversation, _author(actor), client_key)
    if before is not None:
        return before
    if conversation.state == ConversationState.ENDED:
        raise DomainError(
            "这次会话已经结束了。",
            code="chat.conversation.ended",
            do_next="可以重新开始一次会话，我们一直都在。",
        )
    stored = _store(conversation, actor, cleaned, client_key, at)
    if actor.acting_as == "seeker" and not stored.again:
        screen_message(conversation, stored.message_id, at=at)
    return stored


def _stored_before(conversation: Conversation, author: str, client_key: str) -> Stored | None:
    row = (
        Message.objects.filter(conversation=conversation, author=author, client_key=client_key)
        .values_list("id", "seq")
        .first()
    )
    return Stored(row[0], row[1], again=True) if row else None


def _store(
    conversation: Conversation, actor: Actor, text: str, client_key: str, at: datetime, author: str = ""
) -> Stored:
    message_id, author = new_id(), author or _author(actor)
    values: dict[str, int | str | datetime | None] = {
        "id": message_id,
        "organisation_id": conversation.organisation_id,
        "province": conversation.province,
        "conversation_id": conversation.id,
        "visit_id": conversation.visit_id,
        "author": author,
        "account_id": actor.account_id or None,
        "text": text,
        "client_key": client_key[:40],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        row = cursor.fetchone()
    if row is None:  # the same message came in twice at the same moment, and the other one was faster
        message = Message.objects.get(conversation=conversation, author=author, client_key=values["client_key"])
        return Stored(message.id, message.seq, again=True)
    event = MessagePosted(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.id,
        message_id=message_id,
        seq=row[0],
        author=author,
    )
    publish(event, actor=actor, at=at)
    return Stored(message_id, row[0], again=False)


def post_system_message(*, actor: Actor, conversation: Conversation, text: str, key: str, at: datetime) -> Stored:
    """A line the platform adds for both sides. The same key is said once."""
    return _store(conversation, actor, text, key, at)


@transaction.atomic
def post_machine_message(*, conversation_id: int, text: str, key: str, at: datetime) -> Stored | None:
    """What the machine at the door says, under its own name. None once a person has the conversation: from then on it is
    silent, and the lock on the conversation keeps its last word from falling behind theirs."""
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if conversation is None or conversation.state != ConversationState.WAITING:
        return None
    actor = system_for(conversation.organisation_id, conversation.province)
    return _store(conversation, actor, text, key, at, author=Author.MACHINE)


@transaction.atomic
def mark_read(*, actor: Actor, conversation_id: int, upto: int) -> None:
    """Say how far one has read; marks only move forward. Silent listeners leave no mark."""
    conversation = conversation_for(actor, conversation_id)
    field = "seeker_read_seq" if actor.acting_as == "seeker" else "counsellor_read_seq"
    if actor.acting_as == "person" and conversation.account_id != actor.account_id:
        return
    upto = min(upto, conversation.last_seq)
    moved = Conversation.objects.filter(pk=conversation.pk, **{f"{field}__lt": upto}).update(**{field: upto})
    if moved:
        signal(
            _both(conversation),
            MessagesRead.name,
            {"conversation": conversation.id},
            {"author": _author(actor), "upto": upto},
        )


@transaction.atomic
def say_typing(*, actor: Actor, conversation_id: int) -> None:
    """Tell the other side that one is writing. It passes by and is stored nowhere for good."""
    conversation = conversation_for(actor, conversation_id)
    if actor.acting_as == "person" and conversation.account_id != actor.account_id:
        return
    signal(_both(conversation), "chat.typing", {"conversation": conversation.id}, {"author": _author(actor)})


def _both(conversation: Conversation) -> list[str]:
    """The channels of the staff and of the seeker."""
    return [f"conversation:{conversation.id}", f"talk:{conversation.id}"]
