"""Leaving a message or asking to be called back, and reading the reply on the same visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qingting.core import time
from qingting.core.access import actor_of, open_to_all
from qingting.core.addresses import client_address
from qingting.core.errors import Invalid
from qingting.core.rate_limits import check_rate
from qingting.core.scope import acting
from qingting.reception import forms, selectors, services
from qingting.reception.rules import SILENT_FROM
from qingting.reception.states import LeftKind
from qingting.sites.portal.visiting import knocking_actor, welcome


@open_to_all("a seeker needs no account; what was left shows on its own visit only")
def leave(request: HttpRequest) -> HttpResponse:
    """The form, and what was left and answered on this visit."""
    if request.method == "POST":
        return _left(request)
    asked = request.GET.get("kind", "").upper()
    kind = asked if asked in LeftKind.values else LeftKind.MESSAGE
    return _page(request, {"kind": kind})


def _page(request: HttpRequest, values: dict[str, str], errors: dict[str, str] | None = None) -> HttpResponse:
    actor = knocking_actor(request)
    rows = []
    if actor is not None:
        with acting(actor.scope):
            rows = list(selectors.left_by(actor)[:10])
    context = {
        "values": values,
        "errors": errors or {},
        "rows": rows,
        "sent": request.GET.get("sent") == "1" and bool(rows),
        "danger": bool(rows) and rows[0].level in SILENT_FROM,
    }
    return render(request, "portal/leave_message.html", context, status=422 if errors else 200)


def _left(request: HttpRequest) -> HttpResponse:
    at = time.now()
    check_rate("portal.leave", client_address(request), limit=20, seconds=3600, at=at)

    def put() -> HttpResponse:
        services.leave(actor=actor_of(request), left=forms.left_from(request.POST), at=at)
        response = redirect("portal:leave-message")
        response["Location"] += "?sent=1"
        return response

    try:
        return welcome(request, put)
    except Invalid as error:
        return _page(request, request.POST.dict(), error.fields)
