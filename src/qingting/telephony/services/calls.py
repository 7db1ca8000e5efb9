"""A call's record: begun, queued, taken, held, lost and found again, ended. The controller writes what Asterisk did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, not_found
from qingting.core.events import publish
from qingting.directory.models import Organisation
from qingting.duty import services as duty
from qingting.duty.models import Engagement, Offer
from qingting.duty.states import OfferState
from qingting.staff.actors import actor_for
from qingting.telephony import events, rules
from qingting.telephony.models import Call, Line
from qingting.telephony.selectors import danger_of_number, known_counsellor, visit_of_account
from qingting.telephony.services.callbacks import plan_callback
from qingting.telephony.services.legs import Party, add_leg, end_leg
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
def begin_call(*, arrival: Arrival, at: datetime) -> Call:
    """Write down that a call came in. The same call twice is one. Raises NotFound for a number that is no line of ours."""
    existing = Call.objects.filter(pk=arrival.call_id).first()
    if existing is not None:
        return existing
    line = Line.objects.filter(number=arrival.dialled, active=True).first()
    line = line or Line.objects.filter(active=True).order_by("id").first()
    if line is None:
        raise not_found("热线号码", "telephony.line.not-found")
    sealed = sealed_number(rules.clean_number(arrival.number))
    call = Call.objects.create(
        id=arrival.call_id,
        organisation_id=line.organisation_id,
        province=line.province,
        line_id=line.id,
        direction=Direction.IN,
        state=CallState.GREETING,
        asterisk=arrival.asterisk,
        channel=arrival.channel,
        visit_id=visit_of_account(arrival.visitor),
        skill=line.skill,
        language=line.language,
        danger_level=danger_of_number(sealed["number_index"], line.organisation_id, at=at),
        started_at=at,
        **sealed,
    )
    add_leg(call, Party(LegKind.CALLER, arrival.channel), at=at)
    _tell(call, events.CallBegun, at, direction=call.direction, direction_label=Direction.IN.label)
    return call


@transaction.atomic
def begin_waiting(*, arrival: Arrival, at: datetime) -> None:
    """A call came in and waits for a person from its first moment: what it still hears keeps nobody from being rung."""
    begin_call(arrival=arrival, at=at)
    queue_call(call_id=arrival.call_id, at=at)


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
    duty.enter_line(
        actor=_system(call),
        subject=("call", call.id),
        need=duty.Need(call.skill, _spoken(call), call.danger_level, preferred or known_counsellor(call, at=at)),
        at=at,
    )
    _tell(call, events.CallWaiting, at)


@transaction.atomic
def take_call(*, call_id: int, account_id: int, channel: str, at: datetime) -> Call | None:
    """A seat answered and is connected already: the record follows. Ends the offer, or takes the call out of the line."""
    before = Call.objects.select_for_update().get(pk=call_id)
    call = _moved(call_id, "take", account_id=account_id, answered_at=before.answered_at or at)
    if call is None:
        return None
    owner = before.first_contact_owner_account_id or account_id
    Call.objects.filter(pk=call.pk).update(first_contact_owner_account_id=owner)
    actor = actor_for(account_id, Organisation.objects.get(pk=call.organisation_id), at=at)
    _take_from_duty(actor, call, at)
    if not call.legs.filter(channel=channel, left_at=None).exists():  # who calls back stands in the call already
        add_leg(call, Party(LegKind.SEAT, channel, account_id), at=at)
    again = before.account_id == account_id and before.answered_at is not None
    publish(events.CallTaken(**call.facts(), account_id=account_id, again=again), actor=actor, at=at)
    return call


def _take_from_duty(actor: Actor, call: Call, at: datetime) -> None:
    """However the line stands by now, the two are talking: the offer is accepted, or the entry taken by hand."""
    offers = Offer.objects.filter(entry__subject_kind="call", entry__subject_id=call.id)
    offer = offers.filter(account_id=actor.account_id, state=OfferState.OPEN).first()
    try:
        with transaction.atomic():
            if offer is not None:
                duty.accept_offer(actor=actor, offer_id=offer.id, at=at)
                return
            entry = offers.order_by("-offered_at").values_list("entry_id", flat=True).first()
            if entry is not None:
                duty.take_from_line(actor=actor, entry_id=entry, at=at)
    except DomainError:
        duty.leave_line(actor=actor, subject=("call", call.id), at=at)


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
