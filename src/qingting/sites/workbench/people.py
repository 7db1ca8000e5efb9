"""The page of one person: what is known, masked, and all that was done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.linkage.permissions import VIEW as LINKAGE
from qingting.seekers.permissions import VIEW
from qingting.seekers.selectors import has_opened, same_person, seeker_of
from qingting.seekers.states import OpeningReason, SpecialGroup
from qingting.sites.workbench.growth_file import growth_file, is_mine


@requires(VIEW)
@require_GET
def person(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """404 for whoever neither works for the person's organisation nor was let in; a question why for whoever may, but has had
    nothing to do with this person."""
    actor, at = actor_of(request), time.now()
    seeker = seeker_of(actor, seeker_id)
    group = same_person(actor, seeker_id)
    if not (is_mine(actor, group) or has_opened(actor, group, at=at)):
        return render(request, "workbench/person_closed.html", {"seeker": seeker, "reasons": OpeningReason.choices})
    labels = dict(SpecialGroup.choices)
    context = {
        "seeker": seeker,
        "groups": [labels.get(code, code) for code in seeker.special_groups],
        "file": growth_file(actor, group),
        "told_url": reverse("linkage:told", args=[seeker.pk]) if actor.may(LINKAGE) else "",
    }
    return render(request, "workbench/person.html", context)
