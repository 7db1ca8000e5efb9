"""The softphone's websocket: between a browser that is signed in and Asterisk, and for nobody else.

Three locks, one behind the other, because Asterisk knows carriers by their address and would take a stranger on this
socket for one: only whoever holds the pass of an account, and the session that it was issued to, gets a socket at all; on
it only that account may speak; and the socket leaves from an address of its own, which is nobody's trunk.
"""

import asyncio
import contextlib
import logging
import re
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from django.conf import settings
from django.db import close_old_connections, transaction

from qingting.core import time
from qingting.core.event_stream import Receive, Scope, Send
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony.places import websocket_address
from qingting.telephony.selectors import account_of_pass

log = logging.getLogger(__name__)

PATH = "/telephony/sip"
OWN_ADDRESS = "127.0.0.6"  # never in QINGTING_SIP_TRUNKS
LARGEST_FRAME = 64 * 1024
TRY_LATER, NOT_ALLOWED = 1013, 1008

_FROM = re.compile(r"^(?:from|f)\s*:[^<\r\n]*<?sips?:([^@>;\s]+)@", re.I | re.M)


async def serve_sip(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one websocket; ends when either side leaves."""
    await receive()
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    account = await asyncio.to_thread(_account, scope, headers) if _same_origin(headers) else ""
    if not account or "sip" not in scope.get("subprotocols", []):
        await send({"type": "websocket.close", "code": NOT_ALLOWED})
        return
    try:
        async with aiohttp.ClientSession(connector=_connector()) as session, _to_asterisk(session) as far:
            await send({"type": "websocket.accept", "subprotocol": "sip"})
            await _relay(far, account, receive, send)
    except (aiohttp.ClientError, OSError):
        with contextlib.suppress(RuntimeError):
            await send({"type": "websocket.close", "code": TRY_LATER})


def may_say(frame: str, account: str) -> bool:
    """Whether a SIP message from a browser speaks for its own account; an answer to us may always pass."""
    if frame.startswith("SIP/2.0 ") or not frame.strip():
        return True
    sender = _FROM.search(frame)
    return bool(sender and sender[1] == account)


async def _relay(far: aiohttp.ClientWebSocketResponse, account: str, receive: Receive, send: Send) -> None:
    sides = [asyncio.ensure_future(_outward(far, account, receive)), asyncio.ensure_future(_inward(far, send))]
    await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
    for side in sides:
        side.cancel()
    done = await asyncio.gather(*sides, return_exceptions=True)
    code = next((result for result in done if isinstance(result, int)), 1000)
    with contextlib.suppress(RuntimeError, OSError):
        await send({"type": "websocket.close", "code": code})


async def _outward(far: aiohttp.ClientWebSocketResponse, account: str, receive: Receive) -> int:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return 1000
        frame = message.get("text") or (message.get("bytes") or b"").decode("utf-8", "replace")
        if len(frame) > LARGEST_FRAME or not may_say(frame, account):
            log.warning("a softphone spoke for an account that is not its own")
            return NOT_ALLOWED
        await far.send_str(frame)


async def _inward(far: aiohttp.ClientWebSocketResponse, send: Send) -> int:
    async for message in far:
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            text = message.data if isinstance(message.data, str) else message.data.decode("utf-8", "replace")
            await send({"type": "websocket.send", "text": text})
    return TRY_LATER


def _to_asterisk(session: aiohttp.ClientSession) -> Any:
    return session.ws_connect(websocket_address(), protocols=("sip",), heartbeat=20, max_msg_size=LARGEST_FRAME)


def _connector() -> aiohttp.TCPConnector:
    """On one machine, from an address of our own."""
    near = urlsplit(websocket_address()).hostname in ("127.0.0.1", "localhost")
    return aiohttp.TCPConnector(local_addr=(OWN_ADDRESS, 0) if near else None)


def _same_origin(headers: dict[str, str]) -> bool:
    """No other site's page may open a socket with our visitor's cookies."""
    return bool(headers.get("host")) and urlsplit(headers.get("origin", "")).netloc == headers["host"]


def _account(scope: Scope, headers: dict[str, str]) -> str:
    """The account whose pass stands in the address, if its session's cookie came with it."""
    given = parse_qs(scope["query_string"].decode("latin-1")).get("pass", [""])[0]
    jar: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        jar.load(headers.get("cookie", ""))
    token = jar[settings.SESSION_COOKIE].value if settings.SESSION_COOKIE in jar else ""
    try:
        with acting(EVERYTHING), transaction.atomic():
            return account_of_pass(given, token, at=time.now())
    finally:
        close_old_connections()
