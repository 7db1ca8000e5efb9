"""From 110 to us: an incident that arrives, the person who takes it (签收), and what is reported back."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from deskwire.envelope import Envelope, MessageType
from deskwire.moments import to_wire
from deskwire.sending import Draft
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import cancel_clock, meet_clock, start_clock
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.directory.models import LinkageItem
from qingting.directory.selectors import linkage_items
from qingting.directory.states import ClockKind, Direction, LinkMode, Urgency
from qingting.linkage import incident_work, selectors
from qingting.linkage.disclosure import DIRECTIONS
from qingting.linkage.events import (
    IncidentArrived,
    IncidentDeclined,
    IncidentReported,
    IncidentResulted,
    IncidentTaken,
)
from qingting.linkage.models import Desk, Handoff, HandoffNote
from qingting.linkage.permissions import HAND_OFF
from qingting.linkage.rules import readable
from qingting.linkage.services.ending import lift
from qingting.linkage.services.posting import (
    add_note,
    move,
    operator_code,
    post_on,
    refuse_move,
    reply_to,
    told,
)
from qingting.linkage.services.spans import answer_span, until
from qingting.linkage.services.telling import tell_leaders, tell_seats
from qingting.linkage.states import HandoffState, NoteKind, Outcome, RejectionReason, Stage

log = logging.getLogger(__name__)
DRILL_OPERATOR = "AUTO"


def receive(message: Envelope, desk: Desk, *, actor: Actor, at: datetime) -> Handoff:
    """Store an incident that another desk handed to us, tell the seats, and start the clock for taking it.

    A drill is answered by machine and troubles nobody.
    """
    span = answer_span(desk.organisation_id, _urgency(message.body, _item_of(message.body, desk, at)), at=at)
    span = until(span, message.reply_by, at)
    handoff = _row(message, desk, span.due_at, at)
    handoff.save(force_insert=True)
    if handoff.drill:
        _answer_drill(handoff, at=at)
        return handoff
    _open_work(handoff, message.body, at)
    start_clock(
        actor=system_for(handoff.organisation_id, handoff.province),
        kind=ClockKind.HANDOFF_ACKNOWLEDGEMENT,
        subject=("handoff", handoff.pk),
        span=span,
        at=at,
        case_id=handoff.case_id,
    )
    publish(IncidentArrived(**told(handoff, **_labels(handoff))), actor=actor, at=at)
    tell_seats(handoff, "linkage.incident-arrived", at=at)
    if handoff.urgency == Urgency.CRITICAL:
        tell_leaders(handoff, "linkage.incident-critical", at=at)
    return handoff


def _open_work(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    """Contact, case and order at once. Should that fail, the incident has still arrived, and taking it opens them."""
    try:
        with transaction.atomic():
            incident_work.open_work(handoff, body, at=at)
    except (DomainError, DatabaseError) as error:
        handoff.case, handoff.order_id = None, None
        log.error(
            "no case could be opened for an incident on arrival: %s", getattr(error, "code", type(error).__name__)
        )


def _row(message: Envelope, desk: Desk, reply_by: datetime, at: datetime) -> Handoff:
    body = message.body
    wired, item = body.get("listItem", {}), _item_of(body, desk, at)
    return Handoff(
        organisation_id=desk.organisation_id,
        province=desk.province,
        desk=desk,
        link_id=UUID(message.link_id),
        message_id=UUID(message.message_id),
        direction=Direction.FROM_POLICE,
        list_version=wired.get("listVersion", ""),
        item_number=item.number if item else None,
        item_class=item.item_class if item else "",
        item_text=item.text if item else readable(wired.get("title", "")),
        urgency=_urgency(body, item),
        link_mode=wired.get("linkMode", LinkMode.INCIDENT_ORDER),
        state=HandoffState.SENT,
        drill=message.drill,
        incident_number=body.get("incidentNo", ""),
        basis=body["disclosureBasis"]["code"],
        retain_until=date.fromisoformat(body["retainUntil"]),
        reply_by=reply_by,
        opened_at=at,
        delivered_at=at,
    )


def _item_of(body: Mapping[str, Any], desk: Desk, at: datetime) -> LinkageItem | None:
    """The item of our list in force that the other desk means. None where it names none of this direction: the matter then
    stands outside the list (清单外), and a person decides."""
    wired = body.get("listItem", {})
    if wired.get("direction") != DIRECTIONS[Direction.FROM_POLICE]:
        return None
    try:
        return linkage_items(desk.province, Direction.FROM_POLICE, on=at).filter(number=wired["no"]).first()
    except DomainError:
        return None  # no list in force here


def _urgency(body: Mapping[str, Any], item: LinkageItem | None) -> str:
    """The more urgent of what the desk says and what the list says: a slip of the pen never makes a danger smaller."""
    said = body.get("listItem", {}).get("urgency") or body["urgency"]
    return str(min(said, item.urgency if item else said, key=Urgency.values.index))


def _labels(handoff: Handoff) -> dict[str, Any]:
    return {
        "item_number": handoff.item_number or 0,
        "item_label": f"清单第{handoff.item_number}项" if handoff.item_number else "清单外",
        "matter": selectors.wording_of(handoff.desk).matter,
        "urgency_label": str(Urgency(handoff.urgency).label),
        "link_mode": handoff.link_mode,
    }


def _answer_drill(handoff: Handoff, *, at: datetime) -> None:
    body = {"operator": DRILL_OPERATOR}
    post_on(handoff, Draft(MessageType.ACKNOWLEDGEMENT, body, reply_to(handoff)), at=at)
    move(handoff, "acknowledge", acknowledged_at=at)


def _mine(actor: Actor, handoff_id: int) -> Handoff:
    handoff = selectors.handoff_of(actor, handoff_id)
    actor.require(HAND_OFF, handoff.organisation_id)
    if handoff.direction != Direction.FROM_POLICE:
        raise DomainError(
            "这是我方发出的流转，不能这样操作。",
            code="linkage.incident.outward",
            do_next="请在个案的联动面板里操作。",
        )
    return handoff


@transaction.atomic
def take_incident(*, actor: Actor, handoff_id: int, at: datetime) -> Handoff:
    """签收: a person takes an incident of 110, and with it the contact, case and order that opened on its arrival.

    Of two people who press the button, one is told that the other was faster.
    """
    handoff = _mine(actor, handoff_id)
    if not move(handoff, "acknowledge", acknowledged_at=at, taken_by_account_id=actor.account_id):
        raise refuse_move(handoff)
    body: dict[str, Any] = {"operator": operator_code(actor)}
    if not handoff.drill:
        body["workOrderNo"] = _taken_up(actor, handoff, at)
    post_on(handoff, Draft(MessageType.ACKNOWLEDGEMENT, body, reply_to(handoff)), at=at)
    meet_clock(subject=("handoff", handoff.pk), at=at)
    publish(IncidentTaken(**told(handoff, matter=selectors.wording_of(handoff.desk).matter)), actor=actor, at=at)
    return handoff


def _taken_up(actor: Actor, handoff: Handoff, at: datetime) -> str:
    """The case that is the taker's from now on. Returns its number."""
    if handoff.case is None:
        incident_work.open_work(handoff, selectors.body_of(handoff), at=at)
        HandoffNote.objects.filter(handoff=handoff).update(case_id=handoff.case_id)
    incident_work.hand_over(actor, handoff, at=at)
    Handoff.objects.filter(pk=handoff.pk).update(opened_by_account_id=actor.account_id)
    handoff.opened_by_account_id = actor.account_id
    if handoff.case is None:
        raise RuntimeError("an incident was taken without a case")
    return str(handoff.case.number)


