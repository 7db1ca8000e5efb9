"""Erasing what was said, because whoever said it wishes so. The journal keeps that there was a talk and that it was erased."""

from datetime import datetime

from django.db import transaction

from qingting.chat.events import WordsErased
from qingting.chat.models import Conversation, Message
from qingting.chat.states import ConversationState
from qingting.core.actors import Actor
from qingting.core.events import publish

ERASED = "（已按本人要求删除）"
KEPT_FOR_DANGER = ("URGENT", "CRITICAL")  # records of danger to life are kept for years by law, and may be evidence


@transaction.atomic
def erase_words(*, actor: Actor, visit_id: int, at: datetime) -> tuple[int, int]:
    """Erase the words of a visit's talks that are over. Returns how many talks were erased, and how many were kept because they go
    on or because there was danger. The caller must be allowed to; the words cannot be brought back."""
    talks = (
        Conversation.objects.select_for_update().filter(visit_id=visit_id) if visit_id else Conversation.objects.none()
    )
    erased = kept = 0
    for talk in talks:
        if talk.state != ConversationState.ENDED or talk.danger_level in KEPT_FOR_DANGER:
            kept += 1
            continue
        Message.objects.filter(conversation_id=talk.pk).update(text=ERASED)
        erased += 1
        told = WordsErased(organisation_id=talk.organisation_id, province=talk.province, conversation_id=talk.pk)
        publish(told, actor=actor, at=at)
    return erased, kept
