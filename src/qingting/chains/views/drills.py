"""Exercises: beginning one, and its report for the printer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from qingting.chains import forms, selectors, services
from qingting.chains.permissions import DRILL, VIEW
from qingting.chains.states import Role
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import not_found
from qingting.directory.selectors import organisation
from qingting.directory.states import Urgency
from qingting.staff.selectors import display_names


@requires(DRILL)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The form, and beginning."""
    actor = actor_of(request)
    if request.method == "POST":
        made = services.begin_drill(actor=actor, new=forms.new_drill(request.POST), at=time.now())
        return HttpResponseClientRedirect(reverse("chains:chain", args=[made.pk]))
    provinces = [
        (row, selectors.is_reachable(Role.DESTINATION, row.pk)) for row in selectors.provinces_to_tell(actor.province)
    ]
    context = {
        "provinces": sorted(provinces, key=lambda pair: not pair[1]),
        "chosen": request.GET.get("to", ""),
        "urgencies": [pair for pair in Urgency.choices if pair[0] != Urgency.ROUTINE],
    }
    return render(request, "chains/drill.html", context)


@requires(VIEW)
@require_GET
def report(request: HttpRequest, chain_id: int) -> HttpResponse:
    """Who did what when, and how long each of the five links took, on paper. Of exercises only."""
    actor, at = actor_of(request), time.now()
    found = selectors.chain_of(actor, chain_id)
    if not found.drill:
        raise not_found("演练", "chains.drill.not-found")
    lines = selectors.timeline(found)
    names = display_names({line.row.account_id for line in lines if line.row.account_id})
    context = {
        "row": found,
        "names": selectors.party_names(found),
        "measures": selectors.measures(found),
        "lines": [(line, names.get(line.row.account_id or 0, line.row.operator)) for line in lines],
        "house": organisation(found.organisation_id),
        "printed_at": at,
    }
    return render(request, "chains/report.html", context)
