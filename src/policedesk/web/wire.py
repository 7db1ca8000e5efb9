"""The address for other desks: deskwire's receiver answers, and its answers go back unchanged."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from deskwire.limits import Limits
from deskwire.receiver import Receiver


def wire_endpoint(receiver: Receiver) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint for everything under `/deskwire/`."""

    async def endpoint(request: Request) -> Response:
        query = request.scope["query_string"].decode("ascii", "replace")
        path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        target = f"{path}?{query}" if query else path
        body = await _up_to(request, Limits().max_bytes + 1)
        answer = await run_in_threadpool(receiver.receive, request.method, target, request.headers, body)
        return Response(answer.body, answer.status, answer.headers)

    return endpoint


async def _up_to(request: Request, most: int) -> bytes:
    # One byte more than allowed is enough for the receiver to refuse it; the rest is not kept.
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk[: most - len(raw)]
    return bytes(raw)
