"""Legal aid: the register of lawyers, the rates, who is assigned, what was done, the closing report."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from qingting.assistance import forms, rules, selectors, services
from qingting.assistance.models import AidApplication, ClosingReport
from qingting.assistance.permissions import ASSIGN, CHECK_REPORT, KEEP_LAWYERS, PAY, REPORT, SET_RATES, VIEW
from qingting.assistance.states import AidKind, AidState, RateUnit, ReportState, ServiceKind
from qingting.core import time
from qingting.core.access import actor_of, requires, signed_in
from qingting.core.actors import Actor
from qingting.core.time import local
from qingting.directory.selectors import organisation

PAGE = 30


def shown(actor: Actor, row: AidApplication, paid: int) -> dict[str, Any]:
    """What the page of an application needs besides, where it is legal aid that was approved."""
    if row.kind != AidKind.LEGAL_AID or row.state not in {AidState.APPROVED, AidState.CLOSED}:
        return {}
    report = selectors.report_of(row)
    open_still = row.state == AidState.APPROVED and (report is None or report.state in selectors.OPEN_REPORT)
    assigned = selectors.assignments_of(row)
    current = next((one for one in assigned if one.ended_at is None), None)
    may_assign = actor.may(ASSIGN, row.organisation_id)
    return {
        "legal": True,
        "assigned": current,
        "earlier": [one for one in assigned if one.ended_at is not None],
        "phone": selectors.phone_of(current.lawyer) if current and may_assign else "",
        "may_assign": may_assign and open_still,
        "lawyers": selectors.lawyers_for(row) if may_assign and open_still else [],
        "may_report": open_still and actor.may(REPORT, row.organisation_id),
        "report": report,
        "may_pay": row.state == AidState.APPROVED and actor.may(PAY, row.organisation_id),
        **_sums(row, report, paid),
        **_choices(),
    }


def _sums(row: AidApplication, report: ClosingReport | None, paid: int) -> dict[str, Any]:
    calculation = selectors.calculation_of(row)
    fixed = report is not None and report.calculated_fen is not None
    due = max(calculation.total_fen - paid, 0)
    return {
        "lines": _lines(calculation),
        "total": rules.yuan(calculation.total_fen),
        "complete": calculation.complete,
        "fixed": fixed,
        "due": rules.yuan(due),
        "beyond": calculation.total_fen > row.granted_fen,
        "propose": rules.yuan(due) if fixed and due else "",
    }


def _lines(calculation: selectors.Calculation) -> list[dict[str, Any]]:
    return [
        {
            "done": line.done,
            "words": line.words,
            "count": rules.count_words(line.done.hundredths),
            "rate": line.rate,
            "each": rules.yuan(line.rate.amount_fen) if line.rate else "",
            "amount": rules.yuan(line.fen) if line.fen is not None else "",
        }
        for line in calculation.lines
    ]


def _choices() -> dict[str, Any]:
    return {"kinds": ServiceKind.choices, "units": RateUnit.choices, "today": local(time.now()).date()}


@requires(KEEP_LAWYERS)
@require_GET
def lawyers(request: HttpRequest) -> HttpResponse:
    """The register of the station."""
    actor = actor_of(request)
    page = selectors.lawyers_page(actor, request.GET.get("page", "1"), PAGE)
    rows = [(one, selectors.phone_of(one)) for one in page]
    return render(request, "assistance/lawyers.html", {"page": page, "rows": rows})


@requires(KEEP_LAWYERS)
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Add a lawyer."""
    services.enrol_lawyer(actor=actor_of(request), new=forms.lawyer(request.POST), at=time.now())
    return HttpResponseClientRefresh()


@requires(KEEP_LAWYERS)
@require_POST
def change(request: HttpRequest, lawyer_id: int) -> HttpResponse:
    """Correct an entry, or take somebody off new work."""
    new, active = forms.lawyer(request.POST), request.POST.get("active") == "on"
    services.change_lawyer(actor=actor_of(request), lawyer_id=lawyer_id, new=new, active=active, at=time.now())
    return HttpResponseClientRefresh()


@signed_in
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """The rates that count and their history, for whoever works with aid; who sets them has the form."""
    actor = actor_of(request)
    if not actor.may(VIEW):
        actor.require(SET_RATES)
    found = selectors.rates_shown(actor.organisation_id, local(time.now()).date())
    names = selectors.names_of({row.account_id for row, _counts in found})
    rows = [
        {
            "rate": row,
            "amount": rules.yuan(row.amount_fen),
            "counts": counts,
            "who": names.get(row.account_id, ""),
            "house": organisation(row.organisation_id).short_name,
        }
        for row, counts in found
    ]
    here = organisation(actor.organisation_id)
    context = {"rows": rows, "house": here, "may_set": actor.may(SET_RATES), **_choices()}
    return render(request, "assistance/rates.html", context)


