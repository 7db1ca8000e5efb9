"""Reading cases. Row-level security is the wall; every read names its organisations as well, so that indexes are used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingting.cases.models import Case, CaseHold
from qingting.cases.states import FORBIDS_CLOSING, CaseState, HoldKind
from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.grants import opened_to
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import human_duration
from qingting.directory.states import ClockKind

PAGE = 20


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's own organisations and those opened to them."""
    if actor.scope.everything:
        return Case.objects.all()
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return Case.objects.filter(own | Q(pk__in=opened_to(actor.scope.organisations, "case")))


def case_of(actor: Actor, case_id: int) -> Case:
    """One case; NotFound where there is none within the actor's sight."""
    found = visible_to(actor).filter(pk=case_id).first()
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
    return list(CaseHold.objects.filter(case=case, lifted_at=None).order_by("placed_at", "pk"))


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


def deadlines_of(case: Case, *, at: datetime) -> list[Deadline]:
    """Open clocks of a case and all that hangs on it, the most pressing first. The case must have been read in sight.

    A clock belongs to whoever has to act, which may be another organisation; its deadline concerns all who see the case.
    """
    with acting(EVERYTHING):
        clocks = list(Clock.objects.filter(case_id=case.pk, met_at=None, cancelled_at=None).order_by("due_at"))
    return [deadline(clock, at=at) for clock in clocks]


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
