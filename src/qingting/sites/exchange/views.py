"""The wire protocol's endpoints: bytes in, bytes out; everything else is `linkage.services.answer`."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from qingting.core import time
from qingting.core.access import open_to_all
from qingting.linkage.services import answer

MAX_BYTES = 262_144
"""The protocol's own limit."""


@csrf_exempt
@transaction.non_atomic_requests
@open_to_all("signed by the desk's key")
def deskwire(request: HttpRequest, rest: str) -> HttpResponse:
    """One call of another desk. The answer is written back unchanged: its signature covers status and body."""
    got = answer(
        method=request.method or "",
        target=_target(request),
        headers=request.headers,
        body=_body(request),
        at=time.now(),
    )
    response = HttpResponse(got.body, status=got.status)
    for name, value in got.headers.items():
        response[name] = value
    return response


def _target(request: HttpRequest) -> str:
    """Path and query as they were signed; the protocol's paths are plain ASCII."""
    query = request.META.get("QUERY_STRING", "")
    return f"{request.path}?{query}" if query else request.path


def _body(request: HttpRequest) -> bytes:
    """The raw body, never read further than one byte too many: the receiver refuses that with a signed 413. A sender may
    leave out the length or lie about it."""
    return request.read(MAX_BYTES + 1)
