"""Calls that go out: written down before the number is dialled."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.telephony.events import CallBegun
from qingting.telephony.models import Call, CallAct, CallbackTask
from qingting.telephony.services.legs import Party, add_leg
from qingting.telephony.services.numbers import number_to_dial
from qingting.telephony.states import CallState, Direction, LegKind


@transaction.atomic
def begin_callback(*, call_id: int, act_id: int, asterisk: str, channel: str, at: datetime) -> Call:
    """The counsellor's seat has answered; the number of the task is dialled next."""
    act = CallAct.objects.get(pk=act_id)
    first = CallbackTask.objects.select_related("call").get(pk=act.task_id or 0).call
    call = Call.objects.create(
        id=call_id,
        organisation_id=first.organisation_id,
        province=first.province,
        line_id=first.line_id,
        direction=Direction.OUT,
        state=CallState.DIALLING,
        asterisk=asterisk,
        channel=channel,
        number_sealed=first.number_sealed,
        number_index=first.number_index,
        number_tail=first.number_tail,
        key_version=first.key_version,
        skill=first.skill,
        account_id=act.account_id,
        danger_level=first.danger_level,
        callback_task_id=act.task_id,
        started_at=at,
    )
    add_leg(call, Party(LegKind.SEAT, channel, act.account_id), at=at)
    told = {"direction": Direction.OUT, "direction_label": str(Direction.OUT.label)}
    event = CallBegun(**call.facts(), account_id=act.account_id, **told)
    publish(event, actor=system_for(call.organisation_id, call.province), at=at)
    return call


def number_of_task(*, task_id: int) -> str:
    """The plain number, for the engine only."""
    return number_to_dial(CallbackTask.objects.select_related("call").get(pk=task_id).call)
