"""What organisations work by: clocks, working days, the list agreed with 110, and the categories of cases."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import DomainError, not_found
from qingting.core.incoming import whole_number
from qingting.directory import selectors, services
from qingting.directory.forms import CalendarDayForm, ClockForm, refuse
from qingting.directory.permissions import MANAGE
from qingting.directory.states import ClockKind, Direction


@requires(MANAGE)
@require_GET
def clocks(request: HttpRequest) -> HttpResponse:
    """How long each kind of clock runs here, and where that comes from."""
    actor = actor_of(request)
    context = {
        "rules": selectors.clock_rules_here(actor.organisation_id),
        "organisation": selectors.organisation(actor.organisation_id),
    }
    return render(request, "directory/clocks.html", context)


def _kind(written: str) -> ClockKind:
    try:
        return ClockKind(written)
    except ValueError as error:
        raise not_found("时限", "directory.clock-rule.not-found") from error


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def clock(request: HttpRequest, kind: str) -> HttpResponse:
    """Set how long one kind of clock runs here and below."""
    actor, wanted, status = actor_of(request), _kind(kind), 200
    here = next(rule for rule in selectors.clock_rules_here(actor.organisation_id) if rule.rule.kind == wanted)
    initial = {name: getattr(here.rule, name) for name in ClockForm.base_fields}
    form = ClockForm(request.POST or None, initial=initial)
    if form.is_valid():
        own = selectors.organisation(actor.organisation_id)
        try:
            services.set_clock_rule(actor=actor, organisation=own, kind=wanted, setting=form.setting(), at=time.now())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("directory:clocks")
    elif form.is_bound:
        status = 422
    return render(request, "directory/clock.html", {"form": form, "kind": wanted, "here": here}, status=status)


@requires(MANAGE)
@require_POST
def forget_clock(request: HttpRequest, kind: str) -> HttpResponse:
    """Go back to what holds above."""
    actor = actor_of(request)
    own = selectors.organisation(actor.organisation_id)
    services.forget_clock_rule(actor=actor, organisation=own, kind=_kind(kind), at=time.now())
    return redirect("directory:clocks")


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Days off and make-up days of a year; POST declares a day, which only the nation may."""
    actor, status = actor_of(request), 200
    form = CalendarDayForm(request.POST or None)
    if form.is_valid():
        try:
            services.set_calendar_day(actor=actor, **form.cleaned_data, at=time.now())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect(f"{request.path}?year={form.cleaned_data['day'].year}")
    elif form.is_bound:
        status = 422
    year = _year(request.GET.get("year", ""))
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "days": selectors.unusual_days(year),
        "national": selectors.organisation(actor.organisation_id).parent_id is None,
    }
    return render(request, "directory/calendar.html", context, status=status)


def _year(written: str) -> int:
    this = time.local(time.now()).year
    asked = whole_number(written)
    return asked if this - 5 <= asked <= this + 1 else this


@requires(MANAGE)
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """The list agreed with 110 that is in force in one's province, and its other versions."""
    actor, today = actor_of(request), time.local(time.now()).date()
    versions = selectors.linkage_lists(actor.province)
    shown = _shown([one.version for one in versions], request.GET.get("version", ""), versions, today)
    directions = (
        [(way, [item for item in shown.items.all() if item.direction == way]) for way in Direction] if shown else []
    )
    context = {"versions": versions, "shown": shown, "directions": directions, "today": today}
    return render(request, "directory/lists.html", context)


def _shown(known: list[str], wanted: str, versions: list[Any], today: date) -> Any:
    if wanted in known:
        return versions[known.index(wanted)]
    in_force = (one for one in versions if one.valid_from <= today and (one.valid_to is None or one.valid_to >= today))
    return next(in_force, versions[0] if versions else None)


@requires(MANAGE)
@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    """The categories of cases, two levels."""
    rows = selectors.categories()
    grouped = [(top, [row for row in rows if row.parent_id == top.code]) for top in rows if top.parent_id is None]
    return render(request, "directory/categories.html", {"grouped": grouped})
