"""Reading complaints: never by whoever they are about. And who deals with one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Count, Q, QuerySet, Value

from qingting.cases.models import Case
from qingting.complaints import rules
from qingting.complaints.models import Complaint, ComplaintNote
from qingting.complaints.permissions import HANDLE
from qingting.complaints.states import COMPLAINANT, MOVES, OPEN, REVIEW_DAYS, ComplaintState, Move
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.followups.selectors import involved_accounts
from qingting.staff.selectors import display_names, holders

PAGE = 20
WORDS, CONTACT = "complaints_complaintnote.words", "complaints_complaint.contact"


def visible_to(actor: Actor) -> QuerySet[Complaint]:
    """Those that the actor's organisations deal with, without those that the actor is concerned in."""
    mine = Complaint.objects.filter(organisation_id__in=sorted(actor.scope.organisations))
    # Said to be a bigint: a bare number would be sent as 32 bits, and find nobody.
    me = Value(actor.account_id, output_field=BigIntegerField())
    return mine.exclude(concerned_account_ids__contains=[me])


def complaint_of(actor: Actor, complaint_id: int) -> Complaint:
    """One of them; NotFound otherwise, also for whoever it is about."""
    found = visible_to(actor).filter(pk=complaint_id).first()
    if found is None:
        raise not_found("投诉", "complaints.complaint.not-found")
    return found


def complaint_behind(token: str) -> Complaint:
    """The complaint of a receipt. Anybody who holds it may ask."""
    with acting(EVERYTHING):
        found = Complaint.objects.filter(digest=rules.digest(token)).first()
    if found is None:
        raise not_found("投诉回执", "complaints.receipt.unknown")
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words: which, by whom (empty: whoever complained), what was said, when; told: whether they see it."""

    label: str
    person: str
    words: str
    at: datetime
    told: bool


def lines_of(complaint: Complaint, *, told_only: bool = False) -> list[Line]:
    """Its steps, oldest first. The complaint must have been read in sight, or by its receipt."""
    with acting(EVERYTHING):
        notes = list(ComplaintNote.objects.filter(complaint=complaint).order_by("at", "pk"))
    names = display_names({note.account_id or 0 for note in notes})
    labels = {"receive": "提出投诉", **{act: move.label for act, move in MOVES.items()}}
    return [
        Line(
            labels.get(note.act, note.act),
            names.get(note.account_id or 0, ""),
            unseal(bytes(note.words_sealed), field=WORDS),
            note.at,
            note.told,
        )
        for note in notes
        if note.told or not told_only
    ]


def contact_of(complaint: Complaint) -> str:
    """How whoever complained wants to be told; empty where nameless."""
    envelope = bytes(complaint.contact_sealed)
    return unseal(envelope, field=CONTACT) if envelope else ""


def complaint_ids(actor: Actor, state: str, most: int) -> list[int]:
    """Ids of at most `most` in a state (empty: all), the longest waiting first."""
    return list(_listed(actor, state).values_list("pk", flat=True)[:most])


def _listed(actor: Actor, state: str) -> QuerySet[Complaint]:
    found = visible_to(actor)
    if state in ComplaintState.values:
        found = found.filter(state=state)
    return found.order_by("received_at" if state in OPEN else "-received_at", "pk")


def complaints(actor: Actor, state: str, page: int = 1) -> tuple[list[Complaint], bool]:
    """One page of them; and whether there are more."""
    rows = list(_listed(actor, state)[(page - 1) * PAGE : page * PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def counts(actor: Actor) -> dict[str, int]:
    """How many in each state."""
    return dict(visible_to(actor).values_list("state").annotate(count=Count("pk")))


def deadline(complaint: Complaint) -> Clock | None:
    """The clock that runs."""
    with acting(EVERYTHING):
        running = Clock.objects.filter(
            subject_kind="complaint", subject_id=complaint.pk, met_at=None, cancelled_at=None
        )
        return running.order_by("due_at").first()


def due_times(ids: list[int]) -> dict[int, datetime]:
    """Deadlines by complaint."""
    with acting(EVERYTHING):
        running = Clock.objects.filter(subject_kind="complaint", subject_id__in=ids, met_at=None, cancelled_at=None)
        return dict(running.values_list("subject_id", "due_at"))


def acts_open_to(actor: Actor, complaint: Complaint) -> list[Move]:
    """What this person may do now. In hand, only whoever took it on answers."""
    if not actor.may(HANDLE) or complaint.organisation_id != actor.organisation_id:
        return []
    return [move for move in MOVES.values() if move.by != COMPLAINANT and complaint.state in move.sources]


def review_is_open(complaint: Complaint, *, at: datetime) -> bool:
    """Whether a review may still be asked for, and somebody stands above to make it."""
    recent = complaint.answered_at is not None and complaint.answered_at + timedelta(days=REVIEW_DAYS) > at
    return complaint.state == ComplaintState.ANSWERED and recent and next_house(complaint, at=at) is not None


def concerned_in(case_id: int | None, account_id: int | None) -> set[int]:
    """Who had a part in what a complaint is about: the person named, and whoever worked on the case."""
    found = {account_id} - {None}
    if case_id is not None:
        with acting(EVERYTHING):
            case = Case.objects.filter(pk=case_id).first()
        found |= involved_accounts(case) if case else set()
    return {one for one in found if one}


def next_house(complaint: Complaint, *, at: datetime) -> int | None:
    """The next organisation above the one that deals with it where somebody not concerned may; None at the top."""
    upwards = directory.ancestors(complaint.organisation_id)[1:]
    return _house_among(upwards, set(complaint.concerned_account_ids), at=at)


def first_house(about_organisation_id: int, *, whole_house: bool, concerned: set[int], at: datetime) -> int:
    """Who deals with a new one: the organisation itself, or where all of it is concerned the next above."""
    upwards = directory.ancestors(about_organisation_id)
    found = _house_among(upwards[1:] if whole_house else upwards, concerned, at=at)
    return found if found is not None else upwards[-1]


def _house_among(upwards: list[int], concerned: set[int], *, at: datetime) -> int | None:
    able = {house: set(holders(house, HANDLE, at=at).values_list("pk", flat=True)) for house in upwards}
    return rules.house_for(upwards, able, concerned)


def handlers(complaint: Complaint, *, at: datetime) -> list[int]:
    """Who may deal with it: holders of the permission there who are not concerned."""
    able = holders(complaint.organisation_id, HANDLE, at=at).values_list("pk", flat=True)
    return [pk for pk in able if pk not in complaint.concerned_account_ids]


def stations() -> list[Organisation]:
    """Whom a stranger may complain about."""
    return list(Organisation.objects.filter(kind=OrganisationKind.STATION, active=True).order_by("division_id", "name"))


def open_count(actor: Actor) -> int:
    """How many wait for this organisation."""
    waiting = Q(state__in=OPEN, organisation_id=actor.organisation_id)
    return visible_to(actor).filter(waiting).count() if actor.may(HANDLE) else 0
