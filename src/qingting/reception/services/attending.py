"""When the machine attends, what it does with each message, what it says in danger, and how it falls silent."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language

from qingting.chat.models import Conversation, Message
from qingting.chat.states import ConversationState
from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.knowledge.selectors import Asked, find
from qingting.reception import rules, selectors
from qingting.reception.events import MachineAttends, MachineSilent
from qingting.reception.models import Attendance, Turn, Utterance
from qingting.reception.services import alerts
from qingting.reception.services.speaking import say
from qingting.reception.states import Cause, Reason, Said, TurnState
from qingting.screening import screen
from qingting.screening.editions import in_force
from qingting.screening.normalise import simplified

log = logging.getLogger(__name__)
SHORTEST_QUESTION = 2
SAYS_AGAIN = timedelta(seconds=60)
LOOKS_BACK = timedelta(hours=12)


@transaction.atomic
def consider(*, conversation_id: int, at: datetime) -> Attendance | None:
    """Begin to attend a conversation that waits, where there is a reason to. The one that attends, or None."""
    with acting(EVERYTHING):
        found = Attendance.objects.filter(conversation_id=conversation_id).first()
        if found is not None:
            return found
        conversation = Conversation.objects.filter(pk=conversation_id, state=ConversationState.WAITING).first()
        reason = selectors.reason_to_attend(conversation, at=at) if conversation else None
        return _begin(conversation, reason, at) if conversation and reason else None


def _begin(conversation: Conversation, reason: Reason, at: datetime) -> Attendance:
    attendance, fresh = Attendance.objects.get_or_create(
        conversation_id=conversation.id,
        defaults={
            "organisation_id": conversation.organisation_id,
            "province": conversation.province,
            "visit_id": conversation.visit_id,
            "reason": reason,
            "began_at": at,
        },
    )
    if fresh:
        event = MachineAttends(
            organisation_id=attendance.organisation_id,
            province=attendance.province,
            conversation_id=conversation.id,
            attendance_id=attendance.pk,
            reason=reason,
            reason_label=str(reason.label),
        )
        publish(event, actor=system_for(attendance.organisation_id, attendance.province), at=at)
        say(attendance, rules.Reply(Said.GREETING, rules.greeting(reason)), key="greeting", at=at)
        if conversation.danger_level in rules.SILENT_FROM:
            warn(conversation_id=conversation.id, message_id=0, level=conversation.danger_level, at=at)
    return attendance


@transaction.atomic
def attend_waiting(*, at: datetime, limit: int = 50) -> int:
    """Attend the conversations that have waited long enough. Returns how many the machine went to."""
    with acting(EVERYTHING):
        held = Attendance.objects.values("conversation_id")
        waiting = Conversation.objects.filter(state=ConversationState.WAITING, started_at__gte=at - LOOKS_BACK)
        ids = list(waiting.exclude(pk__in=held).order_by("started_at").values_list("id", flat=True)[:limit])
        begun = [attendance for id_ in ids if (attendance := consider(conversation_id=id_, at=at)) is not None]
        for attendance in begun:
            _hear_last(attendance, at)
    return len(begun)


def _hear_last(attendance: Attendance, at: datetime) -> None:
    """What was written before the machine came deserves an answer, too: the last of it."""
    said = Message.objects.filter(conversation_id=attendance.conversation_id, author="SEEKER").order_by("-seq").first()
    if said is not None:
        hear(conversation_id=attendance.conversation_id, message_id=said.id, at=at)


@transaction.atomic
def hear(*, conversation_id: int, message_id: int, at: datetime) -> None:
    """A seeker has written. Danger is screened before anything else: from 紧急 on nothing is answered here (see `warn`)."""
    with acting(EVERYTHING):
        attendance = consider(conversation_id=conversation_id, at=at)
        if attendance is None or attendance.silent_at is not None:
            return
        conversation = Conversation.objects.get(pk=conversation_id)
        text = Message.objects.values_list("text", flat=True).get(pk=message_id)
        if _dangerous(conversation, text):
            _stay(attendance, message_id, at, asked_for=rules.wants_person(text))
            return
        try:
            with transaction.atomic():
                _reply(attendance, message_id, text, at)
        except Exception:
            log.exception("the machine failed to answer message %s", message_id)


def _stay(attendance: Attendance, message_id: int, at: datetime, *, asked_for: bool) -> None:
    """Somebody in danger goes on writing while nobody has come. They are not left without an answer, nor told the same at each line:
    where the last word of the machine is a minute old, it says again how to reach a person; to who asks for one, that they were called.
    A new sign is answered by `warn`."""
    if asked_for and attendance.safety_level:
        reply = rules.Reply(Said.CALLING, rules.sentence("wanted", "danger"))
        say(attendance, reply, key=f"safety-{message_id}", to=message_id, at=at)
        return
    last = (
        Utterance.objects.filter(attendance=attendance).order_by("-said_at").values_list("said_at", flat=True).first()
    )
    if attendance.safety_level and (last is None or at - last >= SAYS_AGAIN):
        reply = rules.Reply(Said.SAFETY, rules.safety(attendance.safety_level, again=True))
        say(attendance, reply, key=f"safety-{message_id}", to=message_id, at=at)


def _dangerous(conversation: Conversation, text: str) -> bool:
    """Whether the conversation is, or this message makes it, 紧急 or more. A fault in screening counts as danger here: then
    the machine says nothing of its own, and people are called by other means."""
    if conversation.danger_level in rules.SILENT_FROM:
        return True
    try:
        with in_force(conversation.organisation_id):
            return screen(text).level in rules.SILENT_FROM
    except Exception:
        log.exception("screening failed at the door")
        return True


def _reply(attendance: Attendance, message_id: int, text: str, at: datetime) -> None:
    if rules.wants_person(text):
        _call_person(attendance, message_id, at)
        return
    if (small := rules.small_talk(text)) is not None:
        say(attendance, small, key=str(message_id), to=message_id, at=at)
        return
    if len(text) < SHORTEST_QUESTION:
        return
    hits = find(attendance.organisation_id, Asked(simplified(text), page=get_language() or ""), at=at)
    found = [selectors.candidate(hit) for hit in hits]
    strength = found[0].strength if found else 0
    said = say(attendance, rules.reply_to(found), key=str(message_id), to=message_id, strength=strength, at=at)
    if said and rules.is_clear(found) and selectors.wording_is_on(attendance.organisation_id, at=at):
        _ask_for_wording(attendance, message_id, at)


def _ask_for_wording(attendance: Attendance, message_id: int, at: datetime) -> None:
    """The answer has been given; a model may still put it into plainer words, if it is quick."""
    place = {"organisation_id": attendance.organisation_id, "province": attendance.province}
    Turn.objects.get_or_create(message_id=message_id, defaults={**place, "attendance": attendance, "asked_at": at})


def _call_person(attendance: Attendance, message_id: int, at: datetime) -> None:
    subject = ("conversation", attendance.conversation_id)
    fresh = alerts.raise_alert(
        organisation_id=attendance.organisation_id, subject=subject, cause=Cause.WANTED, level="ROUTINE", at=at
    )
    words = rules.sentence("wanted", "words" if fresh else "again")
    say(attendance, rules.Reply(Said.CALLING, words), key=str(message_id), to=message_id, at=at)


@transaction.atomic
def warn(*, conversation_id: int, message_id: int, level: str, at: datetime) -> None:
    """Danger was seen while no person has the conversation: safety words and the way to a person, and people are called."""
    if level not in rules.SILENT_FROM:
        return
    with acting(EVERYTHING):
        conversation = Conversation.objects.filter(pk=conversation_id, state=ConversationState.WAITING).first()
        if conversation is None:
            return
        alerts.raise_alert(
            organisation_id=conversation.organisation_id,
            subject=("conversation", conversation_id),
            cause=Cause.DANGER,
            level=level,
            at=at,
        )
        attendance = Attendance.objects.filter(conversation_id=conversation_id, silent_at=None).first()
        if attendance is not None:
            _say_safety(attendance, message_id, level, at)


def _say_safety(attendance: Attendance, message_id: int, level: str, at: datetime) -> None:
    """In full at each new level, in short after that."""
    higher = rules.graver(level, attendance.safety_level)
    words = rules.safety(level, again=not higher)
    say(attendance, rules.Reply(Said.SAFETY, words), key=f"safety-{message_id}", to=message_id or None, at=at)
    if higher:
        Attendance.objects.filter(pk=attendance.pk).update(safety_level=level)
        attendance.safety_level = level


@transaction.atomic
def fall_silent(*, conversation_id: int, account_id: int, at: datetime) -> None:
    """A person has the conversation: the machine says nothing any more, and what waited for wording is dropped."""
    with acting(EVERYTHING):
        attendance = Attendance.objects.filter(conversation_id=conversation_id, silent_at=None).first()
        if attendance is None:
            return
        Attendance.objects.filter(pk=attendance.pk).update(silent_at=at, silenced_by_account_id=account_id or None)
        Turn.objects.filter(attendance=attendance, state=TurnState.WAITING).update(state=TurnState.DROPPED)
        event = MachineSilent(
            organisation_id=attendance.organisation_id,
            province=attendance.province,
            conversation_id=conversation_id,
            attendance_id=attendance.pk,
            account_id=account_id,
        )
        publish(event, actor=system_for(attendance.organisation_id, attendance.province), at=at)
