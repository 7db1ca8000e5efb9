"""Every write of risk assessments."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction

from qingting.contacts import services as contacts
from qingting.contacts.models import Contact
from qingting.contacts.selectors import contact_of
from qingting.core import drafts
from qingting.core.actors import SYSTEM, Actor
from qingting.core.clocks import meet_clock
from qingting.core.crypto import key_version, keyring, seal, unseal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import ClockKind, Urgency
from qingting.risk import rules
from qingting.risk.events import (
    CrisisStepTaken,
    CrisisStepUndone,
    InterventionRecorded,
    RiskAssessed,
    WhereaboutsResealed,
)
from qingting.risk.models import AssessmentDraft, CaseLink, RiskAssessment, StepTaken
from qingting.risk.permissions import ASSESS
from qingting.risk.selectors import DRAFT_SEALED, SEALED, crisis_clock, crisis_subject, opened
from qingting.risk.states import QUESTIONS, CrisisStep, WhereaboutsSource

WORDS_LONGEST = 2_000
DRAFT_FIELDS = (*QUESTIONS, "level", "reason", "protective_factors", "whereabouts", "whereabouts_source")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided. answers: by question, `UNKNOWN` for one not asked yet; level: CRITICAL, URGENT or ROUTINE;
    reason: in words, required below the proposal or the machine's level; whereabouts: free words, stored sealed;
    machine_level: what screening had raised, empty for nothing."""

    answers: Mapping[str, str]
    level: str
    reason: str = ""
    protective_factors: str = ""
    whereabouts: str = ""
    whereabouts_source: str = ""
    machine_level: str = ""


@transaction.atomic
def assess(*, actor: Actor, contact_id: int, judgement: Judgement, at: datetime) -> RiskAssessment:
    """Record an assessment; it is never changed, a new one is recorded instead. The contact's risk level follows it.

    ROUTINE with a reason also meets the crisis clock: a person judged that there is no crisis. Raises Invalid for a missing
    answer or level, DomainError for a level below the proposal or the machine's danger without a reason.
    """
    contact = contact_to_work_on(actor, contact_id)
    proposal = _checked(judgement)
    assessment = _stored(contact, judgement, proposal, actor=actor, at=at)
    contacts.note_risk_level(actor=actor, contact_id=contact.pk, level=judgement.level, at=at)
    AssessmentDraft.objects.filter(contact_id=contact.pk, account_id=actor.account_id).delete()
    publish(_assessed(assessment), actor=actor, at=at)
    if judgement.level == Urgency.ROUTINE and judgement.reason.strip():
        _meet_crisis_clock(contact, at)
    return assessment


def contact_to_work_on(actor: Actor, contact_id: int) -> Contact:
    """A contact within sight, on which the actor may record a judgement."""
    contact = contact_of(actor, contact_id)
    actor.require(ASSESS, contact.organisation_id)
    return contact


def _checked(judgement: Judgement) -> rules.Proposal:
    unanswered = rules.problems(judgement.answers)
    if unanswered:
        labels = "、".join(QUESTIONS[name].label for name in unanswered)
        raise Invalid(
            f"还有问题没有选择：{labels}。",
            code="risk.assessment.unanswered",
            do_next="还没谈到的，请选“还没问到”，不要猜。",
        )
    if judgement.level not in Urgency.values:
        raise Invalid("请选择您判断的等级。", code="risk.assessment.level", do_next="特急、紧急或一般。")
    if judgement.whereabouts_source not in {"", *WhereaboutsSource.values}:
        raise Invalid("位置来源不在可选范围内。", code="risk.assessment.source", do_next="请重新选择。")
    proposal = rules.propose(judgement.answers)
    _refuse_silent_lowering(judgement, proposal)
    return proposal


def _refuse_silent_lowering(judgement: Judgement, proposal: rules.Proposal) -> None:
    if judgement.reason.strip() or not rules.needs_words(
        judgement.level, proposed=proposal.level, machine=judgement.machine_level
    ):
        return
    against = max(proposal.level, judgement.machine_level, key=rules.severity)
    raise DomainError(
        f"您选择的等级低于提示的“{Urgency(against).label}”，请写明您的判断理由。",
        code="risk.assessment.reason-missing",
        do_next="写一两句为什么您认为没有那么急；理由会随评估一起保存。",
    )


