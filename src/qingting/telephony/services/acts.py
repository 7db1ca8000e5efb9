"""What people at seats ask of calls. Asking is checked and written down here; the controller does it and reports back."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, Invalid, NotAllowed, not_found
from qingting.core.events import publish
from qingting.duty.models import Presence
from qingting.duty.states import PresenceState, Skill
from qingting.telephony import permissions
from qingting.telephony.events import ActEnded
from qingting.telephony.models import Call, CallAct, CallbackTask, Leg
from qingting.telephony.selectors import call_for, seat_telephone
from qingting.telephony.services.waking import wake_controller
from qingting.telephony.states import ActKind, ActState, CallState, LegKind, LegMode, Question, TaskState


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, and what it needs: to_account_id for a colleague, leg_id and mode for somebody in the call, skill,
    question for a caller who can't speak."""

    kind: str
    to_account_id: int | None = None
    leg_id: int | None = None
    mode: str = ""
    skill: str = ""
    question: str = ""


_TO_COLLEAGUE = frozenset({ActKind.CONSULT, ActKind.SEND_TO})
_OF_LEADER = frozenset({ActKind.MONITOR, ActKind.TAKE_OVER})
_NOT_BY_WISH = frozenset({ActKind.CALL_BACK, ActKind.CALL_OUT, ActKind.ADD_PARTY, ActKind.LISTEN_IN})
_OWN_LEG = frozenset({ActKind.LEAVE})


@transaction.atomic
def ask_act(*, actor: Actor, call_id: int, wish: Wish, at: datetime) -> CallAct:
    """Ask something of a call. Raises DomainError where it can't be done now, NotAllowed where it is not theirs to ask."""
    call = _call_to_act_on(actor, call_id, wish)
    if call.state == CallState.ENDED:
        raise DomainError(
            "这个电话已经结束。", code="telephony.call.ended", do_next="可以继续填写登记，或从回拨任务拨回去。"
        )
    _require_sense(actor, call, wish)
    return put_act(actor, call, wish, at=at)


def _call_to_act_on(actor: Actor, call_id: int, wish: Wish) -> Call:
    if wish.kind in _OF_LEADER:
        actor.require(permissions.LEAD)
        return call_for(actor, call_id)
    call = call_for(actor, call_id)
    takes_part = call.legs.filter(account_id=actor.account_id, left_at=None)
    leads = actor.may(permissions.LEAD) and takes_part.filter(kind=LegKind.LEADER).exists()
    if wish.kind in _OWN_LEG and takes_part.exists():
        return call
    if wish.kind == ActKind.SET_MODE and takes_part.filter(pk=wish.leg_id or 0, kind=LegKind.SECOND).exists():
        return _listening(call, wish)
    return call if leads else call_for(actor, call_id, to_act=True)


def _listening(call: Call, wish: Wish) -> Call:
    """A second counsellor may listen or whisper; to speak with the caller they are consulted, or the call is handed over."""
    if wish.mode == LegMode.SPEAK:
        raise NotAllowed(
            "旁听的人不直接和来电人说话。",
            code="telephony.listening.speak",
            do_next="可以耳语给咨询师；要一起说，请咨询师把电话转给您。",
        )
    return call


def _require_sense(actor: Actor, call: Call, wish: Wish) -> None:
    if wish.kind not in ActKind.values or wish.kind in _NOT_BY_WISH:
        raise Invalid("没有这项操作。", code="telephony.act.kind", do_next="请刷新页面后重试。")
    if wish.kind in _TO_COLLEAGUE:
        _require_colleague(actor, call, wish.to_account_id)
    if wish.kind in (ActKind.SET_MODE, ActKind.MONITOR) and wish.mode not in LegMode.values:
        raise Invalid("请选择可说话、只听或只对坐席说。", code="telephony.act.mode", do_next="请重新选择。")
    if wish.kind == ActKind.SEND_TO_SKILL and wish.skill not in Skill.values:
        raise Invalid("请选择技能组。", code="telephony.act.skill", do_next="请重新选择。")
    if wish.kind == ActKind.ASK_KEYS and wish.question not in Question.values:
        raise Invalid("请选择要问的问题。", code="telephony.act.question", do_next="请重新选择。")
    if wish.kind in (ActKind.SET_MODE, ActKind.DROP) and not _leg_of(call, wish.leg_id):
        raise not_found("通话成员", "telephony.leg.not-found")


