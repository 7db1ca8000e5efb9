"""The stream that tells open pages to look again. It carries a version number and nothing about anyone."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from policedesk.desk import Parts
from policedesk.web.security import Endpoint, Guard

LOOK_EVERY = 0.2
KEEP_ALIVE = 75
"""Looks between two signs of life: 15 seconds."""


def live_endpoint(parts: Parts, guard: Guard) -> Endpoint:
    """Make the server-sent stream; it ends when the session does, at the latest after a keep-alive."""

    async def endpoint(request: Request) -> Response:
        if await guard.operator(request) is None:
            return Response(status_code=401)
        return StreamingResponse(_stream(request), media_type="text/event-stream")

    async def _stream(request: Request) -> AsyncIterator[str]:
        seen: tuple[int, bool | None] | None = None
        quiet = 0
        while not await request.is_disconnected():
            now = (parts.database.changes.version, parts.line.current().up)
            if now != seen:
                seen, quiet = now, 0
                yield f"event: changed\ndata: {now[0]}\n\n"
            elif quiet >= KEEP_ALIVE:
                if await guard.operator(request) is None:
                    return
                quiet = 0
                yield ": here\n\n"
            quiet += 1
            await asyncio.sleep(LOOK_EVERY)

    return endpoint
