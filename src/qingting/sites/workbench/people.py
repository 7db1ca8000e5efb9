"""The page of one person: what is known, masked, and all that was done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingting.core.access import actor_of, requires
from qingting.seekers.permissions import VIEW
from qingting.seekers.selectors import seeker_of
from qingting.seekers.states import SpecialGroup
from qingting.sites.workbench.growth_file import growth_file


@requires(VIEW)
@require_GET
def person(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """404 for whoever neither works for the person's organisation nor was let in."""
    actor = actor_of(request)
    seeker = seeker_of(actor, seeker_id)
    labels = dict(SpecialGroup.choices)
    context = {
        "seeker": seeker,
        "groups": [labels.get(code, code) for code in seeker.special_groups],
        "file": growth_file(actor, seeker_id),
    }
    return render(request, "workbench/person.html", context)
