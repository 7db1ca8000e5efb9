"""Click to call: the person's number is dialled by the telephone room, which knows it from their own call, or gets it
sealed from the vault where they left it in a chat. Nobody sees it.

While a call is asked for, a callback task of the telephone stands behind it; it is put down with the attempt or the record, so that
nobody else takes it for an ordinary callback.
"""

from datetime import datetime

from django.db import transaction

from qingting.contacts.models import Contact
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.events import FollowUpDialled
from qingting.followups.models import FollowUp
from qingting.followups.services.due import callable_by, count_attempt, ids_of, require_pause
from qingting.followups.states import FollowUpState
from qingting.seekers.models import PersonalDatum
from qingting.seekers.services import number_to_call
from qingting.seekers.states import DatumKind, UnmaskReasonCode
from qingting.telephony.models import Call, CallbackTask
from qingting.telephony.services import ask_call_back, close_task, plan_call_to, plan_callback
from qingting.telephony.states import Outcome, TaskReason, TaskState


@transaction.atomic
def call_person(*, actor: Actor, follow_up_id: int, at: datetime) -> int:
    """Ring one's own seat, then the person (点击拨打). Returns the id of the telephone's act.

    Raises as recording does, and DomainError where they neither called with a number nor left one.
    """
    follow_up = callable_by(actor, follow_up_id)
    require_pause(follow_up, at)
    task = _task_for(actor, follow_up, at)
    if task is None:
        raise DomainError(
            "没有可以直接拨打的号码。",
            code="followups.call.no-number",
            do_next="本人没有打电话来，也没有留下电话；请先在【个人信息】里登记，或改用别的方式回访。",
        )
    FollowUp.objects.filter(pk=follow_up.pk).update(callback_task_id=task.pk)
    return ask_call_back(actor=actor, task_id=task.pk, at=at).pk


def _task_for(actor: Actor, follow_up: FollowUp, at: datetime) -> CallbackTask | None:
    """By the call with which they came; for whoever wrote, by the number that they left in the vault."""
    call = call_of(follow_up)
    if call is not None:
        return plan_callback(call=call, reason=TaskReason.FOLLOW_UP, at=at)
    seeker = follow_up.case.seeker_id or 0
    why = UnmaskReasonCode.FOLLOW_UP
    number = number_to_call(actor=actor, seeker_id=seeker, kind=DatumKind.PHONE, why=why, at=at)
    return plan_call_to(actor=actor, number=number, at=at)


def may_dial(follow_up: FollowUp) -> bool:
    """Whether there is a number that a click can dial."""
    left = PersonalDatum.objects.filter(seeker_id=follow_up.case.seeker_id or 0, kind=DatumKind.PHONE, replaced_at=None)
    return call_of(follow_up) is not None or left.exists()


def call_of(follow_up: FollowUp) -> Call | None:
    """The call by which the person came, with a number; None for any other way."""
    called = Contact.objects.filter(pk=follow_up.case.contact_id).values_list("call_id", flat=True).first()
    found = Call.objects.filter(pk=called or 0).first()
    return found if found is not None and found.number_index else None


@transaction.atomic
def note_dialled(*, task_id: int, outcome: str, outcome_label: str, at: datetime) -> None:
    """What came of dialling for a follow-up: reached, or an attempt by its rule, whoever forgets to write it down."""
    with acting(EVERYTHING):
        due = FollowUp.objects.select_for_update(of=("self",)).filter(callback_task_id=task_id, state=FollowUpState.DUE)
        follow_up = due.first()
        if follow_up is None:
            return
        house = system_for(follow_up.organisation_id, follow_up.province)
        told = FollowUpDialled(**ids_of(follow_up, house), outcome=outcome, outcome_label=outcome_label)
        publish(told, actor=house, at=at)
        if outcome != Outcome.TALKED:
            count_attempt(follow_up, house, at)
            put_down(follow_up, at)


def last_outcome(follow_up: FollowUp) -> str:
    """How the last call for it ended, in words; '' while there was none."""
    made = Call.objects.filter(callback_task_id=follow_up.callback_task_id or -1).exclude(outcome="")
    last = made.order_by("-started_at").first()
    if last is None:
        return ""
    return "已接通" if last.outcome == Outcome.TALKED else str(last.get_outcome_display())


def put_down(follow_up: FollowUp, at: datetime) -> None:
    """What was asked of the telephone for this follow-up is over."""
    open_one = CallbackTask.objects.filter(pk=follow_up.callback_task_id or 0, state=TaskState.OPEN)
    if open_one.exists():
        system = system_for(follow_up.organisation_id, follow_up.province)
        close_task(actor=system, task_id=follow_up.callback_task_id or 0, words="回访已记录", at=at)
