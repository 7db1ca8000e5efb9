"""Calling back: a task for each number that was not reached, requested it, left a message or was cut off."""

import logging
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from qingting.core.actors import Actor, system_for
from qingting.core.clocks import meet_clock, start_clock
from qingting.core.errors import DomainError, not_found
from qingting.core.events import publish
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.telephony import permissions, rules
from qingting.telephony.events import CallbackEnded, CallbackPlanned, CallbackTried
from qingting.telephony.models import Call, CallbackTask
from qingting.telephony.services.numbers import sealed_number
from qingting.telephony.states import Outcome, TaskReason, TaskState

log = logging.getLogger(__name__)

TASK = "callback_task"
REACHED = "已接通"  # what 已接听 is called from our side
_NOT_REACHED = frozenset({Outcome.BUSY, Outcome.DECLINED, Outcome.NO_ANSWER, Outcome.UNREACHABLE, Outcome.LOST})


@transaction.atomic
def plan_callback(*, call: Call, reason: str, at: datetime) -> CallbackTask | None:
    """One open task for a number; None for a hidden number, which nobody can call back."""
    if not call.number_index:
        return None
    open_now = CallbackTask.objects.filter(
        organisation_id=call.organisation_id, number_index=bytes(call.number_index), state=TaskState.OPEN
    )
    existing = open_now.first()
    if existing is not None:
        return _with_message(existing, reason, at)
    try:
        with transaction.atomic():
            task = CallbackTask.objects.create(
                organisation_id=call.organisation_id,
                province=call.province,
                call=call,
                number_index=bytes(call.number_index),
                reason=reason,
                danger_level=call.danger_level,
                not_before=at,
                created_at=at,
            )
    except IntegrityError:  # another call of the same number ended at the same moment
        return open_now.first()
    if reason == TaskReason.MESSAGE:
        _start_clock_of_message(task, at)
    label = str(TaskReason(reason).label)
    planned = CallbackPlanned(**call.facts(), task_id=task.id, reason=reason, reason_label=label)
    publish(planned, actor=system_for(call.organisation_id, call.province), at=at)
    return task


@transaction.atomic
def plan_call_to(*, actor: Actor, number: str, at: datetime) -> CallbackTask | None:
    """To call somebody who came by another way than the telephone, by the number they left; None where it is no number.

    number: plain, sealed at once and forgotten with the end of the task. One open task for a number, whoever planned it.
    """
    clean = rules.clean_number(number)
    if not clean:
        return None
    sealed = sealed_number(clean)
    open_now = CallbackTask.objects.filter(
        organisation_id=actor.organisation_id, number_index=sealed["number_index"], state=TaskState.OPEN
    )
    if (existing := open_now.first()) is not None:
        return existing
    reason = TaskReason.FOLLOW_UP
    whose = {"organisation_id": actor.organisation_id, "province": actor.province}
    task = CallbackTask.objects.create(**whose, **sealed, reason=reason, not_before=at, created_at=at)
    planned = CallbackPlanned(**task.facts(), task_id=task.id, reason=reason, reason_label=str(reason.label))
    publish(planned, actor=actor, at=at)
    return task


def _start_clock_of_message(task: CallbackTask, at: datetime) -> None:
    """A message is answered by the next day (留言回复)."""
    try:
        span = clock_span(task.organisation_id, ClockKind.MESSAGE_REPLY, start=at)
    except DomainError:
        log.warning("no rule says by when a message is answered; the task stands without a clock")
        return
    house = system_for(task.organisation_id, task.province)
    start_clock(actor=house, kind=ClockKind.MESSAGE_REPLY, subject=(TASK, task.pk), span=span, at=at)


def _with_message(task: CallbackTask, reason: str, at: datetime) -> CallbackTask:
    """Whoever was to be called back has now left a message as well: it must be heard by the next day."""
    if reason == TaskReason.MESSAGE and task.reason != TaskReason.MESSAGE:
        CallbackTask.objects.filter(pk=task.pk).update(reason=TaskReason.MESSAGE)
        _start_clock_of_message(task, at)
    return task


@transaction.atomic
def note_attempt(*, task_id: int, outcome: str, at: datetime) -> None:
    """What came of a callback: reached, or again later, at most three times and spaced out."""
    task = CallbackTask.objects.select_for_update(of=("self",)).select_related("call").get(pk=task_id)
    if task.state != TaskState.OPEN:
        return
    task.attempts += 1
    house = system_for(task.organisation_id, task.province)
    later = rules.next_attempt(task.attempts, at)
    if outcome not in _NOT_REACHED:
        _end(task, TaskState.DONE, house, at)
    elif later is None:
        _end(task, TaskState.GIVEN_UP, house, at)
    else:
        CallbackTask.objects.filter(pk=task.pk).update(attempts=task.attempts, not_before=later)
    label = REACHED if outcome not in _NOT_REACHED else str(Outcome(outcome).label)
    tried: dict[str, Any] = {"task_id": task.id, "attempt": task.attempts, "outcome": outcome, "outcome_label": label}
    publish(CallbackTried(**task.facts(), account_id=task.account_id or 0, **tried), actor=house, at=at)


@transaction.atomic
def close_task(*, actor: Actor, task_id: int, words: str, at: datetime) -> CallbackTask:
    """No call is needed after all, with a reason."""
    actor.require(permissions.TALK)
    task = CallbackTask.objects.select_for_update(of=("self",)).select_related("call").filter(pk=task_id).first()
    if task is None:
        raise not_found("回拨任务", "telephony.task.not-found")
    if not words.strip():
        raise DomainError(
            "请写一句为什么不必回拨。", code="telephony.task.words", do_next="例如：已通过在线会话联系上。"
        )
    task.words = words.strip()[:200]
    _end(task, TaskState.CLOSED, actor, at)
    return task


def _end(task: CallbackTask, state: TaskState, actor: Actor, at: datetime) -> None:
    meet_clock(subject=(TASK, task.pk), at=at)
    task.state, task.ended_at, task.number_sealed = state, at, None
    task.save(update_fields=["state", "ended_at", "attempts", "words", "number_sealed"])
    ended = CallbackEnded(**task.facts(), task_id=task.id, state=state, state_label=str(state.label))
    publish(ended, actor=actor, at=at)
