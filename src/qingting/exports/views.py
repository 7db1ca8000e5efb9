"""Pages of exports. What narrows a list may name a person, so it is posted from page to page and never stands in an address."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires, signed_in
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.exports import forms, permissions, selectors, services
from qingting.exports.models import Export
from qingting.exports.states import AT_WORK, KEPT_HOURS, MOST_ROWS, ExportState, FileFormat
from qingting.staff.selectors import display_names


@requires(permissions.MAKE)
@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """From a list's page: how many rows, as which file, why."""
    return _form(request)


def _form(request: HttpRequest, error: str = "") -> HttpResponse:
    sheet, filters, total = services.previewed(
        actor=actor_of(request),
        key=request.POST.get("sheet", ""),
        filters=forms.filters_from(request.POST),
        at=time.now(),
    )
    context = {
        "sheet": sheet,
        "filters": filters,
        "told": sheet.told(actor_of(request), filters),
        "total": total,
        "most": MOST_ROWS,
        "too_many": total > MOST_ROWS,
        "formats": FileFormat.choices,
        "asked": request.POST,
        "hours": KEPT_HOURS,
        "error": error,
    }
    return render(request, "exports/prepare.html", context, status=422 if error else 200)


@requires(permissions.MAKE)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have it made."""
    try:
        export = services.ask(actor=actor_of(request), new=forms.new_from(request.POST), at=time.now())
    except Invalid as refusal:
        return _form(request, refusal.message)
    return redirect("exports:export", export.pk)


@signed_in
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """One's own, and what waits for one's word."""
    actor = actor_of(request)
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1
    found, more = selectors.exports(actor, max(1, number))
    names = display_names({export.account_id for export in found})
    rows = [{"export": one, "title": selectors.title_of(one), "by": names.get(one.account_id, "")} for one in found]
    waiting = [{"export": one, "title": selectors.title_of(one)} for one in selectors.to_decide(actor)]
    context = {"rows": rows, "waiting": waiting, "more": more, "number": max(1, number)}
    return render(request, "exports/list.html", context)


def _page(actor: Actor, export: Export) -> dict[str, object]:
    own = export.account_id == actor.account_id
    names = display_names({export.account_id, export.decided_by_account_id or 0})
    return {
        "export": export,
        "title": selectors.title_of(export),
        "own": own,
        "by": names.get(export.account_id, ""),
        "decided_by": names.get(export.decided_by_account_id or 0, ""),
        "running": export.state in AT_WORK,
        "ready": export.state == ExportState.READY and own,
        "decides": export.state == ExportState.ASKED and not own and actor.may(permissions.APPROVE),
        "cancels": own and export.state in {*AT_WORK, ExportState.ASKED},
    }


@signed_in
@require_GET
def export(request: HttpRequest, export_id: int) -> HttpResponse:
    """One: how far it is, and the file."""
    actor = actor_of(request)
    return render(request, "exports/export.html", _page(actor, selectors.export_of(actor, export_id)))


@requires(permissions.APPROVE)
@require_POST
def approve(request: HttpRequest, export_id: int) -> HttpResponse:
    """Agree."""
    services.approve(actor=actor_of(request), export_id=export_id, at=time.now())
    return redirect("exports:export", export_id)


@requires(permissions.APPROVE)
@require_POST
def refuse(request: HttpRequest, export_id: int) -> HttpResponse:
    """Do not agree."""
    services.refuse(actor=actor_of(request), export_id=export_id, words=request.POST.get("words", ""), at=time.now())
    return redirect("exports:export", export_id)


@requires(permissions.MAKE)
@require_POST
def cancel(request: HttpRequest, export_id: int) -> HttpResponse:
    """Not wanted any more."""
    services.cancel(actor=actor_of(request), export_id=export_id, at=time.now())
    return redirect("exports:export", export_id)


@requires(permissions.MAKE)
@require_POST
def download(request: HttpRequest, export_id: int) -> HttpResponse:
    """The file. Posted, so that nothing fetches it by itself; kept by no cache."""
    taken = services.download(actor=actor_of(request), export_id=export_id, at=time.now())
    answer = HttpResponse(taken.body, content_type=taken.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.name)}"
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
