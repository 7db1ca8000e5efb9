"""What screening finds in a seeker's words: stored beside the message, told to the line, and it starts the crisis clock.

Each message is read alone, together with the few before it, within the whole talk, and as an answer to the question
before it. What a person judged (see `judging`) is behind us: the machine does not raise it again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from qingting.chat import rules
from qingting.chat.events import DangerSeen
from qingting.chat.models import Conversation, DangerSign, Message
from qingting.chat.states import Author
from qingting.core.actors import system_for
from qingting.core.clocks import start_clock
from qingting.core.events import publish
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind, Urgency
from qingting.duty.services import raise_priority
from qingting.screening import DangerSign as Sign
from qingting.screening import Screening, screen_latest
from qingting.screening.editions import current, in_force

log = logging.getLogger(__name__)

STARTS_THE_CLOCK = frozenset({Urgency.CRITICAL, Urgency.URGENT})


def screen_message(conversation: Conversation, message_id: int, *, at: datetime) -> None:
    """Screen the message just stored. A fault in screening is logged and never keeps a message from being stored."""
    with acting(EVERYTHING):
        said, asked = _words_before(conversation)
        with in_force(conversation.organisation_id):
            try:
                found = screen_latest([text for _, text in said], asked=asked)
            except Exception:
                log.exception("screening failed for message %s", message_id)
                return
            if found.level:
                _record(conversation, message_id, _placed(found, said), at)


Said = list[tuple[int, str]]  # (message id, its text), in order


def _words_before(conversation: Conversation) -> tuple[Said, str]:
    """What the seeker said since a person last judged, the newest last; and the counsellor's question just before it."""
    recent = Message.objects.filter(conversation=conversation, seq__gt=conversation.danger_judged_seq)
    rows = list(recent.order_by("-seq").values_list("id", "author", "text")[: rules.READ_TOGETHER])
    asked = rows[1][2] if len(rows) > 1 and rows[1][1] == Author.COUNSELLOR else ""
    said = [(id_, text) for id_, author, text in rows if author == Author.SEEKER]
    return said[: rules.fitting([len(text) for _, text in said])][::-1], asked


@dataclass(frozen=True, slots=True)
class Placed:
    """A sign with the message that its words stand in, offsets into that message."""

    message_id: int
    sign: Sign
    start: int
    end: int


def _placed(found: Screening, said: Said) -> list[Placed]:
    """Each sign on the newest message that it touches: that is the one people look at."""
    begins = list(accumulate((len(text) + 1 for _, text in said), initial=0))
    places = []
    for sign in found.signs:
        touched = [
            at for at, (_, text) in enumerate(said) if sign.start < begins[at] + len(text) and begins[at] < sign.end
        ]
        id_, text = said[touched[-1]]
        begin = begins[touched[-1]]
        places.append(Placed(id_, sign, max(sign.start - begin, 0), min(sign.end - begin, len(text))))
    return places


def _new(conversation: Conversation, places: list[Placed]) -> list[Placed]:
    """Without what is known already: the same type on the same message, at this level or a graver one."""
    known: dict[tuple[int, str], int] = {}
    rows = DangerSign.objects.filter(conversation=conversation).values_list("message_id", "type", "level")
    for message_id, type_, level in rows:
        known[message_id, type_] = max(known.get((message_id, type_), 0), rules.gravity(level))
    return [
        place for place in places if rules.gravity(place.sign.level) > known.get((place.message_id, place.sign.type), 0)
    ]


def _record(conversation: Conversation, message_id: int, places: list[Placed], at: datetime) -> None:
    new = _new(conversation, places)
    if not new:
        return
    DangerSign.objects.bulk_create(
        DangerSign(
            organisation_id=conversation.organisation_id,
            province=conversation.province,
            conversation=conversation,
            message_id=place.message_id,
            type=place.sign.type,
            level=place.sign.level,
            start=place.start,
            end=place.end,
            why=place.sign.why[:80],
            edition_id=current().id,
            score=place.sign.score,
        )
        for place in new
    )
    level = max((place.sign.level for place in new), key=rules.gravity)
    raise_danger(conversation, message_id, level, at=at)


def raise_danger(conversation: Conversation, message_id: int, level: str, *, at: datetime) -> None:
    """Tell of danger at this level: the conversation, the line and the clock follow where it is a rise."""
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
    if Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1], cancelled_at=None).exists():
        return
    start_clock(
        actor=system_for(conversation.organisation_id, conversation.province),
        kind=ClockKind.CRISIS_INTERVENTION,
        subject=subject,
        span=clock_span(conversation.organisation_id, ClockKind.CRISIS_INTERVENTION, start=at),
        at=at,
    )
