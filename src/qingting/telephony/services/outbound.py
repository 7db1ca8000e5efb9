"""Calls that go out: written down before the number is dialled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.telephony.events import CallBegun
from qingting.telephony.models import Call, CallAct, CallbackTask, OutsideCall
from qingting.telephony.services.legs import Party, add_leg, join_leg
from qingting.telephony.services.numbers import number_to_dial
from qingting.telephony.services.outside import LEG
from qingting.telephony.states import CallState, Direction, LegKind, OutsideParty

_OF_FIRST_CALL = ("organisation_id", "province", "line_id", "number_sealed", "number_index", "number_tail", "key_version",
                  "skill", "danger_level")  # fmt: skip

_OF_TASK = (
    "organisation_id",
    "province",
    "number_sealed",
    "number_index",
    "number_tail",
    "key_version",
    "danger_level",
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is dialled. number: plain, for the engine only; to_police: the way on which 110 is reached; informs: they hear
    first that calls are recorded, which 110 and 120 do not: seconds count there, and both record themselves."""

    leg: str
    number: str = ""
    to_police: bool = False
    informs: bool = True


@transaction.atomic
def begin_outbound(*, call_id: int, act_id: int, asterisk: str, channel: str, at: datetime) -> Reach:
    """The counsellor's seat has answered; who is to be dialled next."""
    act = CallAct.objects.get(pk=act_id)
    facts, reach = _of_outside(act) if act.outside_id else _of_task(act)
    call = Call.objects.create(
        id=call_id,
        direction=Direction.OUT,
        state=CallState.DIALLING,
        asterisk=asterisk,
        channel=channel,
        account_id=act.account_id,
        callback_task_id=act.task_id,
        started_at=at,
        **facts,
    )
    add_leg(call, Party(LegKind.SEAT, channel, act.account_id), at=at)
    told = {"direction": Direction.OUT, "direction_label": str(Direction.OUT.label)}
    event = CallBegun(**call.facts(), account_id=act.account_id, **told)
    publish(event, actor=system_for(call.organisation_id, call.province), at=at)
    return reach


def _of_task(act: CallAct) -> tuple[dict[str, Any], Reach]:
    task = CallbackTask.objects.select_related("call").get(pk=act.task_id or 0)
    first = task.call
    if first is None:
        facts = {name: getattr(task, name) for name in _OF_TASK}
        return facts, Reach(LegKind.CALLER, number_to_dial(task))
    facts = {name: getattr(first, name) for name in _OF_FIRST_CALL}
    return facts, Reach(LegKind.CALLER, number_to_dial(first))


def _of_outside(act: CallAct) -> tuple[dict[str, Any], Reach]:
    """A guardian's number is the guardian's: no index is kept with the call, so it is never taken for the young person."""
    asked = OutsideCall.objects.get(pk=act.outside_id or 0)
    names = ("organisation_id", "province", "number_sealed", "number_tail", "key_version", "case_id", "party")
    return {name: getattr(asked, name) for name in names}, reach_of(asked)


def reach_of(asked: OutsideCall) -> Reach:
    """Whom an `OutsideCall` dials."""
    leg = LEG[OutsideParty(asked.party)]
    if asked.party == OutsideParty.POLICE_110:
        return Reach(leg, to_police=True, informs=False)
    return Reach(leg, number_to_dial(asked), informs=asked.party == OutsideParty.GUARDIAN)


def reach_for_act(*, outside_id: int) -> Reach:
    """The same, by id, for somebody who is brought into a call."""
    return reach_of(OutsideCall.objects.get(pk=outside_id))


@transaction.atomic
def note_reached(*, call_id: int, channel: str, leg: str, at: datetime) -> None:
    """The other side has answered: the call is found by their channel from now on, as every call is."""
    Call.objects.filter(pk=call_id).update(channel=channel)
    join_leg(call_id=call_id, party=Party(leg, channel), at=at)
