"""Silent calls (静默电话): somebody says nothing, or can't speak. Keys answer for the voice; nobody is blocked for being silent."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.staff.services import News, notify_holders
from qingting.telephony import permissions, rules
from qingting.telephony.events import CallerSpoke, KeysAnswered, KeysAsked
from qingting.telephony.models import Call, KeyQuestion
from qingting.telephony.selectors import call_for, silent_calls_of
from qingting.telephony.services.danger import raise_danger
from qingting.telephony.services.texting import queue_text_link
from qingting.telephony.states import KEYS, RAISES, KeyAnswer, Outcome, Question

log = logging.getLogger(__name__)

STILL_COUNTS = timedelta(minutes=10)  # so long after its question a key is taken for the answer


@transaction.atomic
def begin_question(*, call_id: int, question: str, account_id: int, at: datetime) -> int:
    """A question is being played; the first of them marks the call as silent. Returns the question's id."""
    call = Call.objects.select_for_update().get(pk=call_id)
    Call.objects.filter(pk=call.pk, silent_at=None).update(silent_at=at)
    row = KeyQuestion.objects.create(
        organisation_id=call.organisation_id,
        province=call.province,
        call=call,
        question=question,
        account_id=account_id,
        asked_at=at,
    )
    publish(KeysAsked(**_told(row)), actor=_house(call), at=at)
    return row.pk


@transaction.atomic
def answer_question(*, call_id: int, question_id: int, digit: str, at: datetime) -> None:
    """The caller pressed a key. A yes may mean danger, or a wish for a written talk; the first key counts."""
    row = KeyQuestion.objects.select_for_update().select_related("call").get(pk=question_id, call_id=call_id)
    if row.answer in (KeyAnswer.YES, KeyAnswer.NO) or at - row.asked_at > STILL_COUNTS:
        return
    _answered(row, KEYS[digit], at)
    if row.answer != KeyAnswer.YES:
        return
    if level := RAISES.get(Question(row.question)):
        _raise_or_say(row.call, level, at)
        _call_the_leaders(row.call, at)
    if row.question == Question.TEXT:
        queue_text_link(row.call, account_id=row.account_id, at=at)


def _raise_or_say(call: Call, level: str, at: datetime) -> None:
    """The key's answer and the word to the leaders stand, also where the danger's further course refuses."""
    try:
        with transaction.atomic():
            raise_danger(call, level, actor=_house(call), at=at)
    except DomainError as refusal:
        log.error("danger by key in call %s was not followed up: %s", call.pk, refusal.code)


@transaction.atomic
def note_no_key(*, call_id: int, question_id: int, at: datetime) -> None:
    """It was played twice and no key came; a late one still counts."""
    open_now = KeyQuestion.objects.select_for_update().select_related("call")
    row = open_now.filter(pk=question_id, call_id=call_id, answer="").first()
    if row is not None:
        _answered(row, KeyAnswer.NONE, at)


def _answered(row: KeyQuestion, answer: KeyAnswer, at: datetime) -> None:
    row.answer, row.answered_at = answer, at
    KeyQuestion.objects.filter(pk=row.pk).update(answer=answer, answered_at=at)
    told = KeysAnswered(**_told(row), answer=answer, answer_label=str(answer.label))
    publish(told, actor=_house(row.call), at=at)


@transaction.atomic
def note_speaking(*, actor: Actor, call_id: int, at: datetime) -> None:
    """The caller speaks after all: it is a call like any other."""
    call = call_for(actor, call_id, to_act=True)
    if Call.objects.filter(pk=call.pk, silent_at__isnull=False).update(silent_at=None):
        publish(CallerSpoke(**call.facts(), account_id=actor.account_id), actor=actor, at=at)


def outcome_of_silence(call_id: int, outcome: str) -> str:
    """Somebody who hung up without a word and without a yes was a silent call; anybody else is what they were."""
    if outcome != Outcome.TALKED or not Call.objects.filter(pk=call_id, silent_at__isnull=False).exists():
        return outcome
    helped = KeyQuestion.objects.filter(call_id=call_id, answer=KeyAnswer.YES).exists()
    return outcome if helped else Outcome.SILENT


def tell_of_repeated_silence(call: Call, *, at: datetime) -> None:
    """Silence again and again from one number is a signal to the shift leader: somebody may not be able to speak."""
    silent = list(silent_calls_of(call, since=at - rules.SILENT_WITHIN)[: rules.SILENT_OFTEN])
    if len(silent) >= rules.SILENT_OFTEN:
        news = News(
            kind="telephony.silent-again",
            subject=("call", call.pk),
            urgency="URGENT" if call.danger_level else "ROUTINE",
            dedupe=f"silent-again:{silent[0].pk}",
        )
        _tell_leaders(call, news, at)


def _call_the_leaders(call: Call, at: datetime) -> None:
    news = News(
        kind="telephony.help-by-key",
        subject=("call", call.pk),
        urgency="URGENT",
        dedupe=f"help-by-key:{call.pk}",
    )
    _tell_leaders(call, news, at)


def _tell_leaders(call: Call, news: News, at: datetime) -> None:
    notify_holders(organisation_id=call.organisation_id, permission=permissions.LEAD, news=news, at=at)


def _told(row: KeyQuestion) -> dict[str, Any]:
    return {
        **row.call.facts(),
        "account_id": row.call.account_id or 0,
        "question_id": row.pk,
        "question": row.question,
        "question_label": str(Question(row.question).label),
    }


def _house(call: Call) -> Actor:
    return system_for(call.organisation_id, call.province)
