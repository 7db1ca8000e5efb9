"""From the seat to 110: the one click, what is added later, taking it back, and confirming that officers arrived."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from deskwire.envelope import MessageType
from deskwire.keys import Party
from deskwire.sending import Draft, new_link
from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.core.actors import Actor
from qingting.core.clocks import Span, cancel_clock
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.time import local
from qingting.directory.models import LinkageItem
from qingting.directory.states import Direction, Urgency
from qingting.linkage import known, rules, selectors
from qingting.linkage.disclosure import Wish, handoff_body
from qingting.linkage.events import HandedOff, HandoffCancelled, ReachConfirmed, SupplementSent
from qingting.linkage.models import Desk, Handoff
from qingting.linkage.permissions import HAND_OFF
from qingting.linkage.services.ending import hold_and_watch, lift
from qingting.linkage.services.posting import (
    add_note,
    move,
    operator_code,
    post,
    post_on,
    refuse_move,
    reply_to,
    told,
)
from qingting.linkage.services.spans import answer_span
from qingting.linkage.services.telling import tell_partner
from qingting.linkage.states import OPEN, CancelReason, HandoffState, NoteKind
from qingting.linkage.store import hold_alone


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a handoff is made of: the case, the item of the list, the desk it goes to, until when an answer is awaited."""

    case: Case
    item: LinkageItem
    desk: Desk
    span: Span


@transaction.atomic
def hand_off(*, actor: Actor, case_id: int, item_number: int, at: datetime, wish: Wish | None = None) -> Handoff:
    """一键流转: hand a case to 110 by an item of the list in force, at once and durably.

    Handoff, message, hold, clock, ground and journal commit together; sending follows on its own. While a handoff of the
    same item runs, it is returned instead. Raises NotFound (case out of sight), NotAllowed, Invalid (item not on the
    list), DomainError (no desk, no list, case closed).
    """
    case = case_of(actor, case_id)
    actor.require(HAND_OFF, case.organisation_id)
    item = selectors.item_of(case, item_number, at=at)
    hold_alone(f"handoff:{case_id}")  # two clicks on one case wait for each other
    running = selectors.open_handoff(case_id, item_number)
    if running is not None:
        return running
    span = answer_span(case.organisation_id, item.urgency, at=at)
    matter = _Matter(case, item, selectors.desk_to_hand_to(case.province, case.division), span)
    handoff = _write(actor, matter, wish or Wish(), at)
    hold_and_watch(actor, handoff, span, at)
    known.record_ground(actor, case, rules.GROUNDS[item.item_class], at=at)
    publish(HandedOff(**told(handoff, **_labels(handoff))), actor=actor, at=at)
    return handoff


def _write(actor: Actor, matter: _Matter, wish: Wish, at: datetime) -> Handoff:
    """Store the handoff and put its message into the outbox."""
    facts = known.facts_of(actor, matter.case, with_phone=wish.with_phone, at=at)
    retain_until = (local(at) + rules.RETENTION).date()
    body = handoff_body(matter.item, facts, wish, retain_until)
    draft = Draft(MessageType.HANDOFF, body, reply_by=matter.span.due_at)
    link = new_link(Party(matter.desk.code, matter.desk.region_code))
    message = post(matter.desk, link, draft, at=at)
    handoff = _row(matter, at)
    handoff.link_id, handoff.message_id = UUID(message.link_id), UUID(message.message_id)
    handoff.retain_until, handoff.opened_by_account_id = retain_until, actor.account_id or None
    handoff.save(force_insert=True)
    return handoff


def _row(matter: _Matter, at: datetime) -> Handoff:
    case, item = matter.case, matter.item
    return Handoff(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        desk=matter.desk,
        direction=Direction.TO_POLICE,
        list_version=item.list_id,
        item_number=item.number,
        item_class=item.item_class,
        item_text=item.text,
        urgency=item.urgency,
        link_mode=item.link_mode,
        state=HandoffState.QUEUED,
        basis=rules.GROUNDS[item.item_class].basis,
        reply_by=matter.span.due_at,
        opened_at=at,
    )


def _labels(handoff: Handoff) -> dict[str, object]:
    return {
        "item_number": handoff.item_number,
        "urgency_label": str(Urgency(handoff.urgency).label),
        "basis_label": str(handoff.get_basis_display()),
    }


