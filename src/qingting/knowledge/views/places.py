"""Lines and places at the workbench: found, entered, confirmed; as a file; and beside a talk."""

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.csv_files import as_csv
from qingting.core.errors import Invalid
from qingting.core.incoming import whole_number
from qingting.directory.selectors import categories
from qingting.knowledge import forms, opening, selectors, services, sheet, telling
from qingting.knowledge.models import Resource
from qingting.knowledge.permissions import READ, REVIEW, WRITE
from qingting.knowledge.states import ResourceKind
from qingting.staff.selectors import display_names

ON_A_PAGE = 20
WAITING_ON_A_PAGE = 20
BESIDE = 8  # as many as fit beside a talk; the rest on further pages


@requires(READ)
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """Lines and places: what is shown, and our own that wait to be confirmed. POST brings words, so that none gets into an address."""
    actor, at = actor_of(request), time.now()
    data = request.POST if request.method == "POST" else request.GET
    wanted, open_now = forms.wanted_from(data), bool(data.get("open"))
    found = [
        _place(row, actor.scope.organisations)
        for row in selectors.resources(actor.organisation_id, at=at, wanted=wanted)
    ]
    page = Paginator([place for place in found if place["open"] or not open_now], ON_A_PAGE).get_page(data.get("page"))
    checked_by = display_names({place["row"].confirmed_by_account_id or 0 for place in page})
    context = {
        "page": page,
        "checked_by": checked_by,
        **_waiting(request),
        "kinds": ResourceKind.choices,
        "needs": _tops(),
        "wanted": wanted,
        "open_now": open_now,
        "narrowed": open_now or any(asdict(wanted).values()),
        "divisions": selectors.places_with_resources(actor.organisation_id, at=at),
        "soon": selectors.look_again_before(at),
        "may_write": actor.may(WRITE),
        "may_review": actor.may(REVIEW),
    }
    return render(request, "knowledge/places.html", context)


def _waiting(request: HttpRequest) -> dict[str, Any]:
    """Our own that a second person has to look at, with why, and whether this person may."""
    actor, at = actor_of(request), time.now()
    rows = selectors.resources_to_look_at(actor, at=at)
    page = Paginator(rows, WAITING_ON_A_PAGE).get_page(request.GET.get("waiting"))
    names, today = display_names({row.entered_by_account_id or 0 for row in page}), time.local(at).date()
    listed = [
        {
            "row": row,
            "hours": opening.in_words(row.hours),
            "others": row.entered_by_account_id != actor.account_id,
            "by": names.get(row.entered_by_account_id or 0, ""),
            "over": row.expires_on is not None and row.expires_on < today,
        }
        for row in page
    ]
    return {"waiting": page, "waiting_rows": listed, "any_to_confirm": any(each["others"] for each in listed)}


def _place(row: Resource, organisations: frozenset[int] = frozenset()) -> dict[str, Any]:
    hours, is_open = opening.in_words(row.hours), opening.is_open(row.hours, time.now())
    return {"row": row, "hours": hours, "open": is_open, "ours": row.organisation_id in organisations}


@requires(WRITE)
def enter_place(request: HttpRequest, resource_id: int = 0) -> HttpResponse:
    """Enter or correct a line or place."""
    actor, errors = actor_of(request), {}
    row = selectors.resource_for(actor, resource_id) if resource_id else None
    if request.method == "POST":
        try:
            entered = forms.entered_from(request.POST)
            services.enter_resource(actor=actor, entered=entered, resource_id=resource_id or None, at=time.now())
            return redirect("knowledge:places")
        except Invalid as error:
            errors = error.fields
    chosen = set(request.POST.getlist("categories")) or set(row.categories if row else ())
    context = {
        "row": row,
        "values": request.POST.dict() if errors else row,
        "errors": errors,
        "slots": forms.slots_of(row),
        "always": any(span.get("always") for span in row.hours) if row else False,
        "kinds": ResourceKind.choices,
        "groups": [(group, code, code in chosen) for code, group in _tops()],
        "divisions": selectors.divisions_of(actor),
    }
    return render(request, "knowledge/place.html", context, status=422 if errors else 200)


def _tops() -> list[tuple[str, str]]:
    return list(categories().filter(parent=None).order_by("position", "code").values_list("code", "name"))


@requires(REVIEW)
@require_POST
def confirm_place(request: HttpRequest, resource_id: int) -> HttpResponse:
    """A second person has checked it."""
    services.confirm_resources(actor=actor_of(request), resource_ids=[resource_id], at=time.now())
    return redirect("knowledge:places")


@requires(REVIEW)
@require_POST
def confirm_places(request: HttpRequest) -> HttpResponse:
    """A second person has checked those that are ticked."""
    ticked = [number for text in request.POST.getlist("place")[:200] if (number := whole_number(text))]
    services.confirm_resources(actor=actor_of(request), resource_ids=ticked, at=time.now())
    return redirect("knowledge:places")


@requires(WRITE)
@require_POST
def retire_place(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Show it no more."""
    services.retire_resource(actor=actor_of(request), resource_id=resource_id, at=time.now())
    return redirect("knowledge:places")


@requires(READ)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Our own as a file that can be brought in again; it holds nothing about a person."""
    known = forms.known_for_sheet(actor_of(request))
    rows = [
        sheet.cells_of(row.pk, services.fields_of(row), known) for row in selectors.resources_in_work(actor_of(request))
    ]
    return csv_answer("热线和机构.csv", as_csv(sheet.COLUMNS, rows))


def csv_answer(name: str, content: bytes) -> HttpResponse:
    """A file to be kept under a name in Chinese (RFC 6266)."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@requires(READ)
@require_POST
def beside(request: HttpRequest) -> HttpResponse:
    """Beside a talk: what there is for a place and a need, open now first, ready to be sent or read aloud. Posted: where somebody is
    and what they need stands in no address."""
    actor, at = actor_of(request), time.now()
    asked = forms.beside_from(request.POST)
    found = [_place(row) for row in selectors.resources(actor.organisation_id, at=at, wanted=asked)]
    found.sort(key=lambda place: opening.RANK[place["open"]])
    page = Paginator(found, BESIDE).get_page(request.POST.get("page"))
    context = {
        "page": page,
        "rows": [{**place, **telling.told(place["row"], place["hours"], place["open"])} for place in page],
        "wanted": asked,
        "talk": request.POST.get("talk") == "1",
        "needs": _tops(),
        "kinds": ResourceKind.choices,
        "divisions": selectors.places_to_ask_for(actor.organisation_id, asked.place, at=at),
    }
    return render(request, "knowledge/beside.html", context)