def _stored(
    contact: Contact, judgement: Judgement, proposal: rules.Proposal, *, actor: Actor, at: datetime
) -> RiskAssessment:
    return RiskAssessment.objects.create(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        conversation_id=contact.conversation_id,
        seeker_id=contact.seeker_id,
        case_id=case_of_contact(contact),
        **{name: judgement.answers[name] for name in QUESTIONS},
        **_sealed_whereabouts(judgement),
        protective_factors=judgement.protective_factors.strip()[:WORDS_LONGEST],
        proposed_level=proposal.level,
        proposed_item=proposal.item,
        rule_version=rules.table().version,
        machine_level=judgement.machine_level,
        level=judgement.level,
        reason=judgement.reason.strip()[:WORDS_LONGEST],
        assessed_by_account_id=actor.account_id,
        assessed_at=at,
    )


def _sealed_whereabouts(judgement: Judgement) -> dict[str, Any]:
    words = judgement.whereabouts.strip()[:WORDS_LONGEST]
    if not words:
        return {}
    envelope = seal(words, field=SEALED)
    return {
        "whereabouts_sealed": envelope,
        "whereabouts_key_version": key_version(envelope),
        "whereabouts_source": judgement.whereabouts_source or WhereaboutsSource.TOLD,
    }


def case_of_contact(contact: Contact) -> int | None:
    """The case that was opened from a contact."""
    return CaseLink.objects.filter(contact_id=contact.pk).values_list("case_id", flat=True).first()


def _assessed(assessment: RiskAssessment) -> RiskAssessed:
    return RiskAssessed(
        organisation_id=assessment.organisation_id,
        province=assessment.province,
        assessment_id=assessment.pk,
        contact_id=assessment.contact_id,
        conversation_id=assessment.conversation_id or 0,
        case_id=assessment.case_id or 0,
        level=assessment.level,
        level_label=str(Urgency(assessment.level).label),
        proposed_level=assessment.proposed_level,
    )


def _meet_crisis_clock(contact: Contact, at: datetime) -> int:
    subject = crisis_subject(contact)
    if subject is None:
        return 0
    return meet_clock(subject=subject, at=at, kind=ClockKind.CRISIS_INTERVENTION)


@transaction.atomic
def record_intervention(*, actor: Actor, contact_id: int, at: datetime) -> bool:
    """A person has begun to intervene: the crisis clock is met. Whether this was news; a second press changes nothing."""
    contact = contact_to_work_on(actor, contact_id)
    met = _meet_crisis_clock(contact, at)
    if crisis_clock(contact) is not None and not met:
        return False
    begun = InterventionRecorded(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        conversation_id=contact.conversation_id or 0,
        case_id=case_of_contact(contact) or 0,
    )
    publish(begun, actor=actor, at=at)
    return True


@transaction.atomic
def take_step(*, actor: Actor, contact_id: int, step: str, words: str, at: datetime) -> bool:
    """One of the five steps of the crisis has been taken. Whether this was news: a second press changes nothing."""
    contact = contact_to_work_on(actor, contact_id)
    if step not in CrisisStep.values:
        raise Invalid("没有这个步骤。", code="risk.step.unknown", do_next="请从五个步骤里选择。")
    _, fresh = StepTaken.objects.get_or_create(
        contact_id=contact.pk,
        step=step,
        undone_at=None,
        defaults={
            "organisation_id": contact.organisation_id,
            "province": contact.province,
            "words": words.strip()[:200],
            "taken_by_account_id": actor.account_id,
            "taken_at": at,
        },
    )
    if fresh:
        publish(CrisisStepTaken(**_step_facts(contact, step)), actor=actor, at=at)
    return fresh


@transaction.atomic
def undo_step(*, actor: Actor, contact_id: int, step: str, at: datetime) -> bool:
    """It was pressed by mistake. It stays on the record, with who took it back and when."""
    contact = contact_to_work_on(actor, contact_id)
    standing = StepTaken.objects.filter(contact_id=contact.pk, step=step, undone_at=None)
    if not standing.update(undone_by_account_id=actor.account_id, undone_at=at):
        return False
    publish(CrisisStepUndone(**_step_facts(contact, step)), actor=actor, at=at)
    return True