def _mine(actor: Actor, handoff_id: int) -> Handoff:
    """A handoff in sight, of an organisation for which the actor may hand off."""
    handoff = selectors.handoff_of(actor, handoff_id)
    actor.require(HAND_OFF, handoff.organisation_id)
    return handoff


def _require_words(words: str) -> str:
    if not words.strip():
        raise Invalid("请写明情况。", code="linkage.words-missing", do_next="写一两句对方需要知道的内容。")
    return words.strip()[:2000]


@transaction.atomic
def send_supplement(*, actor: Actor, handoff_id: int, words: str, at: datetime) -> Handoff:
    """Tell the other desk what else is known now (补充情况); it goes behind everything already on its way."""
    handoff = _mine(actor, handoff_id)
    text = _require_words(words)
    if handoff.state in {HandoffState.CANCELLED, HandoffState.REJECTED}:
        raise refuse_move(handoff)
    body = {"text": text, "operator": operator_code(actor)}
    post_on(handoff, Draft(MessageType.NOTE, body, reply_to(handoff)), at=at)
    note = add_note(handoff, NoteKind.NOTE, actor=actor, at=at, words=text)
    publish(SupplementSent(**told(handoff, note_id=note.pk)), actor=actor, at=at)
    if handoff.direction == Direction.TO_POLICE:
        tell_partner(handoff, "linkage.for-partner-more", at=at, urgency="ROUTINE")
    return handoff


@transaction.atomic
def cancel_handoff(*, actor: Actor, handoff_id: int, reason: str, words: str, at: datetime) -> Handoff:
    """Take a handoff back (撤回), with a reason. What the other desk has already finished stays finished."""
    handoff = _mine(actor, handoff_id)
    if reason not in CancelReason.values:
        raise Invalid("请选择撤回理由。", code="linkage.cancel.reason", do_next="选择一项理由并写明情况。")
    text = _require_words(words)
    if handoff.direction != Direction.TO_POLICE or handoff.state not in OPEN:
        raise refuse_move(handoff)
    body = {"reason": reason, "text": text, "operator": operator_code(actor)}
    post_on(handoff, Draft(MessageType.CANCELLATION, body, reply_to(handoff)), at=at)
    if not move(handoff, "cancel", ended_at=at, reason=reason):
        raise refuse_move(handoff)
    note = add_note(handoff, NoteKind.CANCELLATION, actor=actor, at=at, code=reason, words=text)
    lift(handoff, actor=actor, at=at)
    label = str(CancelReason(reason).label)
    publish(HandoffCancelled(**told(handoff, note_id=note.pk, reason_label=label)), actor=actor, at=at)
    tell_partner(handoff, "linkage.for-partner-taken-back", at=at)
    return handoff


@transaction.atomic
def confirm_reached(*, actor: Actor, handoff_id: int, words: str, at: datetime) -> Handoff:
    """Record that somebody of ours confirmed by telephone that officers have seen the person; lets the case go.

    For 特急 matters whose result does not say so. Words: whom one talked to, and what they said.
    """
    handoff = _mine(actor, handoff_id)
    text = _require_words(words)
    ended = handoff.state in {HandoffState.COMPLETED, HandoffState.FAILED}
    if not ended or not rules.needs_confirmation(handoff.urgency, handoff.officers_reached):
        raise DomainError(
            "现在不需要人工确认。",
            code="linkage.handoff.nothing-to-confirm",
            do_next="对方反馈结果且没有确认见到本人时，才需要电话核实。",
        )
    changes = {"officers_reached": True, "confirmed_by_account_id": actor.account_id or None}
    Handoff.objects.filter(pk=handoff.pk).update(**changes)
    handoff.officers_reached = True
    note = add_note(handoff, NoteKind.CONFIRMATION, actor=actor, at=at, words=text)
    cancel_clock(subject=("handoff", handoff.pk), at=at)
    lift(handoff, actor=actor, at=at)
    publish(
        ReachConfirmed(**told(handoff, note_id=note.pk, staff=selectors.wording_of(handoff.desk).staff)),
        actor=actor,
        at=at,
    )
    return handoff
