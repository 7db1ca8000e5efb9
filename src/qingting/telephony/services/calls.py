"""A call's record: begun, queued, taken, held, lost and found again, ended. The controller writes what Asterisk did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists

from qingting.core.actors import Actor, system_for
from qingting.core.at_once import UNLESS_THERE, store
from qingting.core.errors import not_found
from qingting.core.events import Event, publish
from qingting.duty import services as duty
from qingting.duty.models import Engagement
from qingting.telephony import events, rules
from qingting.telephony.models import Call, Leg, Line
from qingting.telephony.selectors import Before, Ringing, line_for, offer_of, visit_of_account, what_was_before
from qingting.telephony.services.callbacks import plan_callback
from qingting.telephony.services.legs import Party, add_leg, end_leg, leg_of
from qingting.telephony.services.numbers import sealed_number
from qingting.telephony.services.silence import outcome_of_silence, tell_of_repeated_silence
from qingting.telephony.states import MOVES, CallState, Direction, Language, LegKind, Outcome, TaskReason


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a call came in: the id that the controller gave it, its channel, the number dialled, and the caller's ('' if
    hidden); visitor: the account of a browser that calls from the portal."""

    call_id: int
    asterisk: str
    channel: str
    dialled: str
    number: str
    visitor: str = ""


@transaction.atomic(savepoint=False)
def begin_call(*, arrival: Arrival, at: datetime, line: Line | None = None) -> Call:
    """Write down that a call came in. The same call twice is one. line: the one that was dialled, where the caller of this
    has it at hand. Raises NotFound for a number that is no line of ours."""
    return _begun(arrival, CallState.GREETING, line, at)[0]


@transaction.atomic(savepoint=False)
def begin_waiting(*, arrival: Arrival, at: datetime, line: Line | None = None) -> Ringing | None:
    """A call came in and waits for a person from its first moment: what it still hears keeps nobody from being rung.

    Returns the seat that it is on offer to already.
    """
    call, known = _begun(arrival, CallState.WAITING, line, at)
    if known is None:  # a second try of what was written down
        queue_call(call_id=call.id, at=at)
    else:
        _enter_line(call, known.account_id, at)
    return offer_of(call.id)


def _begun(arrival: Arrival, state: CallState, line: Line | None, at: datetime) -> tuple[Call, Before | None]:
    """The call, and what is known of whoever calls; None for the latter where the call was written down before."""
    line = line or line_for(arrival.dialled)
    if line is None:
        raise not_found("热线号码", "telephony.line.not-found")
    call = Call(
        id=arrival.call_id,
        organisation_id=line.organisation_id,
        province=line.province,
        line_id=line.id,
        direction=Direction.IN,
        state=state,
        asterisk=arrival.asterisk,
        channel=arrival.channel,
        visit_id=visit_of_account(arrival.visitor),
        skill=line.skill,
        language=line.language,
        started_at=at,
        **sealed_number(rules.clean_number(arrival.number)),
    )
    before = what_was_before(call, at=at)
    call.danger_level = before.danger_level
    told: list[Event] = [events.CallBegun(**call.facts(), direction=call.direction, direction_label=Direction.IN.label)]
    if state == CallState.WAITING:
        told.append(events.CallWaiting(**call.facts()))
    rows = [call, leg_of(call, Party(LegKind.CALLER, arrival.channel), at=at)]
    if store(rows, told, actor=_system(call), provided=UNLESS_THERE, at=at):
        return call, before
    return Call.objects.get(pk=arrival.call_id), None


@transaction.atomic
def note_notice(*, call_id: int, at: datetime) -> None:
    """The caller has heard to the end that calls are recorded."""
    Call.objects.filter(pk=call_id, notice_played_at=None).update(notice_played_at=at)


@transaction.atomic
def choose_at_start(*, call_id: int, at: datetime, skill: str = "", language: str = "") -> None:
    """The one optional key of the greeting: the call keeps its place, for people with this skill, or who speak this."""
    call = Call.objects.select_for_update().filter(pk=call_id, state=CallState.WAITING).first()
    if call is None:
        return
    call.skill, call.language = skill or call.skill, language or call.language
    call.save(update_fields=["skill", "language"])
    duty.change_need(subject=("call", call_id), skill=call.skill, language=_spoken(call), at=at)


def _spoken(call: Call) -> str:
    """The language as the line knows it: Mandarin need not be said."""
    return "" if call.language == Language.MANDARIN else call.language


@transaction.atomic(savepoint=False)
def queue_call(*, call_id: int, at: datetime, skill: str = "", preferred: int | None = None) -> None:
    """Let a call wait for a person in the one line; whoever the caller knows comes first, danger goes to the front."""
    call = _moved(call_id, "queue", **({"skill": skill} if skill else {}))
    if call is None:
        return
    duty.end_engagement(subject=("call", call.id), at=at)
    _enter_line(call, preferred or what_was_before(call, at=at).account_id, at)
    _tell(call, events.CallWaiting, at)


def _enter_line(call: Call, preferred: int | None, at: datetime) -> None:
    need = duty.Need(call.skill, _spoken(call), call.danger_level, preferred)
    duty.enter_line(actor=_system(call), subject=("call", call.id), need=need, at=at)


