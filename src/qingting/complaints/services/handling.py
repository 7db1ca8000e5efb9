"""What the organisation that deals with a complaint does, by somebody who is not concerned."""

from datetime import datetime

from django.db import transaction

from qingting.complaints import selectors
from qingting.complaints.models import Complaint
from qingting.complaints.permissions import HANDLE
from qingting.complaints.services.steps import step, tell_handlers
from qingting.complaints.states import Finding
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, NotAllowed


def _mine(actor: Actor, complaint_id: int) -> Complaint:
    """The complaint, where this organisation deals with it and this person may."""
    actor.require(HANDLE)
    complaint = selectors.complaint_of(actor, complaint_id)
    if complaint.organisation_id != actor.organisation_id:
        raise NotAllowed(
            "这件投诉由下级单位办理。", code="complaints.other-organisation", do_next="超过时限没有办的，会自动报上来。"
        )
    return complaint


@transaction.atomic
def acknowledge(
    *, actor: Actor, complaint_id: int, at: datetime, account_id: int | None = None, words: str = ""
) -> Complaint:
    """Take it on (受理). account_id: whom it turns out to be about; not oneself."""
    complaint = _mine(actor, complaint_id)
    if account_id == actor.account_id:
        raise DomainError("与您本人有关的投诉，不能由您办理。", code="complaints.concerned", do_next="请交上一级办理。")
    changes: dict[str, object] = {"handler_account_id": actor.account_id, "acknowledged_at": at}
    if account_id is not None:
        concerned = sorted({*complaint.concerned_account_ids, account_id})
        changes |= {"about_account_id": account_id, "concerned_account_ids": concerned}
    return step(complaint, "acknowledge", actor, words, at, **changes)


@transaction.atomic
def note(*, actor: Actor, complaint_id: int, words: str, at: datetime) -> Complaint:
    """Write down what was looked into; not shown to whoever complained."""
    return step(_mine(actor, complaint_id), "note", actor, words, at)


@transaction.atomic
def answer(*, actor: Actor, complaint_id: int, finding: str, words: str, at: datetime) -> Complaint:
    """Answer in plain words (答复), with what was found."""
    if finding not in Finding.values:
        raise Invalid("请选择调查结论。", code="complaints.finding-missing")
    return step(_mine(actor, complaint_id), "answer", actor, words, at, finding=finding, answered_at=at)


@transaction.atomic
def decline(*, actor: Actor, complaint_id: int, words: str, at: datetime) -> Complaint:
    """Say that it is not about us, and where to go with it."""
    return step(_mine(actor, complaint_id), "decline", actor, words, at)


@transaction.atomic
def escalate(*, actor: Actor, complaint_id: int, words: str, at: datetime) -> Complaint:
    """Give it to the next organisation above."""
    return climb(_mine(actor, complaint_id), "escalate", actor, words, at)


def climb(complaint: Complaint, act: str, actor: Actor, words: str, at: datetime) -> Complaint:
    """An act after which the next organisation above deals with it. Raises DomainError at the top."""
    house = selectors.next_house(complaint, at=at)
    if house is None:
        raise DomainError(
            "上面已经没有可以办理的单位。", code="complaints.top", do_next="可以向当地12345或信访部门反映。"
        )
    changes = {"organisation_id": house, "level": complaint.level + 1, "handler_account_id": None}
    done = step(complaint, act, actor, words, at, **changes)
    tell_handlers(done, "complaints.review-asked" if act == "review" else "complaints.escalated", at)
    return done