@requires(SET_RATES)
@require_POST
def set_rate(request: HttpRequest) -> HttpResponse:
    """Set a rate."""
    services.set_rate(actor=actor_of(request), new=forms.rate(request.POST), at=time.now())
    return HttpResponseClientRefresh()


@requires(ASSIGN)
@require_POST
def assign(request: HttpRequest, application_id: int) -> HttpResponse:
    """指派、改派."""
    lawyer_id, words = forms.number_from(request.POST, "lawyer"), forms.words_from(request.POST, "words")
    services.assign_lawyer(
        actor=actor_of(request), application_id=application_id, lawyer_id=lawyer_id, words=words, at=time.now()
    )
    return HttpResponseClientRefresh()


@requires(REPORT)
@require_POST
def note_service(request: HttpRequest, application_id: int) -> HttpResponse:
    """登记服务."""
    new = forms.service(request.POST)
    services.note_service(actor=actor_of(request), application_id=application_id, new=new, at=time.now())
    return HttpResponseClientRefresh()


@requires(REPORT)
@require_POST
def strike_service(request: HttpRequest, service_id: int) -> HttpResponse:
    """删除一项."""
    services.strike_service(actor=actor_of(request), service_id=service_id, at=time.now())
    return HttpResponseClientRefresh()


def _on_paper(row: AidApplication, report: ClosingReport | None) -> dict[str, Any]:
    words = selectors.report_words(report) if report else None
    people = {report.written_by_account_id, report.reviewed_by_account_id or 0} if report else set()
    names = selectors.names_of(people)
    calculation = selectors.calculation_of(row)
    return {
        "row": row,
        "report": report,
        "parts": [(name, label, getattr(words, name, "")) for name, label in selectors.PARTS.items()],
        "hours": rules.hours_words(report.minutes) if report else "",
        "lawyer": selectors.lawyer_on(row),
        "lines": _lines(calculation),
        "total": rules.yuan(calculation.total_fen),
        "complete": calculation.complete,
        "writer": names.get(report.written_by_account_id, "") if report else "",
        "reviewer": names.get(report.reviewed_by_account_id or 0, "") if report else "",
        "house": organisation(row.organisation_id),
    }


@requires(VIEW)
@require_GET
def report(request: HttpRequest, application_id: int) -> HttpResponse:
    """The closing report: to be written, reviewed or read."""
    actor = actor_of(request)
    row = selectors.application_of(actor, application_id)
    more = shown(actor, row, 0)
    found = more.get("report")
    waiting = found is not None and found.state == ReportState.SUBMITTED and actor.account_id not in found.authors
    context = {
        **_on_paper(row, found),
        "may_report": more.get("may_report", False),
        "may_review": waiting and actor.may(CHECK_REPORT, row.organisation_id),
    }
    return render(request, "assistance/report.html", context)


@requires(VIEW)
@require_GET
def paper(request: HttpRequest, application_id: int) -> HttpResponse:
    """The report ready to be printed; opening it enters the journal."""
    found = services.print_report(actor=actor_of(request), application_id=application_id, at=time.now())
    row = selectors.application_of(actor_of(request), application_id)
    return render(request, "assistance/paper.html", _on_paper(row, found))


@requires(REPORT)
@require_POST
def save_report(request: HttpRequest, application_id: int) -> HttpResponse:
    """保存草稿: by its button, or by the page while somebody types."""
    words, minutes = forms.report(request.POST), rules.minutes_from(request.POST.get("hours", ""))
    typing = request.headers.get("HX-Request") is None
    services.save_report(
        actor=actor_of(request),
        application_id=application_id,
        words=words,
        minutes=minutes,
        typing=typing,
        at=time.now(),
    )
    return HttpResponse(status=204) if typing else HttpResponseClientRefresh()


@requires(REPORT)
@require_POST
def submit_report(request: HttpRequest, application_id: int) -> HttpResponse:
    """提交审核."""
    words, minutes = forms.report(request.POST), rules.minutes_from(request.POST.get("hours", ""))
    services.submit_report(
        actor=actor_of(request), application_id=application_id, words=words, minutes=minutes, at=time.now()
    )
    return HttpResponseClientRedirect(reverse("assistance:application", args=[application_id]))


@requires(CHECK_REPORT)
@require_POST
def return_report(request: HttpRequest, application_id: int) -> HttpResponse:
    """退回修改."""
    words = forms.words_from(request.POST, "words")
    services.return_report(actor=actor_of(request), application_id=application_id, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(CHECK_REPORT)
@require_POST
def accept_report(request: HttpRequest, application_id: int) -> HttpResponse:
    """审核通过."""
    words = forms.words_from(request.POST, "words")
    services.accept_report(actor=actor_of(request), application_id=application_id, words=words, at=time.now())
    return HttpResponseClientRedirect(reverse("assistance:application", args=[application_id]))
