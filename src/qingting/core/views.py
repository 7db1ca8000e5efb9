"""Health and metrics."""

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from qingting.core import heartbeats, time
from qingting.core.access import open_to_all
from qingting.core.metrics import exposition

EXPECTED_PARTS = ("worker", "clocks", "push")
# A line to another desk or the telephone being down is shown and alarmed, but pages and chats go on without it.
_CALLS = frozenset({"telephone", "controller"})
NOT_OURS = ("link:", "telephone", "controller")


@transaction.non_atomic_requests  # it answers without a database, too
@open_to_all("monitoring asks without an account; the answer names no organisation and no person")
def health(request: HttpRequest) -> HttpResponse:
    """State of every component. 503 when one of our own is not well; what stands in NOT_OURS is no reason to take this
    platform out of service."""
    components: dict[str, dict[str, object]] = {}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            components["database"] = {"ok": True, "note": cursor.fetchone()[0]}
            parts = heartbeats.state_of_parts(at=time.now())
    except DatabaseError:
        components["database"], parts = {"ok": False, "note": "unreachable"}, {}
    for part in EXPECTED_PARTS:
        components[part] = parts.pop(part, {"ok": False, "note": "never seen"})
    components.update(parts if settings.TELEPHONE else {name: parts[name] for name in parts if name not in _CALLS})
    ours = all(bool(component["ok"]) for name, component in components.items() if not name.startswith(NOT_OURS))
    ok = ours and all(bool(component["ok"]) for component in components.values())
    return JsonResponse({"ok": ok, "components": components}, status=200 if ours else 503)


@open_to_all("scraped by Prometheus; counts only, and the reverse proxy keeps it inside")
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
