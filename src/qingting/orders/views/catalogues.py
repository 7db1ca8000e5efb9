"""Pages of the dispatch catalogue: its lines, a trial against last month, and the date from which it counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.directory.states import Urgency
from qingting.orders import forms, permissions, selectors, services
from qingting.orders.models import Catalogue, CatalogueLine
from qingting.orders.states import CatalogueState, HandlerRule, OrderKind


@requires(permissions.CONFIGURE)
@require_http_methods(["GET", "HEAD", "POST"])
def catalogues(request: HttpRequest) -> HttpResponse:
    """All of them; POST begins a draft."""
    actor = actor_of(request)
    if request.method == "POST":
        name = forms.words_from(request.POST, "name", 60)
        made = services.make_catalogue(actor=actor, name=name, at=time.now())
        return redirect("orders:catalogue", made.pk)
    current = selectors.current_catalogue(actor.organisation_id, at=time.now())
    rows = [(one, current is not None and one.pk == current.pk) for one in selectors.catalogues(actor)]
    above = current is not None and current.organisation_id != actor.organisation_id
    return render(request, "orders/catalogues.html", {"rows": rows, "current": current, "above": above})


def _page(actor: Actor, catalogue: Catalogue, **more: object) -> dict[str, object]:
    lines = selectors.lines_of(catalogue)
    houses = selectors.names_of({line.handler_organisation_id for line in lines if line.handler_organisation_id})
    names = forms.code_names(lines)
    return {
        "catalogue": catalogue,
        "draft": catalogue.state == CatalogueState.DRAFT,
        "lines": [_line(line, names, houses) for line in lines],
        "rules": HandlerRule.choices,
        "kinds": OrderKind.choices,
        "levels": Urgency.choices,
        "categories": forms.category_groups(),
        "divisions": forms.all_places(actor),
        "groups": forms.handler_groups(actor.province, actor.province),
        **more,
    }


def _line(line: CatalogueLine, names: dict[str, str], houses: dict[int, str]) -> dict[str, object]:
    return {
        "line": line,
        "category": names.get(line.category, ""),
        "division": names.get(line.division, ""),
        "handler": houses.get(line.handler_organisation_id or 0) or line.get_rule_display(),
    }


@requires(permissions.CONFIGURE)
@require_GET
def catalogue(request: HttpRequest, catalogue_id: int) -> HttpResponse:
    """One of them, line by line."""
    actor = actor_of(request)
    return render(request, "orders/catalogue.html", _page(actor, selectors.catalogue_of(actor, catalogue_id)))


@requires(permissions.CONFIGURE)
@require_POST
def try_catalogue(request: HttpRequest, catalogue_id: int) -> HttpResponse:
    """What it would have done with last month's contacts."""
    actor = actor_of(request)
    found = selectors.catalogue_of(actor, catalogue_id)
    trial = selectors.tried(actor, found, at=time.now())
    page = _page(actor, found, trial=trial)
    rows: list[dict[str, object]] = page["lines"]  # type: ignore[assignment]
    for row, hits in zip(rows, trial.hits, strict=True):
        row["hits"] = hits
    return render(request, "orders/catalogue.html", page)


@requires(permissions.CONFIGURE)
@require_POST
def add_line(request: HttpRequest, catalogue_id: int) -> HttpResponse:
    """A line at the end."""
    actor = actor_of(request)
    try:
        services.add_line(actor=actor, catalogue_id=catalogue_id, new=forms.line_from(request.POST), at=time.now())
    except Invalid as refusal:
        page = _page(actor, selectors.catalogue_of(actor, catalogue_id), error=f"{refusal.message}{refusal.do_next}")
        return render(request, "orders/catalogue.html", page, status=422)
    return redirect("orders:catalogue", catalogue_id)


@requires(permissions.CONFIGURE)
@require_POST
def drop_line(request: HttpRequest, catalogue_id: int, line_id: int) -> HttpResponse:
    """Take a line out."""
    services.drop_line(actor=actor_of(request), catalogue_id=catalogue_id, line_id=line_id, at=time.now())
    return redirect("orders:catalogue", catalogue_id)


@requires(permissions.CONFIGURE)
@require_POST
def raise_line(request: HttpRequest, catalogue_id: int, line_id: int) -> HttpResponse:
    """Move a line up."""
    services.raise_line(actor=actor_of(request), catalogue_id=catalogue_id, line_id=line_id, at=time.now())
    return redirect("orders:catalogue", catalogue_id)


@requires(permissions.CONFIGURE)
@require_POST
def activate(request: HttpRequest, catalogue_id: int) -> HttpResponse:
    """Let it count from a day on; no day means now."""
    actor, asked = actor_of(request), forms.words_from(request.POST, "active_from", 20)
    begins = forms.day_from(asked) or time.now()
    services.activate_catalogue(actor=actor, catalogue_id=catalogue_id, active_from=begins, at=time.now())
    return redirect("orders:catalogue", catalogue_id)


@requires(permissions.CONFIGURE)
@require_POST
def drop_catalogue(request: HttpRequest, catalogue_id: int) -> HttpResponse:
    """Throw a draft away."""
    services.drop_catalogue(actor=actor_of(request), catalogue_id=catalogue_id, at=time.now())
    return redirect("orders:catalogues")
