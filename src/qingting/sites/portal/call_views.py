"""Calling from the browser: what happens before the microphone is asked for, an account for this visit, and where the call stands."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, open_to_all
from qingting.core.addresses import client_address
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.selectors import place_of
from qingting.sites.portal.visiting import visited, welcome
from qingting.telephony.models import Call
from qingting.telephony.services import issue_visit_account
from qingting.telephony.shapes import account_shape
from qingting.telephony.states import CallState


@open_to_all("a seeker needs no account")
@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """What calling from here means, before anything is asked for."""
    return render(request, "portal/call.html")


@open_to_all("a seeker needs no account")
@require_POST
def account(request: HttpRequest) -> HttpResponse:
    """An account at the engine for this visit, begun where there is none: it may dial the line and nothing else."""
    check_rate("portal.call", client_address(request), limit=20, seconds=600, at=time.now())

    def issue() -> HttpResponse:
        issued = issue_visit_account(actor=actor_of(request), at=time.now())
        return JsonResponse(account_shape(issued), status=201)

    return welcome(request, issue)


@visited
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Where this visit's call stands: {"state", "place": {"position", "wait_seconds", "ready"} or null}; state "" for none."""
    with acting(EVERYTHING):  # the visit's own rows only, by its own id
        mine = Call.objects.filter(visit_id=actor_of(request).visit_id or 0).order_by("-started_at")
        call = mine.values("id", "state").first()
    shape: dict[str, Any] = {"state": call["state"] if call else "", "place": None}
    if call and call["state"] == CallState.WAITING:
        place = place_of(("call", call["id"]), at=time.now())
        if place is not None:
            shape["place"] = {"position": place.position, "wait_seconds": place.wait_seconds, "ready": place.ready}
    return JsonResponse(shape)
