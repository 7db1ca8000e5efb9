"""Who does what in a crisis, so that nobody thinks somebody else is calling the parents."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.duty.models import Presence
from qingting.duty.states import PresenceState
from qingting.risk.events import TaskAssigned, TaskEnded
from qingting.risk.models import CrisisTask
from qingting.risk.services.assessing import contact_to_work_on, crisis_facts
from qingting.staff.services import News, notify_account


@transaction.atomic
def assign_task(*, actor: Actor, contact_id: int, account_id: int, words: str, at: datetime) -> CrisisTask:
    """Give something to do to a colleague at a seat, or take it oneself."""
    contact = contact_to_work_on(actor, contact_id)
    if not 2 <= len(words.strip()) <= 100:
        raise Invalid("写清楚做什么，2到100个字。", code="risk.task.words", do_next="例如：联系监护人。")
    here = Presence.objects.filter(account_id=account_id, organisation_id=contact.organisation_id)
    if account_id != actor.account_id and not here.exclude(state=PresenceState.OFFLINE).exists():
        raise DomainError("这位同事现在不在岗。", code="risk.task.not-here", do_next="请选择一位在岗的同事。")
    task = CrisisTask.objects.create(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        words=words.strip(),
        account_id=account_id,
        assigned_by_account_id=actor.account_id,
        assigned_at=at,
    )
    publish(TaskAssigned(**crisis_facts(contact), task_id=task.pk, to_account_id=account_id), actor=actor, at=at)
    if account_id != actor.account_id:
        news = News(kind="risk.task-assigned", subject=("crisis", contact.pk), urgency="URGENT")
        notify_account(organisation_id=contact.organisation_id, account_id=account_id, news=news, at=at)
    return task


def _open(actor: Actor, task_id: int) -> CrisisTask:
    task = CrisisTask.objects.select_for_update().filter(pk=task_id).first()
    if task is None:
        raise not_found("任务", "risk.task.not-found")
    contact_to_work_on(actor, task.contact_id)
    if task.done_at or task.cancelled_at:
        raise DomainError("这件事已经有了结果。", code="risk.task.ended", do_next="请刷新页面查看。")
    return task


@transaction.atomic
def finish_task(*, actor: Actor, task_id: int, words: str, at: datetime) -> CrisisTask:
    """Done, by whoever did it, with a word on how it went."""
    task = _open(actor, task_id)
    task.done_by_account_id, task.done_at, task.done_words = actor.account_id, at, words.strip()[:200]
    return _ended(task, "完成了", actor, at)


@transaction.atomic
def cancel_task(*, actor: Actor, task_id: int, at: datetime) -> CrisisTask:
    """No longer needed; it stays on the record."""
    task = _open(actor, task_id)
    task.cancelled_at = at
    return _ended(task, "取消了", actor, at)


def _ended(task: CrisisTask, how: str, actor: Actor, at: datetime) -> CrisisTask:
    task.save()
    contact = contact_to_work_on(actor, task.contact_id)
    publish(TaskEnded(**crisis_facts(contact), task_id=task.pk, how=how), actor=actor, at=at)
    return task
