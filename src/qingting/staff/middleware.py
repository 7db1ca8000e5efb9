"""Who is asking: the session's person at their current post, or nobody; and the scope of the request."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from qingting.core import time
from qingting.core.actors import Actor
from qingting.core.scope import NOBODY, acting
from qingting.staff.actors import actor_for
from qingting.staff.sessions import live_session

ANYBODY = Actor(account_id=0, organisation_id=0, province="", acting_as="anybody")
GetResponse = Callable[[HttpRequest], HttpResponse]


def known_actor(get_response: GetResponse) -> GetResponse:
    """Set `request.actor` and `request.session_row`, and act in that scope until the answer is there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting(NOBODY):
            actor = _identify(request)
            request.actor = actor  # type: ignore[attr-defined]
            with acting(actor.scope):
                return get_response(request)

    return middleware


def _identify(request: HttpRequest) -> Actor:
    request.session_row = None  # type: ignore[attr-defined]
    token = request.COOKIES.get(settings.SESSION_COOKIE, "")
    if not token:
        return ANYBODY
    at = time.now()
    with transaction.atomic():
        session = live_session(token, at=at)
        if session is None or session.organisation is None:
            return ANYBODY
        actor = actor_for(session.account_id, session.organisation, at=at)
        if not actor.scope.organisations:  # the post has ended meanwhile
            return ANYBODY
        request.session_row = session  # type: ignore[attr-defined]
        return actor
