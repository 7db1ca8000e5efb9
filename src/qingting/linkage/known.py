"""What the rooms behind us know of a case, gathered for a handoff."""

from datetime import datetime
from typing import Any, Literal

from deskwire.moments import to_wire
from qingting.cases.models import Case
from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.time import local
from qingting.directory.models import Organisation
from qingting.linkage.disclosure import Facts, Risk, Whereabouts, Wish, referral_body
from qingting.linkage.rules import GROUNDS, RETENTION, Ground
from qingting.linkage.states import Basis
from qingting.risk.models import RiskAssessment
from qingting.risk.selectors import latest_for_case, latest_for_contact, whereabouts
from qingting.risk.states import QUESTIONS, WhereaboutsSource
from qingting.seekers.models import PersonalDatum, Seeker
from qingting.seekers.permissions import RECORD
from qingting.seekers.services import record_consent, unmask
from qingting.seekers.states import ConsentBasis, DatumKind, UnmaskReasonCode

Look = Literal["send", "full", "outline"]
REGISTERED = "评估时登记的位置，发送时附上"
TO_POLICE = "流转至110报警服务台处置"
TOLD_HOUSES = frozenset({"age", "gender", "phone", "whereabouts", "risk", "callback"})
"""What another province's 12355 may be told of a person whose life is in danger there."""
CONSENT = {
    Basis.LIFE_AT_STAKE: ConsentBasis.LIFE_AT_STAKE,
    Basis.MANDATORY_REPORT: ConsentBasis.STATUTE,
    Basis.LEGAL_DUTY: ConsentBasis.STATUTE,
    Basis.CONSENT: ConsentBasis.SELF,
    Basis.GUARDIAN_CONSENT: ConsentBasis.GUARDIAN,
}
# How the assessment says it was learnt → the wire's word for it.
_METHODS = {
    WhereaboutsSource.TOLD: "DECLARED",
    WhereaboutsSource.GUARDIAN: "DECLARED",
    WhereaboutsSource.NUMBER: "NUMBER_REGION",
    WhereaboutsSource.NETWORK: "NETWORK",
    WhereaboutsSource.DEVICE: "DEVICE",
}


def latest_assessment(actor: Actor, case: Case) -> RiskAssessment | None:
    """The last risk assessment of the case or of the contact it came from."""
    return latest_for_case(actor, case.pk) or latest_for_contact(actor, case.contact_id)


def phone_of(case: Case) -> PersonalDatum | None:
    """The stored telephone number, sealed; None where there is none."""
    if case.seeker_id is None:
        return None
    return PersonalDatum.objects.filter(seeker_id=case.seeker_id, kind=DatumKind.PHONE, replaced_at=None).first()


def facts_of(actor: Actor, case: Case, *, with_phone: bool, at: datetime, look: Look = "send") -> Facts:
    """All that is known and might be told of a case already read in sight.

    look: `send` opens the number when it goes along; `full` shows its end only; `outline` also leaves out where the person
    is, since every reading of that enters the journal.
    """
    contact = Contact.objects.filter(pk=case.contact_id).first()
    seeker = Seeker.objects.filter(pk=case.seeker_id).first() if case.seeker_id else None
    assessment = latest_assessment(actor, case)
    phone = _phone if look == "send" else _phone_end
    return Facts(
        case_number=case.number,
        age_band=_either(contact, seeker, "age_band"),
        gender=_either(contact, seeker, "gender"),
        phone=phone(actor, case, at) if with_phone else "",
        whereabouts=_whereabouts(actor, assessment, look, at),
        risk=_risk(assessment),
        talk=_talk(contact),
        writing=_is_writing(case, contact),
        callback=_callback(case),
    )


def body_for_house(
    actor: Actor, case: Case, wish: Wish, *, at: datetime, urgency: str, look: Look = "send"
) -> dict[str, Any]:
    """What the 12355 of another province is told of a person in danger there, as the body of a handoff: the facts that its people
    need to find the person, and no more. The case was read in sight."""
    facts = facts_of(actor, case, with_phone=wish.with_phone, at=at, look=look)
    told = ("跨省危机个案", TOLD_HOUSES, GROUNDS["CRISIS"])
    return referral_body(told, facts, wish, (urgency, (local(at) + RETENTION).date()))


def _either(contact: Contact | None, seeker: Seeker | None, name: str) -> str:
    """What was said in this conversation, though the record may still be a draft; else what was known before."""
    said = form_values(contact).get(name, "") if contact else ""
    return str(said or getattr(seeker, name, "") or "")


def _phone(actor: Actor, case: Case, at: datetime) -> str:
    """The number in clear, with its reason written down. A person who may not see it hands off without it: help goes first."""
    datum = phone_of(case)
    if datum is None:
        return ""
    try:
        code = UnmaskReasonCode.HAND_OFF
        return unmask(actor=actor, datum_id=datum.pk, reason_code=code, words="", at=at)
    except DomainError:
        return ""


def _phone_end(actor: Actor, case: Case, at: datetime) -> str:
    datum = phone_of(case)
    return f"*******{datum.tail}" if datum else ""


def _whereabouts(actor: Actor, assessment: RiskAssessment | None, look: Look, at: datetime) -> Whereabouts | None:
    if assessment is None or not assessment.whereabouts_source:
        return None
    text = REGISTERED if look == "outline" else whereabouts(actor, assessment.pk, at=at).strip()
    method = _METHODS.get(WhereaboutsSource(assessment.whereabouts_source), "OTHER")
    return Whereabouts(text, method, assessment.assessed_at) if text else None


def _risk(assessment: RiskAssessment | None) -> Risk | None:
    """What the assessment found; what was not asked or not there is left out."""
    if assessment is None:
        return None
    found = [
        (f"{name.upper()}_{code}", f"{question.label}：{getattr(assessment, f'get_{name}_display')()}")
        for name, question in QUESTIONS.items()
        if (code := getattr(assessment, name)) not in {"", "NONE", "UNKNOWN"}
    ]
    return Risk(assessment.level, assessment.assessed_at, found)


def _talk(contact: Contact | None) -> dict[str, Any] | None:
    """The call that may still be going on, so that 110 knows that somebody is with the person, and which call it joins."""
    if contact is None or contact.call_id is None:
        return None
    return {
        "callId": str(contact.call_id),
        "startedAt": to_wire(contact.started_at),
        "ongoing": contact.ended_at is None,
    }


def _is_writing(case: Case, contact: Contact | None) -> bool:
    """Whether somebody is with the person in writing: nothing that 110 could join by telephone."""
    if contact is None or contact.call_id is not None or case.conversation_id is None:
        return False
    return contact.ended_at is None


def _callback(case: Case) -> str:
    """The station's own telephone."""
    phone = Organisation.objects.filter(pk=case.organisation_id).values_list("phone", flat=True).first()
    digits = (phone or "").replace(" ", "")
    return digits if 3 <= len(digits) <= 20 and digits.replace("-", "").isdigit() else ""


def record_ground(actor: Actor, case: Case, ground: Ground, *, at: datetime, purpose: str = TO_POLICE) -> None:
    """Note on which ground the person's data were passed on, where the person has a record."""
    if case.seeker_id is None or not actor.may(RECORD):
        return
    record_consent(
        actor=actor,
        seeker_id=case.seeker_id,
        basis=CONSENT[ground.basis],
        purpose=purpose[:60],
        words=ground.words,
        at=at,
    )
