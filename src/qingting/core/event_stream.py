"""`GET /events?token=…`: the one long-lived address, served as raw ASGI beside Django's pages."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.core import signing

from qingting.core.journal import Cursor
from qingting.core.push import TOKEN_AGE_SECONDS, Hub, read_token

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"referrer-policy", b"no-referrer"),
]


def _last_seen(scope: Scope, query: dict[str, list[str]]) -> Cursor | None:
    """From the browser's own header, or from the address when the page reconnects with a fresh token."""
    headers = dict(scope["headers"])
    text = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("after", [""])[0]
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        return None


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pour(hub: Hub, channels: list[str], last_seen: Cursor, send: Send) -> None:
    """Send frames until the permit is too old; the page then comes back with a fresh one."""
    ends = time.monotonic() + TOKEN_AGE_SECONDS
    async for frame in hub.listen(channels, last_seen):
        await send({"type": "http.response.body", "body": frame, "more_body": True})
        if time.monotonic() > ends:
            return


async def serve_events(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one stream; ends when the browser leaves or the permit runs out."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        channels, drawn_at = read_token(query.get("token", [""])[0])
    except signing.BadSignature:
        await _refuse(send, 401)
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    pour = asyncio.ensure_future(_pour(hub, channels, _last_seen(scope, query) or drawn_at, send))
    gone = asyncio.ensure_future(_until_gone(receive))
    await asyncio.wait({pour, gone}, return_when=asyncio.FIRST_COMPLETED)
    for task in (pour, gone):
        task.cancel()
    await asyncio.gather(pour, gone, return_exceptions=True)
    with contextlib.suppress(RuntimeError, OSError):  # the browser may be gone already
        await send({"type": "http.response.body", "body": b"", "more_body": False})
