"""Reading cases. Row-level security is the wall; every read names its organisations as well, so that indexes are used."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingting.cases.models import Case, CaseHold, CaseNote
from qingting.cases.states import FORBIDS_CLOSING, CaseState, HoldKind
from qingting.cases.telling import CLOCK_EVENTS, Told, tell
from qingting.chat.models import Conversation
from qingting.contacts.models import Contact
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.events import told_on_timelines
from qingting.core.grants import opened_row, opened_to
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import human_duration
from qingting.directory.models import CaseCategory, Division, Organisation
from qingting.directory.rules import division_line
from qingting.directory.states import ClockKind
from qingting.risk.models import RiskAssessment
from qingting.seekers.models import Seeker
from qingting.staff.models import Account
from qingting.telephony.models import Call

PAGE = 20


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's own organisations and those opened to them."""
    if actor.scope.everything:
        return Case.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return Case.objects.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "case")))


def few_visible_to(actor: Actor) -> QuerySet[Case]:
    """The same for few cases asked for by id: each is looked at alone."""
    if actor.scope.everything:
        return Case.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return Case.objects.filter(own | Q(opened_row(actor.scope.organisations, "case")))


def case_of(actor: Actor, case_id: int) -> Case:
    """One case; NotFound where there is none within the actor's sight."""
    found = few_visible_to(actor).filter(pk=case_id).first()
    if found is None:
        raise not_found("个案", "cases.case.not-found")
    return found


