"""Incidents of 110: the list, taking one, and reporting back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.linkage import selectors, services
from qingting.linkage.forms import WordsForm
from qingting.linkage.permissions import HAND_OFF, VIEW
from qingting.linkage.views.shown import PAGE, with_names


@requires(VIEW)
@require_GET
def incoming(request: HttpRequest) -> HttpResponse:
    """Incidents that 110 handed to us."""
    page = selectors.incoming_page(actor_of(request), request.GET.get("page", "1"), PAGE)
    fragment = request.headers.get("HX-Request") is not None
    template = "linkage/incoming_rows.html" if fragment else "linkage/incoming.html"
    return render(request, template, {"page": page, "rows": with_names(page)})


def _said(request: HttpRequest) -> tuple[str, str]:
    form = WordsForm(request.POST)
    form.is_valid()
    return form.cleaned_data.get("code", ""), form.cleaned_data.get("words", "")


def _back(handoff_id: int) -> HttpResponse:
    return HttpResponseClientRedirect(reverse("linkage:handoff", args=[handoff_id]))


@requires(HAND_OFF)
@require_POST
def take(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """签收."""
    services.take_incident(actor=actor_of(request), handoff_id=handoff_id, at=time.now())
    return _back(handoff_id)


@requires(HAND_OFF)
@require_POST
def decline(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """退回."""
    code, words = _said(request)
    services.decline_incident(actor=actor_of(request), handoff_id=handoff_id, reason=code, words=words, at=time.now())
    return _back(handoff_id)


@requires(HAND_OFF)
@require_POST
def progress(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """反馈进展."""
    code, words = _said(request)
    services.report_progress(actor=actor_of(request), handoff_id=handoff_id, stage=code, words=words, at=time.now())
    return _back(handoff_id)


@requires(HAND_OFF)
@require_POST
def result(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """反馈结果."""
    code, words = _said(request)
    services.report_result(actor=actor_of(request), handoff_id=handoff_id, outcome=code, words=words, at=time.now())
    return _back(handoff_id)