@transaction.atomic(savepoint=False)
def take_call(*, call_id: int, account_id: int, channel: str, at: datetime) -> Call | None:
    """A seat answered and is connected already: the record follows. Ends the offer, or takes the call out of the line."""
    there = Leg.objects.filter(
        call_id=call_id, channel=channel, left_at=None
    )  # who calls back stands in the call already
    call = Call.objects.annotate(stands=Exists(there)).select_for_update(of=("self",)).get(pk=call_id)
    again = call.account_id == account_id and call.answered_at is not None
    sources, target = MOVES["take"]
    if call.state not in sources:
        return None
    call.state, call.account_id, call.answered_at = target, account_id, call.answered_at or at
    call.first_contact_owner_account_id = call.first_contact_owner_account_id or account_id
    call.save(update_fields=["state", "account_id", "answered_at", "first_contact_owner_account_id"])
    actor = Actor(account_id, call.organisation_id, call.province, "person")
    duty.take(actor=actor, subject=("call", call.id), at=at)
    taken = events.CallTaken(**call.facts(), account_id=account_id, again=again)
    if call.stands:
        publish(taken, actor=actor, at=at)
    else:
        store([leg_of(call, Party(LegKind.SEAT, channel, account_id), at=at)], [taken], actor=actor, at=at)
    return call


@transaction.atomic
def hold_call(*, call_id: int, at: datetime) -> None:
    """The caller hears music."""
    call = _moved(call_id, "hold")
    if call is not None:
        _tell(call, events.CallHeld, at, account_id=call.account_id or 0)


@transaction.atomic
def resume_call(*, call_id: int, at: datetime) -> None:
    """The two talk again."""
    call = _moved(call_id, "resume")
    if call is not None:
        _tell(call, events.CallResumed, at, account_id=call.account_id or 0)


@transaction.atomic
def lose_seat(*, call_id: int, at: datetime) -> None:
    """The counsellor's page or network is gone; the caller hears music, and the same seat is rung again."""
    call = _moved(call_id, "lose_seat")
    if call is not None:
        call.legs.filter(kind=LegKind.SEAT, left_at=None).update(left_at=at)
        _tell(call, events.SeatLost, at, account_id=call.account_id or 0)


@transaction.atomic
def begin_message(*, call_id: int, at: datetime) -> None:
    """Nobody is there; the caller is speaking after the tone."""
    call = _moved(call_id, "take_message")
    if call is not None:
        duty.leave_line(actor=_system(call), subject=("call", call.id), at=at)


@transaction.atomic
def pass_on(*, call_id: int, to_account_id: int, channel: str, at: datetime) -> None:
    """A colleague has answered and taken over (首问负责 passes on by that only)."""
    call = Call.objects.select_for_update().get(pk=call_id)
    before = call.account_id or 0
    Call.objects.filter(pk=call.pk).update(
        account_id=to_account_id, first_contact_owner_account_id=to_account_id, state=CallState.TALKING
    )
    call.legs.filter(kind=LegKind.SEAT, left_at=None).update(left_at=at)
    call.legs.filter(account_id=to_account_id, left_at=None).update(left_at=at)
    add_leg(call, Party(LegKind.SEAT, channel, to_account_id), at=at)
    duty.move_engagement(subject=("call", call.id), to_account=to_account_id, at=at)
    if before:
        duty.begin_wrap_up(account_id=before, at=at)
    _tell(call, events.CallPassedOn, at, account_id=to_account_id, from_account_id=before)


@transaction.atomic
def end_call(*, call_id: int, outcome: str, at: datetime) -> None:
    """It is over. Whoever was not reached, or was cut off, is called back: a task for the number, never two."""
    outcome = outcome_of_silence(call_id, outcome)
    call = _moved(call_id, "end", ended_at=at, outcome=outcome)
    if call is None:
        return
    call.legs.filter(left_at=None).update(left_at=at)
    duty.leave_line(actor=_system(call), subject=("call", call.id), at=at)
    _wrap_up(call, at)
    seconds = int((at - call.answered_at).total_seconds()) if call.answered_at else 0
    told = {"outcome": outcome, "outcome_label": str(Outcome(outcome).label), "seconds": seconds}
    _tell(call, events.CallEnded, at, account_id=call.account_id or 0, **told)
    reason = _WHY_CALL_BACK.get(outcome)
    if reason and call.direction == Direction.IN:
        plan_callback(call=call, reason=reason, at=at)
    if outcome == Outcome.SILENT:
        tell_of_repeated_silence(call, at=at)


def _wrap_up(call: Call, at: datetime) -> None:
    """Whoever had the call in hand until now gets time to write it down; nobody who left it before, and may be in another."""
    busy = Engagement.objects.filter(subject_kind="call", subject_id=call.id, ended_at=None)
    for account_id in list(busy.values_list("account_id", flat=True)):
        duty.begin_wrap_up(account_id=account_id, at=at)
    duty.end_engagement(subject=("call", call.id), at=at)


@transaction.atomic
def leave_seat(*, call_id: int, channel: str, at: datetime) -> None:
    """The counsellor is done (我退出，110继续) while the 110, an outside line or a leader stays with the caller."""
    call = Call.objects.select_for_update().get(pk=call_id)
    end_leg(call_id=call_id, channel=channel, at=at)
    _wrap_up(call, at)


_WHY_CALL_BACK: dict[str, str] = {
    Outcome.ABANDONED: TaskReason.ABANDONED,
    Outcome.CALLBACK_WANTED: TaskReason.REQUESTED,
    Outcome.MESSAGE_LEFT: TaskReason.MESSAGE,
    Outcome.LOST: TaskReason.LOST,
}


def _moved(call_id: int, act: str, **changes: Any) -> Call | None:
    """Move a call by one act; None where it no longer stands in a state from which that leads."""
    sources, target = MOVES[act]
    moved = Call.objects.filter(pk=call_id, state__in=sources).update(state=target, **changes)
    return Call.objects.get(pk=call_id) if moved else None


def _tell(call: Call, event: type[events.CallEvent], at: datetime, **words: Any) -> None:
    publish(event(**call.facts(), **words), actor=_system(call), at=at)


def _system(call: Call) -> Actor:
    return system_for(call.organisation_id, call.province)