def case_from_contact(actor: Actor, contact_id: int) -> Case | None:
    """The case opened from a contact, if there is one."""
    return visible_to(actor).filter(contact_id=contact_id).first()


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list asks for; an empty value does not narrow it. `whose`: `mine`, `own` (the organisation's), or all."""

    state: str = ""
    urgency: str = ""
    whose: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list. `total` counts all pages."""

    cases: list[Case]
    total: int
    number: int
    pages: int


def _narrowed(actor: Actor, asked: CaseFilter) -> QuerySet[Case]:
    cases = visible_to(actor)
    if asked.state in CaseState.values:
        cases = cases.filter(state=asked.state)
    if asked.urgency:
        cases = cases.filter(urgency=asked.urgency)
    if asked.whose == "mine":
        cases = cases.filter(owner_account_id=actor.account_id)
    if asked.whose == "own":
        cases = cases.filter(organisation_id=actor.organisation_id)
    if asked.words.strip():
        cases = cases.filter(number__iendswith=asked.words.strip())
    return cases


def cases_list(actor: Actor, asked: CaseFilter, page: int = 1) -> CasePage:
    """Cases in sight, those with a deadline gone first, then the newest. `page` counts from 1."""
    late = Clock.objects.filter(case_id=OuterRef("pk"), breached_at__isnull=False, met_at=None, cancelled_at=None)
    cases = _narrowed(actor, asked).annotate(late=Exists(late)).order_by("-late", "-opened_at", "-pk")
    total = cases.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    return CasePage(list(cases[(number - 1) * PAGE : number * PAGE]), total, number, pages)


def holds_of(actor: Actor, case_id: int) -> list[CaseHold]:
    """The holds that stand on a case, oldest first."""
    case = case_of(actor, case_id)
    return standing_holds(case)


def standing_holds(case: Case) -> list[CaseHold]:
    """The same for a case already read."""
    return [*CaseHold.objects.filter(case=case, lifted_at=None).order_by("placed_at", "pk"), *_open_talks(case)]


def _open_talks(case: Case) -> list[CaseHold]:
    """Chats and calls of the case or its person that go on now, as holds. They are not stored: the talk itself says whether
    it has ended. Looked for wherever they are, and only that they are is told."""
    about = Q(pk=case.contact_id) | (Q(seeker_id=case.seeker_id) if case.seeker_id else Q(pk=None))
    with acting(EVERYTHING):
        pairs = list(Contact.objects.filter(about).values_list("conversation_id", "call_id"))
        chats = Conversation.objects.filter(pk__in={chat for chat, _ in pairs if chat})
        calls = Call.objects.filter(pk__in={call for _, call in pairs if call})
        going_on = [
            *(("conversation", *row) for row in chats.exclude(state="ENDED").values_list("pk", "started_at")),
            *(("call", *row) for row in calls.exclude(state="ENDED").values_list("pk", "started_at")),
        ]
    common = {
        "case": case,
        "organisation_id": case.organisation_id,
        "province": case.province,
        "kind": HoldKind.TALK_OPEN,
    }
    return [CaseHold(**common, subject_kind=kind, subject_id=pk, placed_at=since) for kind, pk, since in going_on]


def forbids_closing(holds: Iterable[CaseHold]) -> list[str]:
    """The kinds among these holds that forbid closing."""
    return [hold.kind for hold in holds if HoldKind(hold.kind) in FORBIDS_CLOSING]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock as a page shows it. state: `running`, `near`, `late`, `paused`; words: what is left, or how late."""

    kind: str
    label: str
    due_at: datetime
    state: str
    words: str
    alike: int = 1  # how many of its kind run; this is the most pressing of them


def deadlines_of(case: Case, *, at: datetime) -> list[Deadline]:
    """Open clocks of a case and all that hangs on it, the most pressing first, those of a kind as one. The case must have been
    read in sight.

    A clock belongs to whoever has to act, which may be another organisation; its deadline concerns all who see the case.
    """
    with acting(EVERYTHING):
        clocks = list(Clock.objects.filter(case_id=case.pk, met_at=None, cancelled_at=None).order_by("due_at"))
    return _one_of_a_kind([deadline(clock, at=at) for clock in clocks])


def _one_of_a_kind(found: list[Deadline]) -> list[Deadline]:
    """Five desks that have not answered are one line, not five of the same words; what is paused stays by itself."""
    running = Counter(each.kind for each in found if each.state != "paused")
    first: dict[str, Deadline] = {}
    for each in found:
        key = each.kind if each.state != "paused" else f"{each.kind} {len(first)}"
        first.setdefault(key, replace(each, alike=running[each.kind]) if each.state != "paused" else each)
    return list(first.values())


def deadline(clock: Clock, *, at: datetime) -> Deadline:
    """One clock in words."""
    label = ClockKind(clock.kind).label if clock.kind in ClockKind.values else clock.kind
    if clock.paused_at is not None:
        return Deadline(clock.kind, label, clock.due_at, "paused", f"已挂起：{clock.pause_reason}")
    left = clock.due_at - at
    if left < timedelta(0):
        return Deadline(clock.kind, label, clock.due_at, "late", f"已超时{human_duration(-left)}")
    state = "near" if at >= clock.warn_at else "running"
    return Deadline(clock.kind, label, clock.due_at, state, f"还剩{human_duration(left)}")


MOST_LINES = 500


def timeline(actor: Actor, case_id: int) -> list[Told]:
    """Everything that happened in a case, oldest first: its own entries, and those of its contact, conversation, call and
    assessments from before it was opened, as far as the actor may see them."""
    case = case_of(actor, case_id)
    entries = Entry.objects.filter(_about(case), name__in=[*told_on_timelines(), *CLOCK_EVENTS])
    return tell(reversed(entries.order_by("-at", "-pk")[:MOST_LINES]))


def _about(case: Case) -> Q:
    before = Q(subject_kind="contact", subject_id=case.contact_id)
    if case.conversation_id is not None:
        before |= Q(subject_kind="conversation", subject_id=case.conversation_id)
    calls = Contact.objects.filter(pk=case.contact_id, call_id__isnull=False).values("call_id")
    before |= Q(subject_kind="call", subject_id__in=calls)
    assessments = list(RiskAssessment.objects.filter(contact_id=case.contact_id).values_list("pk", flat=True))
    before |= Q(subject_kind="assessment", subject_id__in=assessments)
    return Q(case_id=case.pk) | before


def words_of(note_ids: list[int]) -> dict[int, str]:
    """The words of case notes by id, those in sight only."""
    return dict(CaseNote.objects.filter(pk__in=note_ids).values_list("pk", "text"))


@dataclass(frozen=True, slots=True)
class CaseNames:
    """What a page calls the things a case names by code or id."""

    category: str
    division: str
    owner: str
    organisation: str
    seeker: str

    @property
    def place(self) -> str:
        """What it is about and where, in one line."""
        return " · ".join(part for part in (self.category, self.division) if part)


def names_of(case: Case) -> CaseNames:
    """Words for the codes and ids of a case; empty where something is unknown or out of sight."""
    category = CaseCategory.objects.filter(pk=case.category).select_related("parent").first()
    divisions = dict(Division.objects.filter(pk__in=division_line(case.division)).values_list("pk", "name"))
    return CaseNames(
        category=f"{category.parent.name} · {category.name}" if category and category.parent else _name(category),
        division="".join(divisions.get(code, "") for code in reversed(division_line(case.division))),
        owner=Account.objects.filter(pk=case.owner_account_id).values_list("display_name", flat=True).first() or "",
        organisation=_first(Organisation.objects.filter(pk=case.organisation_id), "short_name"),
        seeker=_first(Seeker.objects.filter(pk=case.seeker_id or 0), "pseudonym"),
    )


def _name(category: CaseCategory | None) -> str:
    return category.name if category else ""


def _first(rows: QuerySet[Any], column: str) -> str:
    return str(rows.values_list(column, flat=True).first() or "")


def category_names(codes: set[str]) -> dict[str, str]:
    """Names of case categories by code."""
    return dict(CaseCategory.objects.filter(pk__in=codes).values_list("pk", "name"))
