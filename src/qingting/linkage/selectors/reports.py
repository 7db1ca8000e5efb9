"""Reading mandatory reports."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case as DbCase
from django.db.models import IntegerField, Q, QuerySet, Value, When

from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.core.grants import opened_to
from qingting.directory.models import LinkageItem
from qingting.directory.states import Direction
from qingting.linkage.models import MandatoryReport
from qingting.linkage.states import ReportState

REPORT_WORDS = "linkage_mandatoryreport.words_sealed"
_DUE_FIRST = DbCase(When(state=ReportState.DUE, then=Value(0)), default=Value(1), output_field=IntegerField())


def reports_in_sight(actor: Actor) -> QuerySet[MandatoryReport]:
    """Reports of the actor's organisations and of cases opened to them."""
    reports = MandatoryReport.objects.select_related("case", "handoff")
    if actor.scope.everything:
        return reports
    own = Q(organisation_id__in=sorted(actor.scope.organisations))
    return reports.filter(own | Q(case_id__in=opened_to(actor.scope.organisations, "case")))


def report_of(actor: Actor, report_id: int) -> MandatoryReport:
    """One report; NotFound where there is none within the actor's sight."""
    found = reports_in_sight(actor).filter(pk=report_id).first()
    if found is None:
        raise not_found("强制报告", "linkage.report.not-found")
    return found


def reports_of(actor: Actor, case_id: int) -> list[MandatoryReport]:
    """The reports of a case."""
    return list(reports_in_sight(actor).filter(case_id=case_id).order_by("item_number"))


def reports_page(actor: Actor, number: str, size: int) -> Page[MandatoryReport]:
    """What is due first, the soonest deadline leading; then what was settled, the newest first."""
    return Paginator(reports_in_sight(actor).order_by(_DUE_FIRST, "due_at", "-settled_at"), size).get_page(number)


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation as the list words it, and as the law does."""

    number: int
    text: str
    statute: str


def situations(province: str, numbers: set[int]) -> dict[int, Situation]:
    """The words of items by number, of the newest list of a province that has them."""
    rows = LinkageItem.objects.filter(direction=Direction.TO_POLICE, number__in=numbers, list__province=province)
    return {row.number: Situation(row.number, row.text, row.statute_text) for row in rows.order_by("list__valid_from")}


def report_words(report: MandatoryReport) -> str:
    """How it was reported, or why not. The report must have been read in sight."""
    return unseal(bytes(report.words_sealed), field=REPORT_WORDS) if report.words_sealed else ""
