"""Every write of cases. A move is a conditional update: of two people who press the same button, one is told it was done."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from qingting.cases import rules, selectors
from qingting.cases.events import (
    CaseClosed,
    CaseNoted,
    CaseOpened,
    CaseReopened,
    CaseSignedOff,
    CaseTaken,
    HoldLifted,
    HoldPlaced,
    NotedEvent,
    PersonReplied,
)
from qingting.cases.models import Case, CaseHold, CaseNote
from qingting.cases.permissions import CLOSE, OPEN, SIGN_OFF
from qingting.cases.states import FORBIDS_CLOSING, MOVES, CaseState, HoldKind
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.clocks import drawn_clock, meet_clock, start_clock
from qingting.core.errors import DomainError, Invalid, NotAllowed, not_found
from qingting.core.events import publish
from qingting.core.grants import limit_access, seen_sql, sight_of
from qingting.core.models import Clock
from qingting.core.rows import columns, instance_of, store_later
from qingting.core.time import local
from qingting.core.transactions import joined, later
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind, Urgency
from qingting.risk.services import link_to_case

_COUNT = """
INSERT INTO cases_casenumber (province, year, last) VALUES (%s, %s, 1)
ON CONFLICT (province, year) DO UPDATE SET last = cases_casenumber.last + 1 RETURNING last
"""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is said of a case when it is opened: category code, urgency, GB/T 2260 division, summary in free words."""

    category: str
    urgency: str
    division: str
    summary: str = ""


@transaction.atomic
def open_case(*, actor: Actor, contact_id: int, new: NewCase, at: datetime) -> Case:
    """Open a case from a contact (建立个案) and start the clock for the reply. Opening twice gives the same case.

    Raises NotFound for a contact out of sight, NotAllowed without `cases.open`, Invalid for an unknown urgency.
    """
    contact = _contact(actor, contact_id)
    actor.require(OPEN, contact.organisation_id)
    found = Case.objects.filter(contact_id=contact.pk).first()
    if found is not None:
        return found
    case = _drawn(contact, new, at)
    case.number = _next_number(case.province, at)
    case.save(force_insert=True)
    publish(_opened(case, actor), actor=actor, at=at)
    _start_reply_clock(case, actor, at)
    link_to_case(contact_id=contact.pk, case_id=case.pk, at=at)
    return case


@transaction.atomic
def take_case(*, actor: Actor, case_id: int, at: datetime) -> Case:
    """Become the owner of a case that was opened while nobody was there to own it. One that has an owner keeps it."""
    case = _locked(actor, case_id)
    actor.require(OPEN, case.organisation_id)
    if case.owner_account_id:
        return case
    case.owner_account_id = actor.account_id
    case.save(update_fields=["owner_account_id"])
    taken = CaseTaken(
        organisation_id=case.organisation_id, province=case.province, case_id=case.pk, owner_account_id=actor.account_id
    )
    publish(taken, actor=actor, at=at)
    return case


def _contact(actor: Actor, contact_id: int) -> Contact:
    """The contact, locked, so that two clicks open one case."""
    contacts = Contact.objects.select_for_update().filter(pk=contact_id)
    if not actor.scope.everything:
        contacts = contacts.filter(organisation_id__in=sorted(actor.scope.organisations))
    found = contacts.first()
    if found is None:
        raise not_found("接触记录", "cases.contact.not-found")
    return found


def drawn_up(*, actor: Actor, contact: Contact, new: NewCase, at: datetime) -> tuple[Case, Clock, CaseOpened]:
    """What `open_case` would store and tell for a contact that has no case, not stored yet and without its number: for a
    statement that writes it together with the contact. Same refusals."""
    actor.require(OPEN, contact.organisation_id)
    case = _drawn(contact, new, at)
    return case, drawn_clock(**_reply_clock(case, actor, at)), _opened(case, actor)


def _drawn(contact: Contact, new: NewCase, at: datetime) -> Case:
    if new.urgency not in Urgency.values:
        raise Invalid("请选择紧急程度。", code="cases.case.urgency-unknown", do_next="特急、紧急或一般。")
    return Case(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        conversation_id=contact.conversation_id,
        seeker_id=contact.seeker_id,
        owner_account_id=contact.first_contact_owner_account_id,
        category=new.category,
        urgency=new.urgency,
        division=new.division or contact.declared_division or contact.province,
        summary=new.summary.strip(),
        opened_at=at,
    )


def _next_number(province: str, at: datetime) -> str:
    year = local(at).year
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [province, year])
        (count,) = cursor.fetchone()
    return number_at(province, count, at=at)


