"""Reading conferences. A guest sees the conference through its grant, never the case behind it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Case as DbCase
from django.db.models import IntegerField, Q, QuerySet, Value, When

from qingting.cases.models import Case
from qingting.conferences.kinds import ConferenceKind, kinds
from qingting.conferences.models import CaseConference, ConferenceDecision, ConferenceNote, ConferenceSeat
from qingting.conferences.states import ConferenceState, Invited, NoteKind
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import Invalid, not_found
from qingting.core.grants import opened_to
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.rules import division_line
from qingting.directory.states import OrganisationKind
from qingting.linkage.models import Desk
from qingting.linkage.states import Manner
from qingting.staff.models import Post

WORDS = "conferences_conferencenote.words_sealed"
GUEST_KINDS = frozenset(OrganisationKind) - {OrganisationKind.NATION, OrganisationKind.REGIONAL_CENTRE}
_RUNNING_FIRST = DbCase(
    When(state=ConferenceState.CALLED, then=Value(0)),
    When(state=ConferenceState.HELD, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def in_sight(actor: Actor) -> QuerySet[CaseConference]:
    """Conferences that the actor's organisations called, and those they are invited to while that lasts."""
    found = CaseConference.objects.all()
    if actor.scope.everything:
        return found
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return found.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "conference")))


def conference_of(actor: Actor, conference_id: int) -> CaseConference:
    """One conference; NotFound where there is none within the actor's sight."""
    found = in_sight(actor).filter(pk=conference_id).first()
    if found is None:
        raise not_found("会商", "conferences.conference.not-found")
    return found


def decision_of(actor: Actor, decision_id: int) -> ConferenceDecision:
    """One decision of a conference in sight."""
    found = ConferenceDecision.objects.filter(pk=decision_id, conference__in=in_sight(actor)).first()
    if found is None:
        raise not_found("会商决定", "conferences.decision.not-found")
    return found


def conferences_page(actor: Actor, number: str, size: int) -> Page[CaseConference]:
    """What is to come first, the soonest leading; then what runs, then what is over."""
    return Paginator(in_sight(actor).order_by(_RUNNING_FIRST, "starts_at", "-pk"), size).get_page(number)


def conferences_of(actor: Actor, case_id: int) -> list[CaseConference]:
    """The conferences over a case that the actor may see, the newest first."""
    return list(in_sight(actor).filter(case_id=case_id).order_by("-called_at", "-pk"))


def told_of(actor: Actor, seeker_id: int) -> list[CaseConference]:
    """The conferences in which something was told about a person, the newest first."""
    cases = list(Case.objects.filter(seeker_id=seeker_id).values_list("pk", flat=True))
    return list(in_sight(actor).filter(case_id__in=cases).order_by("-called_at", "-pk"))


def seats_of(conference: CaseConference) -> list[ConferenceSeat]:
    """Who is at the table, in the order of being invited. The conference must have been read in sight."""
    return list(ConferenceSeat.objects.filter(conference=conference).order_by("invited_at", "pk"))


