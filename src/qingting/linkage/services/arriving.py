"""What the platform does when a desk's message has its turn. Runs inside the transaction that stores the message."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from deskwire.envelope import Envelope, MessageType
from deskwire.lifecycle import Link
from deskwire.problems import ProblemError
from qingting.core.actors import Actor
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING
from qingting.directory.states import Direction
from qingting.linkage import incident_work, rules
from qingting.linkage.events import (
    HandoffAcknowledged,
    HandoffProgressed,
    HandoffRejected,
    HandoffResulted,
    IncidentWithdrawn,
    SupplementReceived,
)
from qingting.linkage.models import Desk, Handoff
from qingting.linkage.referral_kinds import follows_up
from qingting.linkage.selectors import partner_name, wording_of
from qingting.linkage.services import calling, incidents, sharing
from qingting.linkage.services.ending import hold_again, lift, stop_waiting_for_answer
from qingting.linkage.services.posting import add_note, move, told
from qingting.linkage.services.telling import tell_leaders, tell_seat
from qingting.linkage.states import (
    ALARMING,
    CancelReason,
    Condition,
    Found,
    HandoffState,
    NoteKind,
    Outcome,
    RejectionReason,
    Stage,
)

_ANSWERS = frozenset({MessageType.ACKNOWLEDGEMENT, MessageType.REJECTION})
Step = Callable[[Handoff, Mapping[str, Any], datetime], None]


def desk_actor(desk: Desk) -> Actor:
    """Another desk, acting here through its signed messages for the organisation that runs it."""
    return Actor(
        account_id=0,
        organisation_id=desk.partner_id,
        province=desk.province,
        acting_as="desk",
        scope=EVERYTHING,
    )


def apply_message(message: Envelope, link: Link, at: datetime) -> None:
    """Act on one message of another desk. `link` is already saved as it is after the message."""
    if message.type is MessageType.HANDOFF:
        desk = Desk.objects.get(code=message.sender.desk)
        incidents.receive(message, desk, actor=desk_actor(desk), at=at)
        return
    if message.type is MessageType.CHAIN:
        sharing.taken(message, Desk.objects.get(code=message.sender.desk), at)
        return
    handoff = Handoff.objects.select_related("desk", "case").filter(link_id=UUID(message.link_id)).first()
    if handoff is None:
        return
    _refuse_answer_to_another(handoff, message)
    _note_number(handoff, message.body)
    steps = _OF_PERFORMER if handoff.direction == Direction.TO_POLICE else _OF_REQUESTER
    step = steps.get(message.type)
    if step is not None:
        step(handoff, message.body, at)


def _refuse_answer_to_another(handoff: Handoff, message: Envelope) -> None:
    """Whoever says that they have the matter names the message that brought it: this one, and no other desk's."""
    if message.type in _ANSWERS and message.in_reply_to != str(handoff.message_id):
        raise ProblemError("out-of-state", "inReplyTo names another message than the handoff of this link")


def _note_number(handoff: Handoff, body: Mapping[str, Any]) -> None:
    """An incident number may come with any message."""
    number = body.get("incidentNo", "")
    if number and number != handoff.incident_number:
        Handoff.objects.filter(pk=handoff.pk).update(incident_number=number)
        handoff.incident_number = number


