"""Desks without a system: what we write lies on our page for their people or goes on paper, and what they answer is written
here as their message and judged by the protocol's own rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from deskwire.envelope import Envelope, MessageType, version_of
from deskwire.lifecycle import delivered
from deskwire.moments import to_wire
from deskwire.problems import ProblemError
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import selectors
from qingting.linkage.events import AnsweredByHand, LookedAtReferral
from qingting.linkage.models import DeskMessage, Handoff
from qingting.linkage.permissions import ANSWER, HAND_OFF
from qingting.linkage.referral_kinds import follows_up
from qingting.linkage.services.posting import move, refuse_move, reply_to, told
from qingting.linkage.services.receiving import receiver
from qingting.linkage.states import Condition, Found, Manner, MessageState, Outcome, RejectionReason, Stage, Way
from qingting.linkage.store import lock_link, read_link, save_link
from qingting.linkage.wire import own_party

LOOKS_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a desk's person says: act (`acknowledge`, `reject`, `progress`, `result`, `note`), the code of a reason, stage or
    outcome, words, their own number of the matter, and whether somebody has seen the person (None: not said). Of a follow-up in
    our place: found, condition (`linkage.states`), and whether the person wants more help (None: not said)."""

    act: str
    code: str = ""
    words: str = ""
    number: str = ""
    reached: bool | None = None
    found: str = ""
    condition: str = ""
    wants_help: bool | None = None


Maker = Callable[[Answer, datetime], tuple[MessageType, dict[str, Any]]]


def deposit(handoff: Handoff, message: Envelope, *, at: datetime) -> None:
    """The message is where their people find it: delivered, without a wire."""
    mark_delivered(handoff, at=at)
    Handoff.objects.filter(pk=handoff.pk).update(delivered_at=at)
    handoff.delivered_at = at
    with acting(EVERYTHING):
        link = read_link(message.link_id)
        if link is not None:
            save_link(delivered(link), handoff.desk)
    move(handoff, "deliver")


def mark_delivered(handoff: Handoff, *, at: datetime) -> None:
    """Nothing of a matter with a desk without a system waits to be sent."""
    with acting(EVERYTHING):
        waiting = DeskMessage.objects.filter(link_id=handoff.link_id, way=Way.OUT, state=MessageState.WAITING)
        waiting.update(state=MessageState.DELIVERED, delivered_at=at, receipt_at=at, next_attempt_at=None)


@transaction.atomic
def answer_as_partner(*, actor: Actor, handoff_id: int, answer: Answer, at: datetime) -> Handoff:
    """Somebody of the partner answers on the partner page. Raises NotFound outside their own organisation's matters,
    NotAllowed, Invalid, DomainError where the state does not allow it."""
    handoff = selectors.referral_to(actor, handoff_id)
    actor.require(ANSWER, handoff.desk.partner_id)
    if handoff.desk.manner == Manner.WIRE:
        raise DomainError(
            "这件事项通过系统对接办理。", code="linkage.partner.has-system", do_next="请在本单位的系统里签收和反馈。"
        )
    return _write_down(actor, handoff, answer, f"P{actor.account_id}", at)


@transaction.atomic
def answer_by_hand(*, actor: Actor, handoff_id: int, answer: Answer, at: datetime) -> Handoff:
    """Somebody of ours writes down what the other side said by telephone or on paper (登记回执); words say who said it."""
    handoff = selectors.handoff_of(actor, handoff_id)
    actor.require(HAND_OFF, handoff.organisation_id)
    if handoff.desk.manner == Manner.WIRE:
        raise NotAllowed(
            "系统对接的单位由对方系统回传，不能代为登记。",
            code="linkage.by-hand.has-system",
            do_next="请用“补充情况”，或在核实后使用“确认已见到本人”。",
        )
    if not answer.words.strip():
        raise Invalid("请写明对方是谁、怎么答复的。", code="linkage.words-missing")
    return _write_down(actor, handoff, answer, f"12355-{actor.account_id}", at)


@transaction.atomic
def answer_by_letter(*, handoff: Handoff, answer: Answer, at: datetime) -> Handoff:
    """The receiver of a letter answers through its QR code. The caller has proven the code."""
    from qingting.linkage.services.arriving import desk_actor

    return _write_down(desk_actor(handoff.desk), handoff, answer, "LETTER", at)


def _write_down(actor: Actor, handoff: Handoff, answer: Answer, operator: str, at: datetime) -> Handoff:
    with acting(EVERYTHING):
        lock_link(str(handoff.link_id))
        document = _document(handoff, answer, operator, at)
        try:
            receiver().accept(document, handoff.desk.code)
        except ProblemError as problem:
            handoff.refresh_from_db(fields=["state"])
            raise _refusal(handoff, problem) from problem
        mark_delivered(handoff, at=at)
        publish(AnsweredByHand(**told(handoff, act=answer.act)), actor=actor, at=at)
        handoff.refresh_from_db(fields=["state", "outcome", "officers_reached", "reason", "incident_number"])
    return handoff


