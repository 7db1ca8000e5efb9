"""What a page gets of a conversation, as JSON. A seeker's page never gets danger signs or names of staff."""

from collections.abc import Iterable
from typing import Any

from qingting.chat.models import Conversation, DangerSign, Message
from qingting.screening import level_label, type_label


def message_shape(message: Message, *, for_staff: bool) -> dict[str, Any]:
    """{seq, author, text, at, key} and, for staff, id and danger signs with offsets into the text (Python characters)."""
    shape: dict[str, Any] = {
        "seq": message.seq,
        "author": message.author,
        "text": message.text,
        "at": message.sent_at.isoformat(),
        "key": message.client_key,
    }
    if for_staff:
        shape["id"] = str(message.id)
        shape["signs"] = [sign_shape(sign) for sign in message.danger_signs.all()]
    return shape


def sign_shape(sign: DangerSign) -> dict[str, Any]:
    """One danger sign with its words in Chinese."""
    return {
        "id": str(sign.id),
        "start": sign.start,
        "end": sign.end,
        "level": sign.level,
        "level_label": level_label(sign.level),
        "type_label": type_label(sign.type),
        "corrected": sign.corrected_level,
    }


def messages_shape(messages: Iterable[Message], *, for_staff: bool) -> list[dict[str, Any]]:
    """Many messages, in order."""
    return [message_shape(message, for_staff=for_staff) for message in messages]


def marks_shape(conversation: Conversation) -> dict[str, int]:
    """How far the conversation goes and how far each side has read."""
    return {
        "last_seq": conversation.last_seq,
        "seeker_read": conversation.seeker_read_seq,
        "counsellor_read": conversation.counsellor_read_seq,
    }
