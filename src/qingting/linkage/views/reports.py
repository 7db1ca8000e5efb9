"""强制报告: the list with its deadlines, one report with its draft, and settling it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.linkage import selectors, services
from qingting.linkage.forms import WordsForm
from qingting.linkage.permissions import HAND_OFF, VIEW, WAIVE
from qingting.linkage.states import ReportWay

PAGE = 20


@requires(VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is due, and what was settled."""
    actor = actor_of(request)
    page = selectors.reports_page(actor, request.GET.get("page", "1"), PAGE)
    words = selectors.situations(actor.province, {row.item_number for row in page})
    rows = [(row, words.get(row.item_number)) for row in page]
    return render(request, "linkage/reports.html", {"page": page, "rows": rows})


@requires(VIEW)
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report: the situation in the list's and the law's words, and what can be done."""
    actor = actor_of(request)
    found = selectors.report_of(actor, report_id)
    context = {
        "row": found,
        "situation": selectors.situations(found.province, {found.item_number}).get(found.item_number),
        "words": selectors.report_words(found),
        "ways": [choice for choice in ReportWay.choices if choice[0] != ReportWay.HANDOFF],
        "may_report": actor.may(HAND_OFF, found.organisation_id),
        "may_waive": actor.may(WAIVE, found.organisation_id) and found.case.owner_account_id != actor.account_id,
    }
    return render(request, "linkage/report.html", context)


@requires(HAND_OFF)
@require_POST
def draft(request: HttpRequest, case_id: int) -> HttpResponse:
    """Somebody sees that a report is due."""
    item = request.POST.get("item", "")
    number = int(item) if item.isascii() and item.isdigit() and len(item) < 3 else 0
    found = services.draft_report(actor=actor_of(request), case_id=case_id, item_number=number, at=time.now())
    return redirect("linkage:report", report_id=found.pk)


def _said(request: HttpRequest) -> tuple[str, str]:
    form = WordsForm(request.POST)
    form.is_valid()
    return form.cleaned_data.get("code", ""), form.cleaned_data.get("words", "")


@requires(HAND_OFF)
@require_POST
def made(request: HttpRequest, report_id: int) -> HttpResponse:
    """Reported by telephone, in person or in writing."""
    way, words = _said(request)
    services.record_report(actor=actor_of(request), report_id=report_id, way=way, words=words, at=time.now())
    return redirect("linkage:report", report_id=report_id)


@requires(WAIVE)
@require_POST
def waive(request: HttpRequest, report_id: int) -> HttpResponse:
    """A supervisor says why not."""
    services.waive_report(actor=actor_of(request), report_id=report_id, words=_said(request)[1], at=time.now())
    return redirect("linkage:report", report_id=report_id)
