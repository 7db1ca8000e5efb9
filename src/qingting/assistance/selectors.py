"""Reading applications for aid, their ledger, and what belongs to legal aid: lawyers, rates, services, reports."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case as DbCase
from django.db.models import IntegerField, Q, QuerySet, Sum, Value, When

from qingting.assistance.models import (
    AidApplication,
    AidNote,
    Assignment,
    ClosingReport,
    Lawyer,
    LedgerEntry,
    LegalService,
    SubsidyRate,
)
from qingting.assistance.rules import Rate, rate_for, subsidy
from qingting.assistance.states import AidState, ReportState
from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import ancestors
from qingting.staff.models import Account

WORDS = "assistance_aidnote.words_sealed"
PHONE = "assistance_lawyer.phone_sealed"
DONE = "assistance_legalservice.words_sealed"
REPORT_WORDS = "assistance_closingreport.words_sealed"
OPEN_REPORT = frozenset({ReportState.DRAFT, ReportState.RETURNED})
PARTS = {"facts": "案情", "result": "结果", "own_word": "本人的话", "documents": "移交的材料"}
"""The parts of a closing report that are words, and what people call them."""
_WAITING_FIRST = DbCase(
    When(state=AidState.APPLIED, then=Value(0)),
    When(state=AidState.CHECKED, then=Value(1)),
    When(state=AidState.APPROVED, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


def in_sight(actor: Actor) -> QuerySet[AidApplication]:
    """Applications of the actor's own organisations and those below."""
    found = AidApplication.objects.select_related("case", "order")
    return found if actor.scope.everything else found.filter(organisation_id__in=sorted(actor.scope.organisations))


def application_of(actor: Actor, application_id: int) -> AidApplication:
    """One application; NotFound where there is none within the actor's sight."""
    found = in_sight(actor).filter(pk=application_id).first()
    if found is None:
        raise not_found("援助申请", "assistance.application.not-found")
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What the register is searched for; '' for anything. number: the beginning or end of a case's number."""

    number: str = ""
    kind: str = ""
    state: str = ""


def applications_page(actor: Actor, asked: Asked, number: str, size: int) -> Page[AidApplication]:
    """What waits for somebody first, the oldest leading."""
    found = in_sight(actor)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.number:
        found = found.filter(Q(case__number__istartswith=asked.number) | Q(case__number__endswith=asked.number))
    return Paginator(found.order_by(_WAITING_FIRST, "applied_at", "pk"), size).get_page(number)


def of_case(actor: Actor, case_id: int) -> list[AidApplication]:
    """The applications over one case, the newest first."""
    return list(in_sight(actor).filter(case_id=case_id).order_by("-applied_at", "-pk"))


def of_person(actor: Actor, seeker_id: int) -> list[AidApplication]:
    """Everything one person was given or refused, over all cases in sight, the newest first."""
    cases = list(Case.objects.filter(seeker_id=seeker_id).values_list("pk", flat=True))
    return list(in_sight(actor).filter(case_id__in=cases).order_by("-applied_at", "-pk"))


def entries_of(application: AidApplication) -> list[LedgerEntry]:
    """The ledger of one application in its order. It must have been read in sight."""
    return list(LedgerEntry.objects.select_related("reversed_by").filter(application=application).order_by("at", "pk"))


def paid_fen(application_ids: list[int]) -> dict[int, int]:
    """What was paid by application, reversals taken off, in fen."""
    sums = LedgerEntry.objects.filter(application_id__in=application_ids).values("application_id")
    return {row["application_id"]: row["paid"] for row in sums.annotate(paid=Sum("amount_fen"))}


def ledger(actor: Actor, *, since: datetime, until: datetime) -> QuerySet[LedgerEntry]:
    """The lines of a span, oldest first, for the export."""
    found = LedgerEntry.objects.select_related("application", "application__case").filter(at__gte=since, at__lt=until)
    return found.filter(application__in=in_sight(actor)).order_by("at", "pk")


@dataclass(frozen=True, slots=True)
class Words:
    """One note, opened, with who wrote it."""

    label: str
    text: str
    who: str
    at: datetime


def notes_of(application: AidApplication) -> list[Words]:
    """What was said, oldest first. The application must have been read in sight."""
    rows = list(AidNote.objects.filter(application=application).order_by("at", "pk"))
    accounts = Account.objects.filter(pk__in={row.account_id for row in rows})
    names = dict(accounts.values_list("pk", "display_name"))
    return [Words(str(row.get_kind_display()), _opened(row), names.get(row.account_id, ""), row.at) for row in rows]


def _opened(note: AidNote) -> str:
    return unseal(bytes(note.words_sealed), field=WORDS)


def words_behind(note_ids: list[int]) -> dict[int, str]:
    """The words of notes for a case's timeline, by id; those out of sight are left out."""
    return {note.pk: _opened(note) for note in AidNote.objects.filter(pk__in=note_ids)}


