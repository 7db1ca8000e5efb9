"""One port for all: event streams as raw ASGI, everything else through Django's WSGI handler in threads (ADR 3)."""

import asyncio
import logging
import os

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string

from deskwire import BASE_PATH
from qingting.config.wsgi import application as pages
from qingting.core.event_stream import Receive, Scope, Send, serve_events
from qingting.core.page_server import PageServer
from qingting.core.push import Hub
from qingting.telephony.sip_socket import PATH as SIP_PATH
from qingting.telephony.sip_socket import serve_sip

log = logging.getLogger(__name__)
THREADS = int(os.environ.get("QINGTING_WEB_THREADS", "8"))


def _dsn() -> str:
    from psycopg.conninfo import make_conninfo

    settings = connections["default"].settings_dict
    return make_conninfo(
        "",
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        application_name="qingting-push",
    )


hub = Hub(_dsn())
_pages = PageServer(pages, threads=THREADS, refusing=(f"{BASE_PATH}/",))


def _warm_up() -> None:
    """Load every page's code and what rooms need for their first act, so that nobody's first click waits for it."""
    try:
        _ = get_resolver().url_patterns
        for name in settings.WARM_UP:
            import_string(name)()
    except Exception as error:  # noqa: BLE001 - a cold start is slower, and no reason not to start
        log.warning("could not warm up: %s", type(error).__name__)
    finally:
        connections.close_all()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start()
            await asyncio.to_thread(_warm_up)
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route by kind and path."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events":
        await serve_events(hub, scope, receive, send)
    elif scope["type"] == "websocket" and scope["path"] == SIP_PATH:
        await serve_sip(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