def number_at(province: str, count: int, *, at: datetime) -> str:
    """How the case's number reads that is the count-th of its province in the year of `at`."""
    return rules.case_number(province, local(at).year, count)


def _opened(case: Case, actor: Actor) -> CaseOpened:
    return CaseOpened(
        organisation_id=case.organisation_id,
        province=case.province,
        acting_organisation_id=actor.organisation_id,
        case_id=case.pk,
        contact_id=case.contact_id,
        conversation_id=case.conversation_id or 0,
        number=case.number,
        category=case.category,
        urgency=case.urgency,
        division=case.division,
    )


def _start_reply_clock(case: Case, actor: Actor, at: datetime) -> None:
    start_clock(**_reply_clock(case, actor, at))


def _reply_clock(case: Case, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "actor": replace(actor, organisation_id=case.organisation_id, province=case.province),
        "kind": ClockKind.CASE_REPLY,
        "subject": ("case", case.pk),
        "span": clock_span(case.organisation_id, ClockKind.CASE_REPLY, start=at),
        "at": at,
        "case_id": case.pk,
    }


_LOCKED = f"""SELECT {columns(Case, "c")} FROM cases_case c WHERE c.id = %(case)s AND {seen_sql("c", "case")} FOR UPDATE OF c"""


def _locked(actor: Actor, case_id: int) -> Case:
    """The case with its row locked: holds and moves of one case happen one after another."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, {"case": case_id, **sight_of(actor.scope)})
        values = cursor.fetchone()
    if values is None:
        raise not_found("个案", "cases.case.not-found")
    return instance_of(Case, values)


@joined
def place_hold(*, actor: Actor, case_id: int, kind: str, subject: tuple[str, int], at: datetime) -> CaseHold:
    """Keep a case open because of `subject` (kind, id), which a later room owns. Placing the same hold twice is once.

    Raises DomainError when the case is signed off, or closed and the hold is of a kind that forbids closing.
    """
    case = _locked(actor, case_id)
    known = {"case": case, "kind": kind, "subject_kind": subject[0], "subject_id": subject[1]}
    standing = CaseHold.objects.filter(**known, lifted_at=None).first()
    if standing is not None:
        return standing
    if case.state == CaseState.SIGNED_OFF or (case.state == CaseState.CLOSED and kind in FORBIDS_CLOSING):
        raise DomainError(
            f"个案{CaseState(case.state).label}，不能再增加待办事项。",
            code="cases.case.not-open",
            do_next="请先重新办理这个个案。",
        )
    hold = CaseHold(organisation_id=case.organisation_id, province=case.province, placed_at=at, **known)
    store_later([hold])
    publish(
        HoldPlaced(
            organisation_id=case.organisation_id,
            province=case.province,
            acting_organisation_id=actor.organisation_id,
            case_id=case.pk,
            hold_id=hold.pk,
            kind=kind,
            kind_label=str(HoldKind(kind).label),
        ),
        actor=actor,
        at=at,
    )
    return hold


_LIFT = "UPDATE cases_casehold SET lifted_at = %s WHERE id = %s"


@joined
def lift_hold(*, actor: Actor, case_id: int, kind: str, subject: tuple[str, int], at: datetime) -> bool:
    """What held the case is done. Returns False where no such hold stood (lifting twice is once)."""
    case = _locked(actor, case_id)
    standing = list(CaseHold.objects.filter(case=case, lifted_at=None))
    held = (kind, *subject)
    mine = next((hold for hold in standing if (hold.kind, hold.subject_kind, hold.subject_id) == held), None)
    if mine is None:
        return False
    later(_LIFT, [at, mine.pk])  # the case's row is locked: nobody else lifts it meanwhile
    publish(
        HoldLifted(
            organisation_id=case.organisation_id,
            province=case.province,
            acting_organisation_id=actor.organisation_id,
            case_id=case.pk,
            hold_id=mine.pk,
            kind=kind,
            kind_label=str(HoldKind(kind).label),
            left=len(standing) - 1,
        ),
        actor=actor,
        at=at,
    )
    return True


def _note(case: Case, actor: Actor, act: str, words: str, at: datetime) -> CaseNote:
    if not words.strip():
        raise Invalid("请写几句情况说明。", code="cases.note.words-missing", do_next="写明做了什么、依据是什么。")
    return CaseNote.objects.create(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        act=act,
        text=words.strip(),
        account_id=actor.account_id or None,
        at=at,
    )


def _tell(event: type[NotedEvent], case: Case, actor: Actor, note: CaseNote, at: datetime) -> None:
    told = event(
        organisation_id=case.organisation_id,
        province=case.province,
        acting_organisation_id=actor.organisation_id,
        case_id=case.pk,
        note_id=note.pk,
    )
    publish(told, actor=actor, at=at)


def _require_words_right(actor: Actor, case: Case) -> None:
    if not (actor.may(OPEN, case.organisation_id) or actor.may(CLOSE, case.organisation_id)):
        raise NotAllowed(
            "只有个案所在单位可以补充情况。",
            code="cases.note.not-allowed",
            do_next="办理单位请在工单里记录进展，会一并显示在个案时间线上。",
        )


@transaction.atomic
def add_note(*, actor: Actor, case_id: int, words: str, at: datetime) -> CaseNote:
    """Add a remark to the case (补充情况)."""
    case = selectors.case_of(actor, case_id)
    _require_words_right(actor, case)
    note = _note(case, actor, "note", words, at)
    _tell(CaseNoted, case, actor, note, at)
    return note


@transaction.atomic
def record_reply(*, actor: Actor, case_id: int, words: str, at: datetime) -> CaseNote:
    """Record that the person was told what is being done (48 hours are allowed for it); stops that clock."""
    case = selectors.case_of(actor, case_id)
    _require_words_right(actor, case)
    note = _note(case, actor, "reply", words, at)
    meet_clock(subject=("case", case.pk), kind=ClockKind.CASE_REPLY, at=at)
    _tell(PersonReplied, case, actor, note, at)
    return note


def _move(case: Case, act: str, **fields: object) -> None:
    """Change the state if `act` is allowed from it and nobody was faster."""
    target = MOVES.get((case.state, act))
    if target is None or not Case.objects.filter(pk=case.pk, state=case.state).update(state=target, **fields):
        raise DomainError(
            f"个案现在是“{CaseState(case.state).label}”，不能这样操作。",
            code="cases.case.wrong-state",
            do_next="请刷新页面查看最新状态。",
        )
    case.refresh_from_db()


def _refuse_holds(act: str, kinds: list[str]) -> None:
    if kinds:
        refusal = rules.refusal_for(act, kinds)
        raise DomainError(refusal.message, code="cases.case.has-holds", do_next=refusal.do_next)


@transaction.atomic
def close_case(*, actor: Actor, case_id: int, words: str, at: datetime) -> Case:
    """Close (结案): refused while a hold that forbids it stands; follow-up and rating may still be awaited."""
    case = _locked(actor, case_id)
    actor.require(CLOSE, case.organisation_id)
    _refuse_holds("结案", selectors.forbids_closing(selectors.standing_holds(case)))
    _move(case, "close", closed_at=at)
    note = _note(case, actor, "close", words, at)
    meet_clock(subject=("case", case.pk), at=at)
    _tell(CaseClosed, case, actor, note, at)
    return case


@transaction.atomic
def sign_off(*, actor: Actor, case_id: int, words: str, at: datetime) -> Case:
    """Sign off (销号) a closed case without any hold, with the words of the final verification.

    Others keep reading for CASE_READING_DAYS; then what was opened to them closes by itself.
    """
    case = _locked(actor, case_id)
    actor.require(SIGN_OFF, case.organisation_id)
    _refuse_holds("销号", [hold.kind for hold in selectors.standing_holds(case)])
    _move(case, "sign_off", signed_off_at=at)
    note = _note(case, actor, "sign_off", words, at)
    limit_access(subject=("case", case.pk), ends_at=at + timedelta(days=settings.CASE_READING_DAYS))
    _tell(CaseSignedOff, case, actor, note, at)
    return case


@transaction.atomic
def reopen(*, actor: Actor, case_id: int, words: str, at: datetime) -> Case:
    """Take a closed or signed-off case up again (重新办理), with a reason; a new clock for the reply starts."""
    case = _locked(actor, case_id)
    actor.require(CLOSE, case.organisation_id)
    _move(case, "reopen", closed_at=None, signed_off_at=None)
    note = _note(case, actor, "reopen", words, at)
    _start_reply_clock(case, actor, at)
    _tell(CaseReopened, case, actor, note, at)
    return case


@transaction.atomic
def know_person(*, contact_id: int, seeker_id: int) -> int:
    """The case of a contact is about this person. Told by the contact's own event; returns how many cases there were."""
    return Case.objects.filter(contact_id=contact_id).update(seeker_id=seeker_id)
