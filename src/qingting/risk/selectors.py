"""Reading assessments. The level and answers are for all who see the case; where the person is, only one at a time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from qingting.chat.models import Conversation, Participant
from qingting.contacts.models import Contact
from qingting.contacts.selectors import contact_of
from qingting.core import drafts
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.core.events import publish
from qingting.core.grants import opened_to
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import ClockKind
from qingting.risk import rules
from qingting.risk.events import PlanRead, WhereaboutsRead
from qingting.risk.models import AssessmentDraft, CrisisTask, CssrsScreen, RiskAssessment, SafetyPlan, StepTaken
from qingting.telephony.events import DangerNoted
from qingting.telephony.models import Call

SEALED = "risk_riskassessment.whereabouts_sealed"
PLAN_SEALED = "risk_safetyplan.sealed"
PLAN_TOKEN = "risk_safetyplan.token_sealed"  # noqa: S105  (the name of a column)
DRAFT_SEALED = "risk_assessmentdraft.sealed"


def visible_to(actor: Actor) -> QuerySet[RiskAssessment]:
    """Assessments of the actor's organisations and of cases opened to them."""
    if actor.scope.everything:
        return RiskAssessment.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return RiskAssessment.objects.filter(own | Q(case_id__in=opened_to(actor.scope.organisations, "case")))


def _newest_first(assessments: QuerySet[RiskAssessment]) -> QuerySet[RiskAssessment]:
    return assessments.defer("whereabouts_sealed").order_by("-assessed_at", "-pk")


def assessments_of_contact(actor: Actor, contact_id: int) -> list[RiskAssessment]:
    """All assessments of a contact, the newest first."""
    return list(_newest_first(visible_to(actor).filter(contact_id=contact_id)))


def assessments_of_case(actor: Actor, case_id: int) -> list[RiskAssessment]:
    """All assessments that belong to a case, the newest first."""
    return list(_newest_first(visible_to(actor).filter(case_id=case_id)))


def latest_for_contact(actor: Actor, contact_id: int) -> RiskAssessment | None:
    """The assessment that stands for a contact, or None."""
    return _newest_first(visible_to(actor).filter(contact_id=contact_id)).first()


def latest_for_case(actor: Actor, case_id: int) -> RiskAssessment | None:
    """The assessment that stands for a case, or None."""
    return _newest_first(visible_to(actor).filter(case_id=case_id)).first()


def assessment_of(actor: Actor, assessment_id: int) -> RiskAssessment:
    """One assessment; NotFound where there is none within the actor's sight."""
    found = visible_to(actor).filter(pk=assessment_id).first()
    if found is None:
        raise not_found("风险评估", "risk.assessment.not-found")
    return found


@transaction.atomic
def whereabouts(actor: Actor, assessment_id: int, *, at: datetime) -> str:
    """Where the person was said to be; empty when nobody knew. Reading it is told to the journal."""
    assessment = assessment_of(actor, assessment_id)
    if assessment.whereabouts_sealed is None:
        return ""
    read = WhereaboutsRead(
        organisation_id=assessment.organisation_id,
        province=assessment.province,
        assessment_id=assessment.pk,
        contact_id=assessment.contact_id,
        conversation_id=assessment.conversation_id or 0,
        case_id=assessment.case_id or 0,
    )
    publish(read, actor=actor, at=at)
    return unseal(bytes(assessment.whereabouts_sealed), field=SEALED)


def machine_danger(actor: Actor, contact_id: int) -> tuple[str, datetime | None]:
    """The level that was raised in the contact's conversation by screening, or in its call by a mark or a key, and since when;
    ("", None) without any."""
    contact = contact_of(actor, contact_id)
    if contact.call_id:
        return _danger_in_call(contact.call_id)
    chats = Conversation.objects.filter(pk=contact.conversation_id or 0)
    return chats.values_list("danger_level", "danger_since").first() or ("", None)


