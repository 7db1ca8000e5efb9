"""Decisions: each becomes an order or a referral, with the person who answers for it and a day; and is followed to its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from qingting.conferences import rules, selectors
from qingting.conferences.events import DecisionMade, DecisionMoved
from qingting.conferences.models import CaseConference, ConferenceDecision
from qingting.conferences.services.steps import (
    hosted,
    note,
    number_next,
    open_to_guest,
    require_words,
    tell,
    tell_host,
)
from qingting.conferences.states import UNSETTLED, ConferenceState, DecisionState, DecisionWay, Invited, NoteKind
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import Span, cancel_clock, meet_clock, start_clock
from qingting.core.errors import DomainError, Invalid
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.linkage.services import Referral, refer
from qingting.orders.services import NewOrder, send_order


@dataclass(frozen=True, slots=True)
class Decision:
    """words: what is to be done; person: who answers for it; due_at: by when."""

    words: str
    person: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OrderWanted:
    """kind and urgency of the order, and the organisation that shall handle it."""

    kind: str
    urgency: str
    handler_organisation_id: int


@transaction.atomic
def decide_order(
    *, actor: Actor, conference_id: int, decision: Decision, wanted: OrderWanted, at: datetime
) -> ConferenceDecision:
    """A decision that one of our own organisations carries out: an order is sent to it at once."""
    conference = _meeting(actor, conference_id, decision, at)
    new = NewOrder(wanted.kind, wanted.urgency, "", f"会商决定：{decision.words.strip()}（责任人：{decision.person}）")
    order = send_order(
        actor=actor,
        case_id=conference.case_id,
        new=new,
        handler_organisation_id=wanted.handler_organisation_id,
        at=at,
    )
    work = {"way": DecisionWay.ORDER, "order": order, "responsible_organisation_id": wanted.handler_organisation_id}
    return _store(conference, decision, work, actor, at)


@transaction.atomic
def decide_referral(
    *, actor: Actor, conference_id: int, decision: Decision, referral: Referral, at: datetime
) -> ConferenceDecision:
    """A decision that another organisation carries out: it is referred at once, by its own rules of ground and consent."""
    conference = _meeting(actor, conference_id, decision, at)
    handoff = refer(actor=actor, case_id=conference.case_id, referral=referral, at=at)
    work = {
        "way": DecisionWay.REFERRAL,
        "handoff": handoff,
        "responsible_organisation_id": handoff.desk.partner_id,
    }
    return _store(conference, decision, work, actor, at)


def _meeting(actor: Actor, conference_id: int, decision: Decision, at: datetime) -> CaseConference:
    conference = hosted(actor, conference_id)
    if conference.state != ConferenceState.HELD:
        raise DomainError(
            "会商召开并记录纪要后，才能登记决定。",
            code="conferences.decision.not-held",
            do_next="请先记录到会情况和纪要。",
        )
    require_words(decision.words, 4, "写明做什么，一项决定一件事。")
    if not decision.person.strip() or decision.due_at <= at:
        raise Invalid(
            "每项决定都要有责任人和以后的完成日期。",
            code="conferences.decision.incomplete",
            do_next="请补充责任人和日期。",
        )
    return conference


def _store(
    conference: CaseConference, decision: Decision, work: dict[str, Any], actor: Actor, at: datetime
) -> ConferenceDecision:
    row = ConferenceDecision.objects.create(
        organisation_id=conference.organisation_id,
        province=conference.province,
        conference=conference,
        number=number_next(conference),
        person=decision.person.strip()[:40],
        due_at=decision.due_at,
        decided_at=at,
        **work,
    )
    kept = note(conference, NoteKind.DECIDED, decision.words.strip(), (actor, at), decision=row)
    _start_clock(row, at)
    for seat in selectors.seats_of(conference):
        if seat.invited == Invited.PAGE:  # it may follow up what was decided
            open_to_guest(conference, seat, actor, at)
    due = f"{local(row.due_at):%Y-%m-%d}"
    label = str(DecisionWay(row.way).label)
    tell(DecisionMade, conference, (actor, at), note=kept, decision_id=row.pk, way_label=label, due=due)
    return row


def _start_clock(row: ConferenceDecision, at: datetime) -> None:
    """The day is the decision's own; how long before it somebody is reminded is the organisation's rule."""
    rule = clock_span(row.organisation_id, ClockKind.CONFERENCE_DECISION, start=at)
    due = max(row.due_at, at)  # work that is taken up again after its day is late at once
    span = Span(due, max(at, due - (rule.due_at - rule.warn_at)), rule.escalate_every)
    start_clock(
        actor=system_for(row.organisation_id, row.province),
        kind=ClockKind.CONFERENCE_DECISION,
        subject=("conference_decision", row.pk),
        span=span,
        at=at,
        case_id=row.conference.case_id,
    )


@transaction.atomic
def follow_work(*, order_id: int = 0, handoff_id: int = 0, at: datetime) -> int:
    """What a decision became has moved: so does the decision. Returns how many changed."""
    with acting(EVERYTHING):
        about = Q(order_id=order_id) | Q(order__merged_into_id=order_id) if order_id else Q(handoff_id=handoff_id)
        rows = ConferenceDecision.objects.filter(about).exclude(state=DecisionState.WAIVED)
        return sum(_follow(row, at) for row in rows.select_for_update(of=("self",)))


def _follow(row: ConferenceDecision, at: datetime) -> bool:
    order = row.order.merged_into or row.order if row.order else None
    became = order or row.handoff
    target = rules.decision_state(str(row.way), str(became.state) if became else "")
    if target == row.state or row.conference.state != ConferenceState.HELD:
        return False
    _settle(row, target, at)
    by = (system_for(row.organisation_id, row.province), at)
    label = str(DecisionState(target).label)
    tell(DecisionMoved, row.conference, by, decision_id=row.pk, number=row.number, state_label=label)
    if target == DecisionState.FAILED:
        tell_host(row.conference, "conferences.decision-failed", at=at, urgency="URGENT")
    _tell_if_all_settled(row.conference, at)
    return True


def _settle(row: ConferenceDecision, target: str, at: datetime) -> None:
    subject = ("conference_decision", row.pk)
    over = target not in UNSETTLED
    ConferenceDecision.objects.filter(pk=row.pk).update(state=target, settled_at=at if over else None)
    if target == DecisionState.RUNNING:
        _start_clock(row, at)
    elif target == DecisionState.DONE:
        meet_clock(subject=subject, at=at)
    else:
        cancel_clock(subject=subject, at=at)


def _tell_if_all_settled(conference: CaseConference, at: datetime) -> None:
    if not ConferenceDecision.objects.filter(conference=conference, state__in=sorted(UNSETTLED)).exists():
        tell_host(conference, "conferences.all-settled", at=at)


@transaction.atomic
def waive_decision(*, actor: Actor, decision_id: int, words: str, at: datetime) -> ConferenceDecision:
    """A decision is not carried out any more, with the reason. The order or referral itself is ended on its own page."""
    row = selectors.decision_of(actor, decision_id)
    conference = hosted(actor, row.conference_id)
    said = require_words(words, 4, "写明为什么不再落实，或改由哪一项决定代替。")
    open_here = ConferenceDecision.objects.filter(pk=row.pk, state__in=sorted(UNSETTLED))
    if conference.state != ConferenceState.HELD or not open_here.exists():
        raise DomainError(
            "这项决定已经有了结果。", code="conferences.decision.settled", do_next="请刷新页面查看最新状态。"
        )
    _settle(row, DecisionState.WAIVED, at)
    row.refresh_from_db()
    kept = note(conference, NoteKind.WAIVED, said, (actor, at), decision=row)
    label = str(DecisionState.WAIVED.label)
    more: dict[str, Any] = {"decision_id": row.pk, "number": row.number, "state_label": label}
    tell(DecisionMoved, conference, (actor, at), note=kept, **more)
    return row
