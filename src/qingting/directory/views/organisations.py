"""The tree of organisations, one at a time: where it stands, what is below it, what may be changed."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.directory import selectors, services
from qingting.directory.forms import CoverForm, NamesForm, NewOrganisationForm, refuse
from qingting.directory.models import Organisation
from qingting.directory.permissions import MANAGE
from qingting.directory.states import OrganisationKind

PAGE_SIZE = 50


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """One's own organisation; POST takes a name, a short name or a division's code to find below it."""
    actor, words = actor_of(request), request.POST.get("q", "").strip()[:60]
    if not words:
        return redirect("directory:organisation", actor.organisation_id)
    found = Paginator(selectors.find_organisations(actor, words), PAGE_SIZE)
    context = {"page": found.get_page(request.POST.get("page")), "words": words}
    return render(request, "directory/found.html", context)


def _context(actor: Actor, organisation: Organisation, request: HttpRequest) -> dict[str, Any]:
    children = Paginator(selectors.children(organisation), PAGE_SIZE)
    return {
        "organisation": organisation,
        "above": selectors.line_within(actor, organisation),
        "page": children.get_page(request.GET.get("page")),
        "own": organisation.id == actor.organisation_id,
        "is_centre": organisation.kind == OrganisationKind.REGIONAL_CENTRE,
        "covered": selectors.covered_provinces(organisation),
    }


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation with what stands below it; POST changes its names, telephone or whether it is in use."""
    actor = actor_of(request)
    found, status = selectors.manageable(actor, organisation_id), 200
    form = NamesForm.of(found, request.POST or None)
    if form.is_valid():
        try:
            services.change_organisation(actor=actor, organisation=found, changes=form.cleaned_data, at=time.now())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("directory:organisation", organisation_id)
    elif form.is_bound:
        status = 422
    context = {**_context(actor, found, request), "form": form}
    return render(request, "directory/organisation.html", context, status=status)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A new organisation below this one."""
    actor = actor_of(request)
    parent, status = selectors.manageable(actor, organisation_id), 200
    form = NewOrganisationForm(request.POST or None, parent=parent)
    if form.is_valid():
        try:
            added = services.add_organisation(actor=actor, parent=parent, details=form.details(), at=time.now())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("directory:organisation", added.parent_id)
    elif form.is_bound:
        status = 422
    context = {"form": form, "parent": parent, "above": selectors.line_within(actor, parent)}
    return render(request, "directory/add.html", context, status=status)


@requires(MANAGE)
@require_GET
def cover(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The provinces of a regional centre, to be chosen."""
    centre = selectors.manageable(actor_of(request), organisation_id)
    covered = [province.code for province in selectors.covered_provinces(centre)]
    form = CoverForm(initial={"provinces": covered})
    return render(request, "directory/cover.html", {"organisation": centre, "form": form})


@requires(MANAGE)
@require_POST
def set_cover(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Let a regional centre cover these provinces from now on."""
    actor = actor_of(request)
    centre = selectors.manageable(actor, organisation_id)
    form = CoverForm(request.POST)
    if not form.is_valid():
        return render(request, "directory/cover.html", {"organisation": centre, "form": form}, status=422)
    provinces = form.cleaned_data["provinces"]
    services.set_regional_cover(actor=actor, centre=centre, provinces=provinces, at=time.now())
    return redirect("directory:organisation", organisation_id)
