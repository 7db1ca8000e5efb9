"""What screening finds in a seeker's words: stored beside the message, told to the line, and it starts the crisis clock."""

import logging
from datetime import datetime

from django.db import transaction

from qingting.chat import rules
from qingting.chat.events import DangerCorrected, DangerSeen
from qingting.chat.models import Conversation, DangerSign
from qingting.chat.selectors import conversation_for
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import start_clock
from qingting.core.errors import Invalid, not_found
from qingting.core.events import publish
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind, Urgency
from qingting.duty.services import raise_priority
from qingting.screening import Screening, screen

log = logging.getLogger(__name__)

STARTS_THE_CLOCK = frozenset({Urgency.CRITICAL, Urgency.URGENT})


def screen_message(conversation: Conversation, message_id: int, text: str, *, at: datetime) -> None:
    """Screen one message. A fault in screening is logged and never keeps a message from being stored."""
    try:
        found = screen(text)
    except Exception:
        log.exception("screening failed for message %s", message_id)
        return
    if found.level:
        with acting(EVERYTHING):
            _record(conversation, message_id, found, at)


def _record(conversation: Conversation, message_id: int, found: Screening, at: datetime) -> None:
    level = str(found.level)
    DangerSign.objects.bulk_create(
        DangerSign(
            organisation_id=conversation.organisation_id,
            province=conversation.province,
            conversation=conversation,
            message_id=message_id,
            type=sign.type,
            level=sign.level,
            start=sign.start,
            end=sign.end,
            why=sign.why[:80],
            score=sign.score,
        )
        for sign in found.signs
    )
    raised = rules.is_rise(conversation.danger_level, level)
    if raised:
        _raise_level(conversation, level, at)
    event = DangerSeen(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.id,
        message_id=message_id,
        level=level,
        level_label=str(Urgency(level).label),
        raised=raised,
    )
    publish(event, actor=system_for(conversation.organisation_id, conversation.province), at=at)


def _raise_level(conversation: Conversation, level: str, at: datetime) -> None:
    conversation.danger_level = level
    conversation.danger_since = conversation.danger_since or at
    Conversation.objects.filter(pk=conversation.pk).update(danger_level=level, danger_since=conversation.danger_since)
    raise_priority(subject=("conversation", conversation.id), level=level, at=at)
    if level in STARTS_THE_CLOCK:
        _start_crisis_clock(conversation, at)


def _start_crisis_clock(conversation: Conversation, at: datetime) -> None:
    """Thirty minutes to an intervention, from the first danger sign (source: Heilongjiang 2022, as data in directory)."""
    subject = ("conversation", conversation.id)
    if Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1]).exists():
        return
    start_clock(
        actor=system_for(conversation.organisation_id, conversation.province),
        kind=ClockKind.CRISIS_INTERVENTION,
        subject=subject,
        span=clock_span(conversation.organisation_id, ClockKind.CRISIS_INTERVENTION, start=at),
        at=at,
    )


@transaction.atomic
def correct_sign(*, actor: Actor, sign_id: int, level: str, words: str, at: datetime) -> DangerSign:
    """A counsellor says that the machine was wrong. The finding stays beside the correction, for learning from it.

    level: a danger level or 'NONE'; the level of the conversation itself is judged in a risk assessment, not here.
    """
    sign = DangerSign.objects.select_related("conversation").filter(pk=sign_id).first()
    if sign is None:
        raise not_found("危险信号", "chat.sign.not-found")
    conversation_for(actor, sign.conversation_id, to_write=True)
    if level not in {*Urgency.values, "NONE"}:
        raise Invalid("请选择更正后的等级。", code="chat.sign.level", do_next="可选：特急、紧急、一般、无危险。")
    sign.corrected_level, sign.correction_words = level, words.strip()[:200]
    sign.corrected_by_account_id, sign.corrected_at = actor.account_id, at
    sign.save()
    event = DangerCorrected(
        organisation_id=sign.organisation_id,
        province=sign.province,
        conversation_id=sign.conversation_id,
        sign_id=sign.id,
    )
    publish(event, actor=actor, at=at)
    return sign