@transaction.atomic
def decline_incident(*, actor: Actor, handoff_id: int, reason: str, words: str, at: datetime) -> Handoff:
    """退回: not ours to handle, with a reason that 110 reads."""
    handoff = _mine(actor, handoff_id)
    if reason not in RejectionReason.values or not words.strip():
        raise Invalid(
            "退回需要选择理由并写明情况。",
            code="linkage.incident.reason",
            do_next="写明为什么不能处理，建议对方找谁。",
        )
    if not move(handoff, "reject", ended_at=at, reason=reason):
        raise refuse_move(handoff)
    body = {"reason": reason, "text": words.strip()[:2000], "operator": operator_code(actor)}
    post_on(handoff, Draft(MessageType.REJECTION, body, reply_to(handoff)), at=at)
    note = add_note(handoff, NoteKind.REJECTION, actor=actor, at=at, code=reason, words=words)
    cancel_clock(subject=("handoff", handoff.pk), at=at)
    label = str(RejectionReason(reason).label)
    incident_work.drop(handoff, f"已退回{selectors.partner_name(handoff.desk)}：{label}", at=at)
    matter = selectors.wording_of(handoff.desk).matter
    declined = IncidentDeclined(**told(handoff, note_id=note.pk, reason_label=label, matter=matter))
    publish(declined, actor=actor, at=at)
    return handoff


