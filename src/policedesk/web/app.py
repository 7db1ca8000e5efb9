"""The desk's web application: its pages, and its address for other desks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from policedesk.desk import Parts
from policedesk.selectors import undelivered
from policedesk.web.acts import Acts
from policedesk.web.entrance import Entrance
from policedesk.web.handoffs import Handoffs
from policedesk.web.live import live_endpoint
from policedesk.web.pages import Views
from policedesk.web.render import Pages
from policedesk.web.security import Guard, GuardHeaders
from policedesk.web.telephone import Telephone
from policedesk.web.wire import wire_endpoint

ERASE_EVERY = 3600


def make_app(parts: Parts) -> Starlette:
    """Make the application; its loops start and stop with it."""
    pages, guard = Pages(parts), Guard(parts.operators)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        parts.line.start()
        erasing = asyncio.create_task(_erase_now_and_then(parts))
        yield
        erasing.cancel()
        await run_in_threadpool(parts.line.stop)
        parts.client.close()

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        text = error.detail if isinstance(error, HTTPException) else "本台出错了，请重试；仍不行请告知管理员。"
        operator = await guard.operator(request)
        return await run_in_threadpool(pages.page, "refused.html", operator, status, text=text)

    return Starlette(
        routes=_routes(parts, pages, guard),
        middleware=[Middleware(GuardHeaders)],
        exception_handlers={HTTPException: refused, 500: refused},
        lifespan=lifespan,
    )


def _routes(parts: Parts, pages: Pages, guard: Guard) -> list[Route | Mount | WebSocketRoute]:
    views, entrance, handoffs = Views(parts, pages), Entrance(parts, pages), Handoffs(parts, pages)
    acts, telephone = Acts(parts, views), Telephone(parts, pages, guard)
    static = StaticFiles(directory=str(resources.files("policedesk").joinpath("web/static")))
    return [
        Route("/", guard.page(views.index)),
        Route("/incidents/rows", guard.page(views.rows)),
        Route("/line", guard.page(views.line)),
        Route("/incidents/{link_id:uuid}", guard.page(views.incident)),
        Route("/incidents/{link_id:uuid}/pieces/{piece}", guard.page(views.piece)),
        Route("/incidents/{link_id:uuid}/{kind}", guard.act(acts.submit), methods=["POST"]),
        Route(
            "/incidents/{link_id:uuid}/messages/{message_id:uuid}/again",
            guard.act(acts.send_again),
            methods=["POST"],
        ),
        Route("/handoffs/new", guard.page(handoffs.new)),
        Route("/handoffs", guard.act(handoffs.create), methods=["POST"]),
        Route("/telephone", guard.page(telephone.show)),
        Route("/telephone/account", guard.act(telephone.account), methods=["POST"]),
        Route("/telephone/calls/{call}", guard.page(telephone.incident)),
        WebSocketRoute("/telephone/ws", telephone.socket),
        Route("/sign-in", entrance.show),
        Route("/sign-in", entrance.submit, methods=["POST"]),
        Route("/sign-out", guard.act(entrance.leave), methods=["POST"]),
        Route("/live", live_endpoint(parts, guard)),
        Route("/healthz", _health(parts)),
        Route("/deskwire/{rest:path}", wire_endpoint(parts.receiver), methods=["GET", "POST", "PUT", "DELETE"]),
        Mount("/static", static),
    ]


def _health(parts: Parts) -> Callable[[Request], Response]:
    def health(_request: Request) -> Response:
        line = parts.line.current()
        return JSONResponse(
            {
                "status": "ok",
                "desk": parts.settings.me.desk,
                "line": {None: "unknown", True: "up", False: "down"}[line.up],
                "undelivered": undelivered(parts.database),
            }
        )

    return health


async def _erase_now_and_then(parts: Parts) -> None:
    while True:
        await run_in_threadpool(parts.desk.erase_expired)
        await asyncio.sleep(ERASE_EVERY)