def _acknowledged(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    actor = desk_actor(handoff.desk)
    if move(handoff, "acknowledge", acknowledged_at=at):
        stop_waiting_for_answer(handoff, at=at)
    note = add_note(handoff, NoteKind.ACKNOWLEDGEMENT, actor=actor, at=at, **_said(body))
    number = handoff.incident_number
    words = rules.number_words(wording_of(handoff.desk), number)
    said = told(handoff, note_id=note.pk, incident_number=number, number_words=words)
    publish(HandoffAcknowledged(**said), actor=actor, at=at)


def _rejected(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    actor, reason = desk_actor(handoff.desk), body["reason"]
    tell_seat(handoff, "linkage.rejected", at=at)
    tell_leaders(handoff, "linkage.rejected", at=at)
    if move(handoff, "reject", ended_at=at, reason=reason):
        lift(handoff, actor=actor, at=at)
    note = add_note(handoff, NoteKind.REJECTION, actor=actor, at=at, code=reason, **_said(body))
    label = str(RejectionReason(reason).label)
    publish(HandoffRejected(**told(handoff, note_id=note.pk, reason_label=label)), actor=actor, at=at)


def _progressed(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    actor, stage = desk_actor(handoff.desk), body["stage"]
    move(handoff, "progress", progressed_at=at)
    note = add_note(handoff, NoteKind.PROGRESS, actor=actor, at=at, code=stage, **_said(body))
    label = str(Stage(stage).label)
    publish(HandoffProgressed(**told(handoff, note_id=note.pk, stage_label=label)), actor=actor, at=at)


def _resulted(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    actor, reached, outcome = desk_actor(handoff.desk), body["officersReachedPerson"], body["outcome"]
    was_cancelled = handoff.state == HandoffState.CANCELLED
    act = "complete" if body["status"] == "completed" else "fail"
    move(handoff, act, outcome=outcome, officers_reached=reached, ended_at=at)
    code = "" if _found(handoff, body) else outcome
    note = add_note(handoff, NoteKind.RESULT, actor=actor, at=at, code=code, **_said(body))
    publish(HandoffResulted(**told(handoff, note_id=note.pk, **_result_labels(handoff, body))), actor=actor, at=at)
    if rules.needs_confirmation(handoff.urgency, reached):
        if not was_cancelled:
            hold_again(handoff, actor=actor, at=at)
        tell_seat(handoff, "linkage.reach-unconfirmed", at=at)
        tell_leaders(handoff, "linkage.reach-unconfirmed", at=at)
    else:
        lift(handoff, actor=actor, at=at)
        tell_seat(handoff, "linkage.resulted", at=at, urgency="ROUTINE")


def _found(handoff: Handoff, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was found in a follow-up that we asked for; of any other matter it is no more than words."""
    found: Mapping[str, Any] = body.get("followUp", {})
    return found if follows_up(handoff.referral_kind) else {}


def _result_labels(handoff: Handoff, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the timeline says; of a follow-up in our place whether the person was reached and how they are."""
    if found := _found(handoff, body):
        alarming = found.get("condition") in ALARMING
        condition = Condition(found["condition"]).label if "condition" in found else "情况不详"
        return {
            "outcome_label": str(Found(found["found"]).label),
            "reached_label": str(condition),
            "alarming": alarming,
        }
    return {
        "outcome_label": str(Outcome(body["outcome"]).label),
        "reached_label": rules.reached_label(body["officersReachedPerson"], wording_of(handoff.desk).staff),
    }


def _supplemented(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    actor = desk_actor(handoff.desk)
    note = add_note(handoff, NoteKind.NOTE, actor=actor, at=at, **_said(body))
    publish(SupplementReceived(**told(handoff, note_id=note.pk)), actor=actor, at=at)


def _invited(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    """An invitation into a call: into ours, where one goes on; else whoever has the matter dials in by telephone."""
    if body["purpose"] == "THREE_WAY_CALL" and calling.ask_seat(handoff, body, actor=desk_actor(handoff.desk), at=at):
        return
    until = f"请在{body['validUntil']}前接入 {body['room']['uri']}"
    words = {"text": f"邀请三方通话。{until}。{body.get('text', '')}"}
    _supplemented(handoff, words, at)
    tell_seat(handoff, "linkage.call-invited", at=at)


def _withdrawn(handoff: Handoff, body: Mapping[str, Any], at: datetime) -> None:
    actor, reason = desk_actor(handoff.desk), body["reason"]
    label = str(CancelReason(reason).label)
    if move(handoff, "cancel", ended_at=at, reason=reason):
        lift(handoff, actor=actor, at=at)
        if handoff.taken_by_account_id is None:
            incident_work.drop(handoff, f"{partner_name(handoff.desk)}撤回：{label}", at=at)
    note = add_note(handoff, NoteKind.CANCELLATION, actor=actor, at=at, code=reason, **_said(body))
    matter = wording_of(handoff.desk).matter
    withdrawn = IncidentWithdrawn(**told(handoff, note_id=note.pk, reason_label=label, matter=matter))
    publish(withdrawn, actor=actor, at=at)


def _said(body: Mapping[str, Any]) -> dict[str, str]:
    """The words of a message, with places it names, and the code of the person who wrote it."""
    places = [f"位置：{found['text']}" for found in body.get("locations", ()) if found.get("text")]
    found = rules.found_words(body["followUp"]) if "followUp" in body else ""
    words = "\n".join(
        part for part in (found, "；".join(text for text in (body.get("text", ""), *places) if text)) if part
    )
    return {"words": rules.readable(words), "operator": body.get("operator", "")}


_OF_PERFORMER: dict[MessageType, Step] = {
    MessageType.ACKNOWLEDGEMENT: _acknowledged,
    MessageType.REJECTION: _rejected,
    MessageType.PROGRESS: _progressed,
    MessageType.RESULT: _resulted,
    MessageType.NOTE: _supplemented,
    MessageType.CALL_INVITE: _invited,
}
_OF_REQUESTER: dict[MessageType, Step] = {
    MessageType.CANCELLATION: _withdrawn,
    MessageType.NOTE: _supplemented,
    MessageType.CALL_INVITE: _invited,
}