def _refusal(handoff: Handoff, problem: ProblemError) -> DomainError:
    if problem.code == "out-of-state":
        return refuse_move(handoff)
    return Invalid(
        "有一项填写不符合要求，没有保存。",
        code=f"linkage.answer.{problem.code}",
        do_next="编号只能用字母、数字和“-”；说明请控制在2000字以内。",
    )


def _document(handoff: Handoff, answer: Answer, operator: str, at: datetime) -> dict[str, Any]:
    link = read_link(str(handoff.link_id))
    if link is None:
        raise RuntimeError("a handoff without its link")
    type_, body = _body_maker(handoff, answer)(answer, at)
    if answer.number.strip() and type_ is not MessageType.REJECTION:
        body["incidentNo"] = answer.number.strip()
    document: dict[str, Any] = {
        "messageId": str(uuid4()),
        "linkId": link.link_id,
        "seq": link.last_received + 1,
        "type": str(type_),
        "schemaVersion": version_of(type_, body),
        "sentAt": to_wire(at),
        "sender": link.peer.to_wire(),
        "receiver": own_party().to_wire(),
        "inReplyTo": reply_to(handoff),
        "body": {**body, "operator": operator},
    }
    return document | ({"drill": True} if link.drill else {})


def _body_maker(handoff: Handoff, answer: Answer) -> Maker:
    if answer.act == "result" and follows_up(handoff.referral_kind):
        return _followed_up
    return _BODIES.get(answer.act, _unknown_act)


def _unknown_act(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    raise Invalid("没有这种操作。", code="linkage.answer.act", do_next="请刷新页面后重试。")


def _text(answer: Answer) -> dict[str, Any]:
    words = answer.words.strip()[:2000]
    return {"text": words} if words else {}


def _chosen(answer: Answer, codes: list[str], name: str) -> str:
    if answer.code not in codes:
        raise Invalid(f"请选择{name}。", code="linkage.answer.code", do_next="选择一项后再提交。")
    return answer.code


def _needed(answer: Answer) -> str:
    if not answer.words.strip():
        raise Invalid("请写明情况。", code="linkage.words-missing", do_next="写一两句对方需要知道的内容。")
    return answer.words.strip()[:2000]


def _acknowledge(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    return MessageType.ACKNOWLEDGEMENT, _text(answer)


def _reject(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    reason = _chosen(answer, RejectionReason.values, "退回理由")
    return MessageType.REJECTION, {"reason": reason, "text": _needed(answer)}


def _progress(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    stage = answer.code if answer.code in Stage.values else Stage.OTHER
    return MessageType.PROGRESS, {"stage": stage, "at": to_wire(at), "text": _needed(answer)}


def _result(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    outcome = _chosen(answer, Outcome.values, "办理结果")
    status = "failed" if outcome == Outcome.NOT_FOUND else "completed"
    said = {"status": status, "outcome": outcome, "officersReachedPerson": answer.reached, "at": to_wire(at)}
    return MessageType.RESULT, said | _text(answer)


def _followed_up(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    """What was found; how the person is must be said where they were spoken with."""
    if answer.found not in Found.values:
        raise Invalid("请选择有没有联系上本人。", code="linkage.answer.found", do_next="选择一项后再提交。")
    reached = answer.found == Found.REACHED
    if reached and answer.condition not in Condition.values:
        raise Invalid("请选择本人现在怎样。", code="linkage.answer.condition", do_next="选择一项后再提交。")
    told: dict[str, Any] = {"found": answer.found}
    if reached:
        told["condition"] = answer.condition
    if reached and answer.wants_help is not None:
        told["wantsHelp"] = answer.wants_help
    missed = answer.found == Found.NOT_REACHED
    said = {
        "status": "failed" if missed else "completed",
        "outcome": str(Outcome.NOT_FOUND if missed else Outcome.OTHER),
        "officersReachedPerson": None,
        "followUp": told,
        "at": to_wire(at),
    }
    return MessageType.RESULT, said | _text(answer)


def _note(answer: Answer, at: datetime) -> tuple[MessageType, dict[str, Any]]:
    return MessageType.NOTE, {"text": _needed(answer)}


_BODIES: dict[str, Maker] = {
    "acknowledge": _acknowledge,
    "reject": _reject,
    "progress": _progress,
    "result": _result,
    "note": _note,
}


@transaction.atomic
def look_at_contact(*, actor: Actor, handoff_id: int, at: datetime) -> Handoff:
    """A partner's person opens what they were told in full, telephone number included; the journal hears of it."""
    handoff = selectors.referral_to(actor, handoff_id)
    actor.require(ANSWER, handoff.desk.partner_id)
    check_rate("partner-looks", str(actor.account_id), limit=LOOKS_AN_HOUR, seconds=3600, at=at)
    publish(LookedAtReferral(**told(handoff)), actor=actor, at=at)
    return handoff


@transaction.atomic
def print_letter(*, actor: Actor, handoff_id: int, at: datetime) -> Handoff:
    """Somebody of ours prints the letter, which names the person's number in full; the journal hears of it."""
    handoff = selectors.handoff_of(actor, handoff_id)
    actor.require(HAND_OFF, handoff.organisation_id)
    publish(LookedAtReferral(**told(handoff)), actor=actor, at=at)
    return handoff
