"""Lines and places as a table that is brought in: looked at row by row, then written, and taken back."""

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.csv_files import as_csv, read_csv
from qingting.core.errors import DomainError, Invalid
from qingting.knowledge import forms, selectors, services, sheet
from qingting.knowledge.models import ResourceImport
from qingting.knowledge.permissions import WRITE
from qingting.knowledge.views.places import csv_answer
from qingting.staff.selectors import display_names

MOST_LINES = 1000
LARGEST = 512 * 1024  # bytes
LINES_ON_A_PAGE = 50
IMPORTS_SHOWN = 20
STATES = {"WRONG": "有错", "NEW": "新增", "CHANGED": "有改动", "SAME": "没变"}


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """How a table has to look, what was brought in before; POST brings one in to be looked at."""
    error = ""
    if request.method == "POST":
        try:
            return redirect("knowledge:import", _brought(request).pk)
        except DomainError as refusal:
            error = f"{refusal.message}{refusal.do_next}"
    rows = list(selectors.imports_of(actor_of(request))[:IMPORTS_SHOWN])
    names = display_names({row.account_id for row in rows})
    context = {
        "tables": [(row, names.get(row.account_id, "")) for row in rows],
        "columns": sheet.COLUMNS,
        "most": MOST_LINES,
        "error": error,
    }
    return render(request, "knowledge/imports.html", context, status=422 if error else 200)


def _brought(request: HttpRequest) -> ResourceImport:
    actor, file = actor_of(request), request.FILES.get("table")
    if not isinstance(file, UploadedFile) or not file.size:
        raise Invalid("还没有选文件。", code="knowledge.import.no-file", do_next="选一个 CSV 文件再上传。")
    if file.size > LARGEST:
        raise Invalid("文件太大了，最多512KB。", code="knowledge.import.too-large", do_next="请分成几个文件上传。")
    rows = read_csv(file.read(), most_rows=MOST_LINES + 1)
    try:
        lines = sheet.lines_of(rows, forms.known_for_sheet(actor))
    except sheet.NoSuchTable as error:
        raise Invalid(f"{error}。", code="knowledge.import.columns", do_next="先下载样表，照着它的列名填。") from error
    return services.bring_table(actor=actor, lines=lines, file_name=file.name or "", at=time.now())


@requires(WRITE)
@require_GET
def example(request: HttpRequest) -> HttpResponse:
    """An empty table with one row that shows how to fill it."""
    return csv_answer("热线和机构（样表）.csv", as_csv(sheet.COLUMNS, [sheet.EXAMPLE]))


@requires(WRITE)
@require_GET
def table(request: HttpRequest, import_id: int) -> HttpResponse:
    """Every row: what writing it would do; or, once written, what was done."""
    actor = actor_of(request)
    found, known = selectors.import_for(actor, import_id), forms.known_for_sheet(actor)
    if found.written_at:
        return render(request, "knowledge/import_over.html", {"table": found, "count": len(found.written)})
    seen = services.preview(actor, found, known)
    counts, state = seen.counted(), request.GET.get("state", "")
    shown = [each for each in seen.lines if state not in STATES or each.state == state]
    page = Paginator(shown, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "table": found,
        "page": page,
        "rows": [_row(each, known) for each in page],
        "marks": [(code, label, counts[code]) for code, label in STATES.items() if counts[code]],
        "all": len(seen.lines),
        "state": state if state in STATES else "",
        "to_write": counts["NEW"] + counts["CHANGED"],
        "counts": counts,
        "seen": seen.seen,
        "columns": sheet.COLUMNS[1:],
    }
    return render(request, "knowledge/import.html", context)


def _row(each: sheet.Judged, known: sheet.Known) -> dict[str, object]:
    fields, before = each.line["fields"], {label: old for label, old, _new in each.changes}
    cells = [(sheet.LABELS[name], sheet.shown(name, fields[name], known)) for name in sheet.FIELDS]
    if each.state == "WRONG":
        cells = list(each.line["written"].items())
    return {
        "line": each.line["line"],
        "state": each.state,
        "label": STATES[each.state],
        "wrong": each.wrong,
        "cells": [(label, value, label in before, before.get(label, "")) for label, value in cells],
    }


@requires(WRITE)
@require_POST
def write(request: HttpRequest, import_id: int) -> HttpResponse:
    """Write what was looked at."""
    actor = actor_of(request)
    services.write_table(
        actor=actor,
        import_id=import_id,
        known=forms.known_for_sheet(actor),
        seen=request.POST.get("seen", ""),
        at=time.now(),
    )
    return redirect("knowledge:import", import_id)


@requires(WRITE)
@require_POST
def drop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Throw away what was only looked at."""
    services.drop_table(actor=actor_of(request), import_id=import_id, at=time.now())
    return redirect("knowledge:import-places")


@requires(WRITE)
@require_POST
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take back what was written."""
    services.undo_table(actor=actor_of(request), import_id=import_id, at=time.now())
    return redirect("knowledge:import", import_id)
