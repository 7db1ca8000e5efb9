"""Applying, and the two who review: 初审 and 审批."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.assistance.events import AidApplied, AidApproved, AidChecked, AidRefused, AidWithdrawn
from qingting.assistance.models import AidApplication
from qingting.assistance.permissions import APPLY, CHECK, DECIDE
from qingting.assistance.rules import MOST_FEN, yuan
from qingting.assistance.services.steps import answer, ask, locked, move, note, refuse_same_person, tell
from qingting.assistance.states import AidKind, AidState, NoteKind, Refusal
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, Invalid
from qingting.directory.states import Urgency
from qingting.orders.services import NewOrder, send_order
from qingting.orders.states import OrderKind

_ORDERS = {AidKind.LEGAL_AID: OrderKind.LEGAL}


@dataclass(frozen=True, slots=True)
class Application:
    """What is asked for: kind, worth in fen (0 where nobody can say), and why."""

    kind: str
    asked_fen: int | None
    need: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What is granted: fen, whose money or goods, who carries it out (an organisation that handles orders), and why."""

    granted_fen: int | None
    funder: str
    handler_organisation_id: int
    words: str


@transaction.atomic
def apply(*, actor: Actor, case_id: int, new: Application, at: datetime) -> AidApplication:
    """Apply in a young person's name (代为申请). One application of a kind runs at a time over a case."""
    case = case_of(actor, case_id)
    actor.require(APPLY, case.organisation_id)
    _require_fitting(new.kind in AidKind.values and _is_amount(new.asked_fen), "请选择援助种类，金额写到分为止。")
    if case.state != CaseState.OPEN:
        raise DomainError("个案已经结案，不能再申请。", code="assistance.case-closed", do_next="请先重新办理这个个案。")
    under_way = AidApplication.objects.filter(
        case=case, kind=new.kind, state__in=[AidState.APPLIED, AidState.CHECKED]
    ).first()
    if under_way is not None:
        raise DomainError(
            "同样的申请正在审核。", code="assistance.under-way", do_next="有补充情况的，请撤回后重新申请。"
        )
    application = AidApplication.objects.create(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        kind=new.kind,
        asked_fen=new.asked_fen or 0,
        applied_by_account_id=actor.account_id,
        applied_at=at,
    )
    tell(AidApplied, note(application, NoteKind.NEED, new.need, (actor, at)), (actor, at))
    ask(application, "assistance.to-check", CHECK, at=at)
    return application


def _is_amount(fen: int | None) -> bool:
    return fen is not None and 0 <= fen <= MOST_FEN


def _require_fitting(fits: bool, words: str) -> None:
    if not fits:
        raise Invalid(words, code="assistance.incomplete", do_next="补充后再提交。")


@transaction.atomic
def check(*, actor: Actor, application_id: int, words: str, at: datetime) -> AidApplication:
    """初审通过: somebody who did not apply has looked at need and papers."""
    application = locked(actor, application_id, CHECK)
    refuse_same_person(actor, application.applied_by_account_id)
    move(application, "check", checked_by_account_id=actor.account_id, checked_at=at)
    tell(AidChecked, note(application, NoteKind.CHECKED, words, (actor, at)), (actor, at))
    ask(application, "assistance.to-decide", DECIDE, at=at)
    return application


@transaction.atomic
def approve(*, actor: Actor, application_id: int, grant: Grant, at: datetime) -> AidApplication:
    """批准: a third person grants; an order is sent to whoever carries it out."""
    application = locked(actor, application_id, DECIDE)
    refuse_same_person(actor, application.applied_by_account_id, application.checked_by_account_id)
    _require_fitting(_is_amount(grant.granted_fen) and bool(grant.funder.strip()), "请写明批准金额和资金或物资来源。")
    move(
        application,
        "approve",
        granted_fen=grant.granted_fen,
        funder=grant.funder.strip()[:60],
        decided_by_account_id=actor.account_id,
        decided_at=at,
    )
    kept = note(application, NoteKind.DECIDED, grant.words, (actor, at))
    label = application.get_kind_display()
    order = send_order(  # by right of the decision: who decides need not be somebody who sends orders
        actor=system_for(application.organisation_id, application.province),
        case_id=application.case_id,
        new=NewOrder(
            _ORDERS.get(AidKind(application.kind), OrderKind.LIVING),
            Urgency.ROUTINE,
            "",
            f"{label}已批准，请落实：{grant.words.strip()}",
        ),
        handler_organisation_id=grant.handler_organisation_id,
        at=at,
    )
    AidApplication.objects.filter(pk=application.pk).update(order=order)
    application.order = order
    tell(AidApproved, kept, (actor, at), amount=yuan(application.granted_fen), order_id=order.pk)
    answer(application, "assistance.approved", application.applied_by_account_id, at=at)
    return application


@transaction.atomic
def refuse(*, actor: Actor, application_id: int, reason: str, words: str, at: datetime) -> AidApplication:
    """不批准, with a reason that can be told to the young person. Either reviewer may, each at their step."""
    waiting = AidApplication.objects.filter(pk=application_id, state=AidState.CHECKED).exists()
    application = locked(actor, application_id, DECIDE if waiting else CHECK)
    refuse_same_person(actor, application.applied_by_account_id, application.checked_by_account_id)
    _require_fitting(reason in Refusal.values, "请选择不批准的理由。")
    move(application, "refuse", refusal=reason, decided_by_account_id=actor.account_id, decided_at=at)
    kept = note(application, NoteKind.REFUSED, words, (actor, at))
    tell(AidRefused, kept, (actor, at), reason_label=str(Refusal(reason).label))
    answer(application, "assistance.refused", application.applied_by_account_id, at=at)
    return application


@transaction.atomic
def withdraw(*, actor: Actor, application_id: int, words: str, at: datetime) -> AidApplication:
    """Take an application back before it is decided."""
    application = locked(actor, application_id, APPLY)
    move(application, "withdraw", closed_at=at)
    tell(AidWithdrawn, note(application, NoteKind.WITHDRAWN, words, (actor, at)), (actor, at))
    return application
