"""Reading: the list, calling together, one conference, the panel of a case, what was told of a person."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from qingting.cases.selectors import case_of
from qingting.conferences import forms, selectors, services
from qingting.conferences.kinds import TOLD, kinds
from qingting.conferences.permissions import CONVENE, VIEW
from qingting.conferences.views.shown import shown
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.time import local
from qingting.seekers.selectors import seeker_of

PAGE = 20


@requires(VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What is to come first, then what is being followed, then what is over."""
    actor = actor_of(request)
    page = selectors.conferences_page(actor, request.GET.get("page", "1"), PAGE)
    names = selectors.names_of({row.organisation_id for row in page})
    rows = [
        (row, kinds()[row.kind].label, names.get(row.organisation_id, ""), row.organisation_id == actor.organisation_id)
        for row in page
    ]
    return render(request, "conferences/list.html", {"page": page, "rows": rows})


@requires(CONVENE)
@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form, and sending the invitations."""
    actor, at = actor_of(request), time.now()
    case = case_of(actor, case_id)
    if request.method == "POST":
        made = services.convene(actor=actor, case_id=case.pk, new=forms.new_conference(request.POST), at=at)
        return HttpResponseClientRedirect(reverse("conferences:conference", args=[made.pk]))
    partners, own = selectors.guests_near(case)
    tomorrow = (local(at) + timedelta(days=1)).replace(hour=14, minute=30)
    context = {
        "case": case,
        "kinds": kinds().values(),
        "traits": TOLD.items(),
        "partners": partners,
        "own": own,
        "starts_at": f"{tomorrow:%Y-%m-%dT%H:%M}",
    }
    return render(request, "conferences/convene.html", context)


@requires(VIEW)
@require_GET
def conference(request: HttpRequest, conference_id: int) -> HttpResponse:
    """One conference, for the host and for the guests."""
    actor = actor_of(request)
    found = selectors.conference_of(actor, conference_id)
    part = request.headers.get("HX-Request") == "true"
    name = "conferences/body.html" if part else "conferences/conference.html"
    return render(request, name, shown(actor, found, at=time.now()))


@requires(VIEW)
@require_GET
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The conference that a decision belongs to, for the bell."""
    found = selectors.decision_of(actor_of(request), decision_id)
    return redirect("conferences:conference", conference_id=found.conference_id)


@requires(VIEW)
@require_GET
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """The conferences over a case, as a fragment of its page."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    context = {
        "case": case,
        "rows": [(row, kinds()[row.kind].label) for row in selectors.conferences_of(actor, case.pk)],
        "may_convene": actor.may(CONVENE, case.organisation_id) and case.state == "OPEN",
    }
    return render(request, "conferences/panel.html", context)


@requires(VIEW)
@require_GET
def told(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """What the guests of conferences were told of a person, as a fragment: to whom, on which basis, which words."""
    actor = actor_of(request)
    person = seeker_of(actor, seeker_id)
    rows = []
    for row in selectors.told_of(actor, person.pk):
        names = selectors.names_of({seat.guest_organisation_id for seat in selectors.seats_of(row)})
        lines = selectors.told_lines(selectors.notes_of(row))
        rows.append({"row": row, "kind": kinds()[row.kind], "guests": "、".join(sorted(names.values())), "told": lines})
    return render(request, "conferences/told.html", {"rows": rows})
