"""Calling 110, 120 or a guardian from a case: by one click, the number unseen, not too often, its result on the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, NotAllowed
from qingting.core.events import publish
from qingting.core.time import local
from qingting.telephony import permissions, rules
from qingting.telephony.events import OutsideAsked, OutsideEnded
from qingting.telephony.models import Call, CallAct, OutsideCall
from qingting.telephony.selectors import call_for, my_calls, seat_telephone
from qingting.telephony.services.acts import Wish, put_act
from qingting.telephony.services.callbacks import REACHED
from qingting.telephony.services.numbers import sealed_number
from qingting.telephony.states import IN_HAND, ActKind, LegKind, Outcome, OutsideParty, OutsideState

AMBULANCE = "120"
UNDER_WAY = timedelta(minutes=3)  # longer than any ringing: its controller has gone
LEG = {
    OutsideParty.POLICE_110: LegKind.POLICE_110,
    OutsideParty.AMBULANCE: LegKind.AMBULANCE,
    OutsideParty.GUARDIAN: LegKind.GUARDIAN,
}


@dataclass(frozen=True, slots=True)
class Outside:
    """Whom to call for which case. number: a guardian's, plain, to be sealed at once; joins: the call in hand they are brought
    into; critical: whether the matter is 特急; confirmed: the counsellor was warned of this guardian."""

    case_id: int
    party: str
    number: str = ""
    joins: int | None = None
    critical: bool = False
    confirmed: bool = False


@transaction.atomic
def ask_outside(*, actor: Actor, outside: Outside, at: datetime) -> CallAct:
    """Ring one's own seat and then the party, or bring the party into the call in hand. Raises DomainError where it is too
    soon or too often, where the party is being called already, or one's telephone would not ring."""
    actor.require(permissions.TALK)
    call = _joined(actor, outside) if outside.joins else None
    if call is None:
        _require_free_seat(actor)
    _require_pause(actor, outside, at)
    row = _written(actor, outside, call, at)
    how = "请进通话：" if call else "拨打"
    asked = OutsideAsked(**_facts(row), how=how, confirmed=row.confirmed)
    publish(asked, actor=actor, at=at)
    kind = ActKind.ADD_PARTY if call else ActKind.CALL_OUT
    return put_act(actor, call, Wish(kind), at=at, outside_id=row.pk)


def _joined(actor: Actor, outside: Outside) -> Call:
    call = call_for(actor, outside.joins or 0, to_act=True)
    if call.state not in IN_HAND:
        raise DomainError("这个电话已经结束。", code="telephony.call.ended", do_next="可以单独拨打。")
    if call.legs.filter(kind=LEG[OutsideParty(outside.party)], left_at=None).exists():
        raise DomainError("对方已经在通话里。", code="telephony.outside.there", do_next="不必再拨。")
    return call


def _require_free_seat(actor: Actor) -> None:
    if my_calls(actor).exists():
        raise DomainError(
            "您正在通话。",
            code="telephony.outside.talking",
            do_next="请选“接入当前通话”，或请同事拨打；挂断后也可以单独拨打。",
        )
    if seat_telephone(actor.account_id) is None:
        raise NotAllowed("您的电话没有接通。", code="telephony.act.no-telephone", do_next="请先打开电话面板。")


def _require_pause(actor: Actor, outside: Outside, at: datetime) -> None:
    earlier = OutsideCall.objects.filter(case_id=outside.case_id, party=outside.party, state=OutsideState.ENDED)
    dialled = earlier.exclude(outcome=Outcome.NOT_DIALLED).order_by("-asked_at")
    tries = list(dialled.values_list("asked_at", "outcome")[:30])
    again = rules.outside_from(outside.party, tries, critical=outside.critical, at=at)
    if again > at:
        raise DomainError(
            "刚刚拨过，还没到下一次的时间。",
            code="telephony.outside.too-soon",
            do_next=f"请在{local(again):%H:%M:%S}以后再拨；等不及的，请换一个人联系或走110。",
        )


def _written(actor: Actor, outside: Outside, call: Call | None, at: datetime) -> OutsideCall:
    number = {OutsideParty.GUARDIAN: outside.number, OutsideParty.AMBULANCE: AMBULANCE}.get(
        OutsideParty(outside.party), ""
    )
    sealed = sealed_number(number)
    sealed.pop("number_index")
    stale = OutsideCall.objects.filter(case_id=outside.case_id, party=outside.party, state=OutsideState.ASKED)
    stale.filter(asked_at__lt=at - UNDER_WAY).update(state=OutsideState.ENDED, outcome=Outcome.LOST, ended_at=at)
    try:
        with transaction.atomic():
            return OutsideCall.objects.create(
                organisation_id=actor.organisation_id,
                province=actor.province,
                case_id=outside.case_id,
                party=outside.party,
                joins=call is not None,
                confirmed=outside.confirmed,
                account_id=actor.account_id,
                call_id=call.pk if call else None,
                asked_at=at,
                **sealed,
            )
    except IntegrityError as twice:
        raise DomainError(
            "正在拨打，请稍等。", code="telephony.outside.under-way", do_next="等这一次有了结果，再决定要不要重拨。"
        ) from twice


@transaction.atomic
def note_outside(*, outside_id: int, outcome: str, at: datetime, call_id: int | None = None) -> None:
    """What came of it; once."""
    row = OutsideCall.objects.select_for_update().get(pk=outside_id)
    if row.state == OutsideState.ENDED:
        return
    row.call_id = call_id or row.call_id
    OutsideCall.objects.filter(pk=row.pk).update(
        state=OutsideState.ENDED, outcome=outcome, call_id=row.call_id, ended_at=at, number_sealed=None
    )
    label = REACHED if outcome == Outcome.TALKED else str(Outcome(outcome).label)
    ended = OutsideEnded(**_facts(row), outcome=outcome, outcome_label=label)
    publish(ended, actor=system_for(row.organisation_id, row.province), at=at)


def _facts(row: OutsideCall) -> dict[str, Any]:
    return {
        "organisation_id": row.organisation_id,
        "province": row.province,
        "outside_id": row.pk,
        "case_id": row.case_id,
        "call_id": row.call_id or 0,
        "account_id": row.account_id,
        "party": row.party,
        "party_label": str(OutsideParty(row.party).label),
    }
