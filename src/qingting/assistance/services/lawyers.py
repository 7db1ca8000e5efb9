"""The register of lawyers, and who of it works on which legal aid."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.assistance import selectors
from qingting.assistance.events import LawyerAssigned, LawyerChanged, LawyerEnrolled, LawyerReplaced
from qingting.assistance.models import AidApplication, Assignment, Lawyer
from qingting.assistance.permissions import ASSIGN, KEEP_LAWYERS
from qingting.assistance.rules import is_phone
from qingting.assistance.services.steps import announce, locked, note, tell
from qingting.assistance.states import AidKind, AidState, NoteKind
from qingting.core.actors import Actor
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish


@dataclass(frozen=True, slots=True)
class NewLawyer:
    """What the register holds of a lawyer. phone may be empty."""

    name: str
    licence_number: str
    firm: str
    phone: str = ""


@transaction.atomic
def enrol_lawyer(*, actor: Actor, new: NewLawyer, at: datetime) -> Lawyer:
    """Add a lawyer to the register of the actor's organisation. Refused twice for one licence."""
    actor.require(KEEP_LAWYERS, actor.organisation_id)
    lawyer = Lawyer(organisation_id=actor.organisation_id, province=actor.province)
    _fill(lawyer, new)
    lawyer.save()
    told = LawyerEnrolled(organisation_id=lawyer.organisation_id, province=lawyer.province, lawyer_id=lawyer.pk)
    publish(told, actor=actor, at=at)
    return lawyer


@transaction.atomic
def change_lawyer(*, actor: Actor, lawyer_id: int, new: NewLawyer, active: bool, at: datetime) -> Lawyer:
    """Correct what the register holds, or take somebody off new work (`active` false); what they work on stays theirs."""
    found = selectors.lawyer_of(actor, lawyer_id)
    actor.require(KEEP_LAWYERS, found.organisation_id)
    lawyer = Lawyer.objects.select_for_update().get(pk=found.pk)
    lawyer.active = active
    _fill(lawyer, new)
    lawyer.save()
    told = LawyerChanged(organisation_id=lawyer.organisation_id, province=lawyer.province, lawyer_id=lawyer.pk)
    publish(told, actor=actor, at=at)
    return lawyer


def _fill(lawyer: Lawyer, new: NewLawyer) -> None:
    name, number, firm, phone = (part.strip() for part in (new.name, new.licence_number, new.firm, new.phone))
    if not (name and number and firm):
        raise Invalid("请写明姓名、执业证号和律师事务所。", code="assistance.incomplete", do_next="补充后再保存。")
    if phone and not is_phone(phone):
        raise Invalid("电话号码不对。", code="assistance.phone", do_next="请写能拨通的号码，只用数字、空格和短横线。")
    same = Lawyer.objects.filter(organisation_id=lawyer.organisation_id, licence_number=number[:30])
    if same.exclude(pk=lawyer.pk).exists():
        raise DomainError(
            "这个执业证号已在名册里。", code="assistance.licence-used", do_next="请在名册里找到这位律师修改。"
        )
    lawyer.name, lawyer.licence_number, lawyer.firm = name[:40], number[:30], firm[:80]
    lawyer.phone_sealed = seal(phone, field=selectors.PHONE) if phone else None


@transaction.atomic
def assign_lawyer(*, actor: Actor, application_id: int, lawyer_id: int, words: str, at: datetime) -> Assignment:
    """Name the lawyer of an approved legal aid, or another one in their place: then the reason is kept."""
    application = locked(actor, application_id, ASSIGN)
    _require_assignable(application)
    lawyer = Lawyer.objects.filter(pk=lawyer_id, organisation_id=application.organisation_id, active=True).first()
    if lawyer is None:
        raise Invalid("请从名册里选一位在岗的律师。", code="assistance.lawyer", do_next="名册里没有的，请先登记。")
    before = application.assignments.filter(ended_at__isnull=True).first()
    if before is not None and before.lawyer_id == lawyer.pk:
        raise DomainError("已经是这位律师承办。", code="assistance.lawyer-same", do_next="要换人的，请选另一位。")
    if before is not None:
        before.ended_at = at
        before.save(update_fields=["ended_at"])
    made = Assignment.objects.create(
        organisation_id=application.organisation_id,
        province=application.province,
        application=application,
        lawyer=lawyer,
        account_id=actor.account_id,
        at=at,
    )
    _tell_assigned(made, before, words, (actor, at))
    return made


def _require_assignable(application: AidApplication) -> None:
    if application.kind != AidKind.LEGAL_AID or application.state != AidState.APPROVED:
        raise DomainError(
            "只有已批准、还没办结的法律援助可以指派律师。",
            code="assistance.wrong-state",
            do_next="请刷新页面查看最新状态。",
        )
    report = selectors.report_of(application)
    if report is not None and report.state not in selectors.OPEN_REPORT:
        raise DomainError(
            "结案报告已经提交，不能再改派。", code="assistance.report-submitted", do_next="需要改派的，请先退回报告。"
        )


def _tell_assigned(made: Assignment, before: Assignment | None, words: str, by: tuple[Actor, datetime]) -> None:
    application = made.application
    if before is not None:
        kept = note(application, NoteKind.REASSIGNED, words, by)
        tell(LawyerReplaced, kept, by, lawyer_id=made.lawyer_id, before_id=before.lawyer_id)
    elif words.strip():
        tell(LawyerAssigned, note(application, NoteKind.ASSIGNED, words, by), by, lawyer_id=made.lawyer_id)
    else:
        announce(LawyerAssigned, application, by, lawyer_id=made.lawyer_id)
