"""转介: choosing where a matter goes, seeing all that will be told, and what was told of a person so far."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from qingting.cases.selectors import case_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.directory.states import Urgency
from qingting.linkage import known, selectors, services
from qingting.linkage.disclosure import in_words
from qingting.linkage.forms import ReferralForm
from qingting.linkage.permissions import HAND_OFF, VIEW
from qingting.seekers.selectors import seeker_of


@requires(HAND_OFF)
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, case_id: int) -> HttpResponse:
    """The form, and sending it."""
    actor, at = actor_of(request), time.now()
    case = case_of(actor, case_id)
    form = ReferralForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        handoff = services.refer(actor=actor, case_id=case.pk, referral=form.referral(), at=at)
        return HttpResponseClientRedirect(reverse("linkage:handoff", args=[handoff.pk]))
    context = {
        "case": case,
        "choices": selectors.referral_choices(case),
        "urgencies": Urgency.choices,
        "phone": known.phone_of(case),
        "form": form,
    }
    return render(request, "linkage/refer.html", context, status=422 if form.errors else 200)


@requires(HAND_OFF)
@require_GET
def preview(request: HttpRequest, case_id: int) -> HttpResponse:
    """All that the other side will be told with the choices made so far, as a fragment."""
    actor, at = actor_of(request), time.now()
    case = case_of(actor, case_id)
    form = ReferralForm(request.GET)
    form.is_valid()
    referral = form.referral()
    lines = services.outline_referral(actor=actor, case=case, referral=referral, at=at) if referral.kind else []
    return render(request, "linkage/refer_preview.html", {"lines": lines})


@requires(VIEW)
@require_GET
def told(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """What left the house about a person: to whom, when, on which basis, which words."""
    actor = actor_of(request)
    person = seeker_of(actor, seeker_id)
    rows: list[dict[str, Any]] = [
        {
            "row": handoff,
            "partner": selectors.partner_name(handoff.desk),
            "lines": in_words(selectors.body_of(handoff)),
        }
        for handoff in selectors.told_of(actor, person.pk)
    ]
    return render(request, "linkage/told.html", {"person": person, "rows": rows})