def _danger_in_call(call_id: int) -> tuple[str, datetime | None]:
    call = Call.objects.filter(pk=call_id).only("danger_level", "started_at").first()
    if call is None or not call.danger_level:
        return "", None
    noted = Entry.objects.filter(subject_kind="call", subject_id=call_id, name=DangerNoted.name).order_by("at").first()
    return call.danger_level, noted.at if noted else call.started_at


def crisis_subject(contact: Contact) -> tuple[str, int] | None:
    """What the crisis clock of a contact runs on: its conversation or its call."""
    if contact.conversation_id is not None:
        return "conversation", contact.conversation_id
    return ("call", contact.call_id) if contact.call_id is not None else None


def crisis_clock(contact: Contact) -> Clock | None:
    """The clock to the intervention in the contact's conversation or call: the open one, else the last."""
    subject = crisis_subject(contact)
    if subject is None:
        return None
    clocks = Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    return clocks.filter(kind=ClockKind.CRISIS_INTERVENTION).order_by("-started_at").first()


def draft_of(actor: Actor, contact_id: int) -> tuple[dict[str, Any], int, datetime | None]:
    """What this person has typed into the form so far, the draft's version, and when it was saved."""
    row = AssessmentDraft.objects.filter(contact_id=contact_id, account_id=actor.account_id).first()
    if row is None:
        return {}, 0, None
    return drafts.values(opened(row)), row.version, row.saved_at


def opened(row: AssessmentDraft) -> dict[str, Any]:
    """The draft itself (see `core.drafts`)."""
    return rules.read_draft(unseal(bytes(row.sealed), field=DRAFT_SEALED))


def steps_of(contact_id: int) -> dict[str, StepTaken]:
    """The steps of the crisis that stand, by their code."""
    return {row.step: row for row in StepTaken.objects.filter(contact_id=contact_id, undone_at=None)}


def people_in(contact: Contact) -> list[Participant]:
    """Who of the staff is or was in the talk, and how."""
    return list(Participant.objects.filter(conversation_id=contact.conversation_id or 0).order_by("joined_at"))


def tasks_of(contact_id: int) -> list[CrisisTask]:
    """Who was given what, open ones first, each in order."""
    rows = CrisisTask.objects.filter(contact_id=contact_id).order_by("assigned_at")
    return sorted(rows, key=lambda row: bool(row.done_at or row.cancelled_at))


def screens_of(contact_id: int) -> list[CssrsScreen]:
    """The C-SSRS screeners of a contact, the newest first."""
    return list(CssrsScreen.objects.filter(contact_id=contact_id).order_by("-asked_at"))


def plan_of(contact_id: int) -> SafetyPlan | None:
    """The safety plan that stands, with its words still sealed."""
    return SafetyPlan.objects.filter(contact_id=contact_id).order_by("-number").first()


@transaction.atomic
def plan_words(actor: Actor, contact_id: int, *, at: datetime) -> tuple[SafetyPlan | None, dict[str, str]]:
    """The plan that stands and what it says. Reading it is told to the journal."""
    contact, plan = contact_of(actor, contact_id), plan_of(contact_id)
    if plan is None:
        return None, {}
    read = PlanRead(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        conversation_id=contact.conversation_id or 0,
        plan_id=plan.pk,
    )
    publish(read, actor=actor, at=at)
    return plan, _steps(plan)


def _steps(plan: SafetyPlan) -> dict[str, str]:
    return rules.read_draft(unseal(bytes(plan.sealed), field=PLAN_SEALED))


def plan_token(plan: SafetyPlan) -> str:
    """The secret of the private page, for showing its link again; '' while it is not shared."""
    return unseal(bytes(plan.token_sealed), field=PLAN_TOKEN) if plan.token_sealed else ""


def plan_behind(token: str, *, at: datetime) -> dict[str, str] | None:
    """What a private page shows to whoever holds its link; None where there is none, or it ran out."""
    with acting(EVERYTHING):
        plan = SafetyPlan.objects.filter(digest=rules.digest(token), expires_at__gt=at).first()
        return _steps(plan) if plan else None