class CrisisFacts(TypedDict):
    """The fields that the events of a crisis share."""

    organisation_id: int
    province: str
    contact_id: int
    conversation_id: int
    case_id: int


def crisis_facts(contact: Contact) -> CrisisFacts:
    """What every event about a contact's crisis says."""
    return {
        "organisation_id": contact.organisation_id,
        "province": contact.province,
        "contact_id": contact.pk,
        "conversation_id": contact.conversation_id or 0,
        "case_id": case_of_contact(contact) or 0,
    }


class StepFacts(CrisisFacts):
    """The fields that both events of a step share."""

    step: str
    step_label: str


def _step_facts(contact: Contact, step: str) -> StepFacts:
    return {**crisis_facts(contact), "step": step, "step_label": str(CrisisStep(step).label)}


@transaction.atomic
def link_to_case(*, contact_id: int, case_id: int, at: datetime) -> int:
    """A case was opened from the contact: its assessments so far, and those to come, belong to it. Returns how many there
    were. Called by `cases` inside its own transaction and told by its own event, hence no actor and no event here."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is not None:
        CaseLink.objects.get_or_create(
            province=contact.province,
            contact_id=contact_id,
            defaults={"organisation_id": contact.organisation_id, "case_id": case_id, "linked_at": at},
        )
    return RiskAssessment.objects.filter(contact_id=contact_id, case_id=None).update(case_id=case_id)


@transaction.atomic
def save_draft(
    *, actor: Actor, contact_id: int, data: Mapping[str, Any], version: int, at: datetime, tab: str = ""
) -> AssessmentDraft:
    """Keep what has been typed into the form, sealed, for this person to go on with (see `core.drafts`)."""
    contact = contact_to_work_on(actor, contact_id)
    typed = {name: str(data[name])[:WORDS_LONGEST] for name in DRAFT_FIELDS if name in data}
    row = AssessmentDraft.objects.select_for_update().filter(
        contact_id=contact.pk, account_id=actor.account_id
    ).first() or AssessmentDraft(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        account_id=actor.account_id,
    )
    before = opened(row) if row.sealed else {}
    row.version += 1
    text = json.dumps(
        drafts.merged(before, drafts.Typed(typed, version, tab), version=row.version, origin={}),
        ensure_ascii=False,
    )
    row.sealed = seal(text, field=DRAFT_SEALED)
    row.key_version, row.saved_at = key_version(row.sealed), at
    row.save()
    return row


@transaction.atomic
def rotate_whereabouts(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` whereabouts of older keys with the current one. Returns how many; 0 when done."""
    current = keyring().current
    with acting(EVERYTHING):
        stale = RiskAssessment.objects.filter(whereabouts_key_version__lt=current).order_by("pk")
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.whereabouts_sealed = sealed_anew(row.whereabouts_sealed or b"", SEALED)
            row.whereabouts_key_version = current
        RiskAssessment.objects.bulk_update(rows, ["whereabouts_sealed", "whereabouts_key_version"])
        tell_of_resealing(len(rows), current, at)
    return len(rows)


@transaction.atomic
def rotate_drafts(*, batch: int = 500, at: datetime) -> int:
    """The same for drafts of the form."""
    current = keyring().current
    with acting(EVERYTHING):
        stale = AssessmentDraft.objects.filter(key_version__lt=current).order_by("pk")
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.sealed, row.key_version = sealed_anew(row.sealed, DRAFT_SEALED), current
        AssessmentDraft.objects.bulk_update(rows, ["sealed", "key_version"])
        tell_of_resealing(len(rows), current, at)
    return len(rows)


def sealed_anew(sealed: bytes | memoryview, place: str) -> bytes:
    """The same words under the current key."""
    return seal(unseal(bytes(sealed), field=place), field=place)


def tell_of_resealing(values: int, version: int, at: datetime) -> None:
    """A batch was sealed anew."""
    if values:
        told = WhereaboutsResealed(organisation_id=0, province="", values=values, key_version=version)
        publish(told, actor=SYSTEM, at=at)