@transaction.atomic
def report_progress(*, actor: Actor, handoff_id: int, stage: str, words: str, at: datetime) -> Handoff:
    """Tell 110 what is being done with an incident of theirs."""
    handoff = _mine(actor, handoff_id)
    if stage not in Stage.values:
        raise Invalid("请选择进展。", code="linkage.incident.stage", do_next="选择一项后再发送。")
    if not move(handoff, "progress", progressed_at=at):
        raise refuse_move(handoff)
    body = _with_text({"stage": stage, "at": to_wire(at), "operator": operator_code(actor)}, words)
    post_on(handoff, Draft(MessageType.PROGRESS, body, reply_to(handoff)), at=at)
    note = add_note(handoff, NoteKind.PROGRESS, actor=actor, at=at, code=stage, words=words)
    label = str(Stage(stage).label)
    incident_work.note_progress(actor, handoff, f"{label}。{words.strip()[:1900]}", at=at)
    publish(IncidentReported(**told(handoff, note_id=note.pk, stage_label=label)), actor=actor, at=at)
    return handoff


@transaction.atomic
def report_result(*, actor: Actor, handoff_id: int, outcome: str, words: str, at: datetime) -> Handoff:
    """Tell 110 how an incident of theirs ended; lets the case go. A later result corrects an earlier one."""
    handoff = _mine(actor, handoff_id)
    if outcome not in Outcome.values:
        raise Invalid("请选择结果。", code="linkage.incident.outcome", do_next="选择一项后再发送。")
    status = "failed" if outcome == Outcome.NOT_FOUND else "completed"
    act = "fail" if status == "failed" else "complete"
    if handoff.state == HandoffState.CANCELLED or not move(handoff, act, outcome=outcome, ended_at=at):
        raise refuse_move(handoff)
    body = {"status": status, "outcome": outcome, "officersReachedPerson": None, "at": to_wire(at)}
    body = _with_text({**body, "operator": operator_code(actor)}, words)
    post_on(handoff, Draft(MessageType.RESULT, body, reply_to(handoff)), at=at)
    note = add_note(handoff, NoteKind.RESULT, actor=actor, at=at, code=outcome, words=words)
    lift(handoff, actor=replace(actor, organisation_id=handoff.organisation_id), at=at)
    label = str(Outcome(outcome).label)
    incident_work.hand_in(actor, handoff, f"{label}。{words.strip()[:1900]}", at=at)
    publish(IncidentResulted(**told(handoff, note_id=note.pk, outcome_label=label)), actor=actor, at=at)
    return handoff


def _with_text(body: Mapping[str, Any], words: str) -> dict[str, Any]:
    text = words.strip()[:2000]
    return {**body, "text": text} if text else dict(body)