def lawyers_page(actor: Actor, number: str, size: int) -> Page[Lawyer]:
    """The register of the actor's own organisation, those at work first."""
    found = Lawyer.objects.filter(organisation_id=actor.organisation_id)
    return Paginator(found.order_by("-active", "name", "pk"), size).get_page(number)


def lawyer_of(actor: Actor, lawyer_id: int) -> Lawyer:
    """One lawyer of the register; NotFound where there is none within the actor's sight."""
    found = Lawyer.objects.filter(pk=lawyer_id, organisation_id__in=sorted(actor.scope.organisations)).first()
    if found is None:
        raise not_found("律师", "assistance.lawyer.not-found")
    return found


def lawyers_for(application: AidApplication) -> list[Lawyer]:
    """Who of the station's register may be assigned."""
    return list(Lawyer.objects.filter(organisation_id=application.organisation_id, active=True).order_by("name", "pk"))


def phone_of(lawyer: Lawyer) -> str:
    """The lawyer's number, opened; empty where there is none."""
    return unseal(bytes(lawyer.phone_sealed), field=PHONE) if lawyer.phone_sealed else ""


def assignments_of(application: AidApplication) -> list[Assignment]:
    """Who worked on it, the current one first."""
    found = Assignment.objects.select_related("lawyer").filter(application=application)
    return list(found.order_by("-at", "-pk"))


def lawyer_on(application: AidApplication) -> Lawyer | None:
    """The lawyer who works on it now."""
    current = Assignment.objects.select_related("lawyer").filter(application=application, ended_at__isnull=True).first()
    return current.lawyer if current else None


def every_rate(organisation_id: int) -> list[SubsidyRate]:
    """Every rate that was ever set for an organisation or above it, the newest first. Rates tell nothing about a person,
    so a station reads those of its province although their rows lie above its sight."""
    with acting(EVERYTHING):
        found = SubsidyRate.objects.filter(organisation_id__in=ancestors(organisation_id))
        return list(found.order_by("service", "unit", "-valid_from", "-at", "-pk"))


def _as_rules(rows: list[SubsidyRate], organisation_id: int) -> list[Rate]:
    houses = ancestors(organisation_id)
    return [
        Rate(row.pk, houses.index(row.organisation_id), row.service, row.unit, row.amount_fen, row.valid_from, row.at)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the calculation: what was done (opened), the rate that fits its day, and fen; None without a rate."""

    done: LegalService
    words: str
    rate: SubsidyRate | None
    fen: int | None


@dataclass(frozen=True, slots=True)
class Calculation:
    """The lines by day, their sum in fen, and whether every line found a rate."""

    lines: list[Line]
    total_fen: int
    complete: bool


def calculation_of(application: AidApplication) -> Calculation:
    """What the services come to: as fixed with the accepted report, else by the rates of today. Read in sight."""
    rows = every_rate(application.organisation_id)
    by_id, rates = {row.pk: row for row in rows}, _as_rules(rows, application.organisation_id)
    done = LegalService.objects.filter(application=application).order_by("on", "at", "pk")
    lines = [_line(one, rates, by_id) for one in done]
    return Calculation(lines, sum(line.fen or 0 for line in lines), all(line.fen is not None for line in lines))


def _line(done: LegalService, rates: list[Rate], by_id: dict[int, SubsidyRate]) -> Line:
    words = unseal(bytes(done.words_sealed), field=DONE)
    if done.rate_id:
        return Line(done, words, by_id.get(done.rate_id), done.amount_fen)
    rate = rate_for(rates, (done.service, done.unit), done.on)
    return Line(done, words, by_id[rate.id] if rate else None, subsidy(rate.fen, done.hundredths) if rate else None)


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The words of a closing report: what happened, what came of it, the young person's own word, what was handed over."""

    facts: str
    result: str
    own_word: str
    documents: str


def report_of(application: AidApplication) -> ClosingReport | None:
    """The closing report, where one was begun. The application must have been read in sight."""
    return ClosingReport.objects.filter(application=application).first()


def report_words(report: ClosingReport) -> ReportWords:
    """The words of a report, opened."""
    return ReportWords(**json.loads(unseal(bytes(report.words_sealed), field=REPORT_WORDS)))


def names_of(account_ids: set[int]) -> dict[int, str]:
    """What people are called, by account."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "display_name"))


def rates_shown(organisation_id: int, today: date) -> list[tuple[SubsidyRate, bool]]:
    """Every rate, and whether it is the one that counts today."""
    rows = every_rate(organisation_id)
    rates = _as_rules(rows, organisation_id)
    counting = {found.id for row in rows if (found := rate_for(rates, (row.service, row.unit), today))}
    return [(row, row.pk in counting) for row in rows]
