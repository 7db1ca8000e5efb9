"""What the door does when something happened in a talk, or a clock ran out. One service call each.

What happens in a talk happens inside the transaction that stores a word of a seeker: a fault of the door is undone, logged,
and never costs that word.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from qingting.chat.events import ConversationEnded, ConversationStarted, ConversationTaken, DangerSeen, MessagePosted
from qingting.chat.states import Author
from qingting.core.clocks import ClockBreached, ClockEscalated
from qingting.directory.states import ClockKind
from qingting.reception import services
from qingting.telephony.events import AnnouncementEnded

log = logging.getLogger(__name__)


@contextmanager
def _harmless(what: str, conversation_id: int) -> Iterator[None]:
    """Undo and log what goes wrong in here, and go on."""
    try:
        with transaction.atomic():
            yield
    except Exception:
        log.exception("the door failed to %s in conversation %s", what, conversation_id)


def greet(event: ConversationStarted, *, at: datetime) -> None:
    """Somebody has come: the machine says at once whether nobody else will."""
    with _harmless("greet", event.conversation_id):
        services.consider(conversation_id=event.conversation_id, at=at)


def hear(event: MessagePosted, *, at: datetime) -> None:
    """A seeker has written something."""
    if event.author == Author.SEEKER:
        with _harmless("answer", event.conversation_id):
            services.hear(conversation_id=event.conversation_id, message_id=event.message_id, at=at)


def warn(event: DangerSeen, *, at: datetime) -> None:
    """Danger: safety words, and people are called."""
    with _harmless("warn", event.conversation_id):
        services.warn(conversation_id=event.conversation_id, message_id=event.message_id, level=event.level, at=at)


def make_way(event: ConversationTaken, *, at: datetime) -> None:
    """A person has it."""
    services.fall_silent(conversation_id=event.conversation_id, account_id=event.account_id, at=at)
    services.end_alerts(subject=("conversation", event.conversation_id), account_id=event.account_id, at=at)


def close(event: ConversationEnded, *, at: datetime) -> None:
    """It is over. An alert stays open while nobody has had the talk: a child who leaves is no reason to stop looking."""
    services.fall_silent(conversation_id=event.conversation_id, account_id=0, at=at)


def climb(event: ClockBreached | ClockEscalated, *, at: datetime) -> None:
    """Nobody has acknowledged an alert in time."""
    if event.subject_kind == "alert" and event.kind == ClockKind.ALERT_ACKNOWLEDGEMENT:
        services.climb(alert_id=event.matter_id, at=at)


def follow_announcement(event: AnnouncementEnded, *, at: datetime) -> None:
    """Somebody's telephone was rung for an alert."""
    services.note_telephoned(subject=(event.subject_kind, event.matter_id), outcome=event.outcome, at=at)