def _leg_of(call: Call, leg_id: int | None) -> Leg | None:
    """Anybody but the caller, who is never put out by a button for others."""
    return call.legs.filter(pk=leg_id or 0, left_at=None).exclude(kind=LegKind.CALLER).first()


def _require_colleague(actor: Actor, call: Call, account_id: int | None) -> None:
    here = Presence.objects.filter(account_id=account_id or 0, organisation_id=call.organisation_id)
    if account_id in (None, actor.account_id) or not here.exclude(state=PresenceState.OFFLINE).exists():
        raise DomainError("这位同事现在不在岗。", code="telephony.act.not-here", do_next="请选择一位在岗的同事。")
    if seat_telephone(account_id or 0) is None:
        raise DomainError("这位同事的电话没有接通。", code="telephony.act.no-telephone", do_next="请选择另一位同事。")


def put_act(
    actor: Actor,
    call: Call | None,
    wish: Wish,
    *,
    at: datetime,
    task_id: int | None = None,
    outside_id: int | None = None,
) -> CallAct:
    """Write down what the controller is to do, and wake it."""
    act = CallAct.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        call=call,
        asterisk=call.asterisk if call else settings.ASTERISK_NAME,
        kind=wish.kind,
        account_id=actor.account_id,
        to_account_id=wish.to_account_id,
        leg_id=wish.leg_id,
        task_id=task_id,
        outside_id=outside_id,
        mode=wish.mode,
        skill=wish.skill,
        question=wish.question,
        asked_at=at,
    )
    wake_controller("act")
    return act


@transaction.atomic
def ask_call_back(*, actor: Actor, task_id: int, at: datetime) -> CallAct:
    """Ring one's own seat, then the number of a callback task. The number itself is never shown."""
    actor.require(permissions.TALK)
    tasks = CallbackTask.objects.select_for_update().filter(pk=task_id, state=TaskState.OPEN)
    task = tasks.filter(organisation_id__in=sorted(actor.scope.organisations)).first()
    if task is None:
        raise not_found("回拨任务", "telephony.task.not-found")
    if task.not_before > at:
        raise DomainError(
            "刚刚拨过，对方没有接听。", code="telephony.task.too-soon", do_next="请到时间再拨，以免打扰；急事请走110。"
        )
    if seat_telephone(actor.account_id) is None:
        raise NotAllowed("您的电话没有接通。", code="telephony.act.no-telephone", do_next="请先打开电话面板。")
    CallbackTask.objects.filter(pk=task.pk).update(account_id=actor.account_id)
    return put_act(actor, None, Wish(ActKind.CALL_BACK), at=at, task_id=task.pk)


@transaction.atomic
def settle_act(*, act_id: int, problem: str, at: datetime) -> None:
    """The controller has done it, or says in Chinese why not."""
    state = ActState.REFUSED if problem else ActState.DONE
    if not CallAct.objects.filter(pk=act_id, state=ActState.ASKED).update(
        state=state, problem=problem[:200], ended_at=at
    ):
        return
    act = CallAct.objects.get(pk=act_id)
    ended = ActEnded(
        organisation_id=act.organisation_id,
        province=act.province,
        call_id=act.call_id or 0,
        account_id=act.account_id,
        act_id=act.id,
        kind=act.kind,
        state=state,
        problem=problem[:200],
    )
    publish(ended, actor=system_for(act.organisation_id, act.province), at=at)