def seat_of(conference: CaseConference, organisation_ids: frozenset[int]) -> ConferenceSeat | None:
    """The seat of one of these organisations."""
    return ConferenceSeat.objects.filter(conference=conference, guest_organisation_id__in=organisation_ids).first()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its words, and the number and state of the work it became."""

    row: ConferenceDecision
    words: str
    waived: str
    work: str


def decisions_of(conference: CaseConference) -> list[Decided]:
    """Decisions in their order. The conference must have been read in sight; what became of them concerns all its guests."""
    with acting(EVERYTHING):
        rows = list(
            ConferenceDecision.objects.select_related("order", "handoff")
            .filter(conference=conference)
            .order_by("number")
        )
    notes = notes_of(conference)
    return [
        Decided(row, _about(notes, row.pk, NoteKind.DECIDED), _about(notes, row.pk, NoteKind.WAIVED), _work(row))
        for row in rows
    ]


def _work(row: ConferenceDecision) -> str:
    if row.order is not None:
        return f"{row.order.number} · {row.order.get_state_display()}"
    return f"{row.handoff.item_text} · {row.handoff.get_state_display()}" if row.handoff else ""


@dataclass(frozen=True, slots=True)
class Words:
    """One note, opened."""

    kind: str
    label: str
    text: str
    decision_id: int | None
    seat_id: int | None
    at: datetime


def notes_of(conference: CaseConference) -> list[Words]:
    """The notes of a conference, oldest first. It must have been read in sight."""
    return [_opened(note) for note in ConferenceNote.objects.filter(conference=conference).order_by("at", "pk")]


def _opened(note: ConferenceNote) -> Words:
    text = unseal(bytes(note.words_sealed), field=WORDS)
    return Words(note.kind, str(note.get_kind_display()), text, note.decision_id, note.seat_id, note.at)


def _about(notes: list[Words], decision_id: int, kind: str) -> str:
    return next((note.text for note in reversed(notes) if (note.decision_id, note.kind) == (decision_id, kind)), "")


def told_lines(notes: list[Words]) -> list[tuple[str, str]]:
    """What the guests are told, as lines, out of the opened notes."""
    told = next((note.text for note in notes if note.kind == NoteKind.TOLD), "[]")
    return [(str(label), str(text)) for label, text in json.loads(told)]


def words_behind(note_ids: list[int]) -> dict[int, str]:
    """The words of notes for a case's timeline; what was told stands on the conference's own page."""
    notes = ConferenceNote.objects.filter(pk__in=note_ids).exclude(kind=NoteKind.TOLD)
    return {note.pk: _opened(note).text for note in notes}


def kind_of(code: str) -> ConferenceKind:
    """One kind of conference; Invalid for an unknown one."""
    found = kinds().get(code)
    if found is None:
        raise Invalid("请选择会商的种类。", code="conferences.kind.unknown", do_next="种类决定依据和能告知的内容。")
    return found


def guests_near(case: Case) -> tuple[list[Organisation], list[Organisation]]:
    """Whom one would usually invite: partners, and our own organisations, of the case's place and of all above it."""
    line = {case.province, *division_line(case.division)}
    found = guests_of(case.province, case.organisation_id).filter(division_id__in=line)
    near = list(found.order_by("division_id", "name"))
    partners = [row for row in near if row.kind == OrganisationKind.PARTNER]
    return partners, [row for row in near if row.kind != OrganisationKind.PARTNER]


def guests_of(province: str, host_id: int) -> QuerySet[Organisation]:
    """Every organisation of a province that may be invited by the host."""
    found = Organisation.objects.filter(province=province, active=True, kind__in=sorted(GUEST_KINDS))
    return found.exclude(pk=host_id)


def how_to_invite(organisation_id: int, *, at: datetime) -> Invited:
    """By letter where its desk is one of letters or nobody of it can sign in; else on its page, with the bell."""
    with acting(EVERYTHING):
        by_letter = Desk.objects.filter(partner_id=organisation_id, manner=Manner.LETTER).exists()
    serving = Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    someone = Post.objects.filter(serving, organisation_id=organisation_id, valid_from__lte=at).exists()
    return Invited.LETTER if by_letter or not someone else Invited.PAGE


def names_of(organisation_ids: set[int]) -> dict[int, str]:
    """Short names of organisations by id."""
    return dict(Organisation.objects.filter(pk__in=organisation_ids).values_list("pk", "short_name"))


READING = timedelta(days=30)
"""How long after the meeting, or after the last decision's day, a conference that nobody closes stays open to its guests."""


def open_until(conference: CaseConference) -> datetime:
    """When what was opened to the guests ends by itself."""
    latest = ConferenceDecision.objects.filter(conference=conference).order_by("-due_at").first()
    return max(conference.starts_at, latest.due_at if latest else conference.starts_at) + READING
