"""The machine says something: as a message of the talk, with the reason beside it."""

import re
from datetime import datetime

from django.utils.translation import get_language, gettext

from qingting.chat.services import post_machine_message
from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.core.traditional import traditional
from qingting.knowledge import services as knowledge
from qingting.knowledge.states import Place
from qingting.reception.events import MachineSpoke
from qingting.reception.models import Attendance, Utterance
from qingting.reception.rules import Reply, sentence
from qingting.reception.states import Said


def say(
    attendance: Attendance, reply: Reply, *, key: str, at: datetime, to: int | None = None, strength: float = 0
) -> Utterance | None:
    """Say it, once for each key. None where a person has taken the conversation in the meantime: then nothing is said."""
    stored = post_machine_message(
        conversation_id=attendance.conversation_id, text=_in_their_language(reply.text), key=f"machine-{key}", at=at
    )
    if stored is None or stored.again:
        return None
    utterance = Utterance.objects.create(
        organisation_id=attendance.organisation_id,
        province=attendance.province,
        attendance=attendance,
        visit_id=attendance.visit_id,
        conversation_id=attendance.conversation_id,
        message_id=stored.message_id,
        seq=stored.seq,
        to_message_id=to,
        kind=reply.kind,
        articles=list(reply.articles),
        strength=strength,
        said_at=at,
    )
    for article_id in reply.articles[:1]:
        knowledge.note_read(article_id=article_id, place=Place.RECEPTION, at=at)
    spoke = MachineSpoke(
        organisation_id=attendance.organisation_id,
        province=attendance.province,
        conversation_id=attendance.conversation_id,
        message_id=stored.message_id,
        kind=reply.kind,
        kind_label=str(Said(reply.kind).label),
    )
    publish(spoke, actor=system_for(attendance.organisation_id, attendance.province), at=at)
    return utterance


def _in_their_language(text: str) -> str:
    """Its own sentences in the language of the page on which somebody is answered; what it quotes from articles at least in their
    characters. What is said later, from the worker, is said in Simplified Chinese."""
    said = "\n".join(_line(line) for line in text.split("\n"))
    return traditional(said) if get_language() == "zh-hant" else said


def _line(line: str) -> str:
    """One line of what it says: a sentence of its own, or one that names an article."""
    for name in ("source", "offer"):
        template = sentence("answer", name)
        named = re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template)), line)
        if named:
            return gettext(template).format(**named.groupdict())
    return gettext(line) if line else ""
