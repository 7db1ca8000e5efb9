"""Looking: the list and the national picture, one chain, raising one, and what was told of a person."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from qingting.cases.selectors import case_of
from qingting.chains import forms, selectors, services
from qingting.chains.permissions import DRILL, RAISE, SUPERVISE, VIEW
from qingting.chains.states import NATION, Role
from qingting.chains.views.shown import shown, steps_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.directory.states import Urgency
from qingting.linkage.disclosure import in_words
from qingting.linkage.services import Wish, house_body
from qingting.seekers.selectors import seeker_of

PAGE = 25


@requires(VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The chains of one's own organisation; for the national desk with the picture of all."""
    actor, at = actor_of(request), time.now()
    asked = request.GET.get("which", "")
    which = asked if asked in {"ended", "drills"} else "open"
    page = selectors.chains_page(actor, which, request.GET.get("page", "1"), PAGE)
    late = selectors.late_ids(list(page))
    rows = [(row, selectors.party_names(row), steps_of(row), row.pk in late) for row in page]
    context: dict[str, Any] = {"page": page, "rows": rows, "which": which, "may_drill": actor.may(DRILL)}
    if actor.may(SUPERVISE) and which != "drills":
        context["picture"] = selectors.overview(actor, since=at - timedelta(days=182))
    return render(request, "chains/list.html", context)


@requires(VIEW)
@require_GET
def chain(request: HttpRequest, chain_id: int) -> HttpResponse:
    """One chain, as one's own party reads it."""
    actor = actor_of(request)
    found = selectors.chain_of(actor, chain_id)
    part = request.headers.get("HX-Request") == "true"
    context = shown(actor, found, at=time.now())
    return render(request, "chains/body.html" if part else "chains/chain.html", context)


@requires(VIEW)
@require_POST
def facts(request: HttpRequest, chain_id: int) -> HttpResponse:
    """What was told of the person, as a fragment. Every look enters the journal."""
    actor = actor_of(request)
    found = services.look_at_facts(actor=actor, chain_id=chain_id, at=time.now())
    told = [in_words(body, clear=found.role == Role.DESTINATION) for body in selectors.facts_of(found)]
    return render(request, "chains/facts.html", {"told": told})


@requires(RAISE)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form, and sending it."""
    actor, at = actor_of(request), time.now()
    case = case_of(actor, case_id)
    if request.method == "POST":
        new = forms.new_chain(request.POST)
        made = services.raise_chain(actor=actor, case_id=case.pk, new=new, at=at)
        return HttpResponseClientRedirect(reverse("chains:chain", args=[made.pk]))
    context = {
        "case": case,
        "provinces": selectors.provinces_to_tell(case.province),
        "chosen": request.GET.get("to", ""),
        "urgencies": [pair for pair in Urgency.choices if pair[0] != Urgency.ROUTINE],
    }
    return render(request, "chains/begin.html", context)


@requires(RAISE)
@require_POST
def preview(request: HttpRequest, case_id: int) -> HttpResponse:
    """What each party will read, before it is sent; and where it cannot be sent."""
    actor, at = actor_of(request), time.now()
    case = case_of(actor, case_id)
    new = forms.new_chain(request.POST)
    urgency = new.urgency or case.urgency
    body = house_body(actor, case, Wish(new.words, new.with_phone), at=at, urgency=urgency, look="outline")
    context = {
        "lines": in_words(body),
        "place": selectors.region_name(new.destination) if new.destination else "",
        "reachable": not new.destination or selectors.is_reachable(Role.DESTINATION, new.destination),
        "nation": selectors.is_reachable(Role.NATIONAL, NATION),
    }
    return render(request, "chains/preview.html", context)


@requires(VIEW)
@require_GET
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """The chains of a case, as a fragment of its page."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    rows = [(row, selectors.party_names(row), steps_of(row)) for row in selectors.chains_of_case(actor, case.pk)]
    may_raise = actor.may(RAISE, case.organisation_id) and case.state == "OPEN"
    return render(request, "chains/panel.html", {"case": case, "rows": rows, "may_raise": may_raise})


@requires(VIEW)
@require_GET
def told(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """What other provinces were told of a person, as a fragment: to whom, on which basis, which facts."""
    actor = actor_of(request)
    person = seeker_of(actor, seeker_id)
    rows = []
    for row in selectors.told_of(actor, person.pk):
        bodies = selectors.facts_of(row) if selectors.may_read_person(actor, row) else []
        rows.append((row, selectors.party_names(row), [in_words(body) for body in bodies]))
    return render(request, "chains/told.html", {"rows": rows})
