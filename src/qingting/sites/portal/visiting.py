"""A visitor without sign-up: who the cookie says they are, for views of the portal."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qingting.chat.models import Visit
from qingting.chat.visits import LASTS, open_visit, seeker_actor, visit_of
from qingting.core import time
from qingting.core.access import View
from qingting.core.actors import Actor
from qingting.core.errors import NotFound
from qingting.core.scope import acting
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind

DECLARED = "open: a seeker needs no account; the visit's cookie shows only the visit's own chat"


def the_station() -> Organisation:
    """The station this portal belongs to: the one the setting names, else the installation's first."""
    stations = Organisation.objects.filter(kind=OrganisationKind.STATION, active=True).order_by("id")
    wanted = getattr(settings, "PORTAL_STATION", "")
    station = (stations.filter(name=wanted).first() if wanted else None) or stations.first()
    if station is None:
        raise NotFound("服务台还没有开通。", code="portal.station.none", do_next="请直接拨打12355。")
    return station


def _knocking(request: HttpRequest) -> Visit | None:
    return visit_of(request.COOKIES.get(settings.VISIT_COOKIE, ""), at=time.now())


def knocking_actor(request: HttpRequest) -> Actor | None:
    """The seeker whose visit this is; None for somebody new."""
    visit = _knocking(request)
    return seeker_actor(visit) if visit is not None else None


def visited(view: View) -> View:
    """The view runs as the seeker of this visit; without a visit a page goes to the entrance, a machine gets 401."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = _knocking(request)
        if visit is None:
            return HttpResponse(status=401) if "/api/" in request.path else redirect("portal:chat")
        request.actor = seeker_actor(visit)  # type: ignore[attr-defined]
        with acting(request.actor.scope):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

    guarded.declared_access = DECLARED  # type: ignore[attr-defined]
    return guarded


def welcome(request: HttpRequest, then: Callable[[], HttpResponse]) -> HttpResponse:
    """Run `then` as the seeker of this visit, beginning a visit where there is none, and set its cookie."""
    visit, token = _knocking(request), ""
    if visit is None:
        token, visit = open_visit(the_station(), at=time.now())
    request.actor = seeker_actor(visit)  # type: ignore[attr-defined]
    with acting(request.actor.scope):  # type: ignore[attr-defined]
        response = then()
    if token:
        response.set_cookie(
            settings.VISIT_COOKIE,
            token,
            max_age=int(LASTS.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE_COOKIES,
        )
    return response
