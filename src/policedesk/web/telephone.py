"""The operator's telephone: its page, what it signs in with, its websocket to the engine, and which incident a call is about.

The browser speaks to this desk only; the desk passes SIP on, for signed-in operators and for the desk's own account.
"""

import asyncio
import contextlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from policedesk.desk import Parts
from policedesk.operators import Operator
from policedesk.selectors import find_incident_of_call
from policedesk.web.render import Pages
from policedesk.web.security import Form, Guard

log = logging.getLogger(__name__)

OWN_ADDRESS = "127.0.0.7"
"""Where the desk's sockets come from on one machine: never an address that the engine takes for a carrier."""
LARGEST_FRAME = 65_536
NOT_ALLOWED, TRY_LATER = 1008, 1013
SIP = Subprotocol("sip")

_FROM = re.compile(r"^(?:from|f)\s*:[^<\r\n]*<?sips?:([^@>;\s]+)@", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Account:
    """The desk's account at the engine; an empty address means that this desk has no telephone."""

    address: str
    user: str
    password_file: Path

    def password(self) -> str:
        """Read anew each time: it may be changed, or appear after the desk has started."""
        try:
            return self.password_file.read_text("ascii").strip()
        except OSError:
            return ""


class Telephone:
    """The telephone's page and what its page asks for."""

    def __init__(self, parts: Parts, pages: Pages, guard: Guard) -> None:
        settings = parts.settings
        self._account = Account(settings.telephone_address, settings.telephone_user, settings.telephone_password_file)
        self._parts, self._pages, self._guard = parts, pages, guard

    def show(self, _request: Request, operator: Operator) -> Response:
        """Show the telephone."""
        return self._pages.page("telephone.html", operator, has_telephone=bool(self._account.address))

    def account(self, _request: Request, _operator: Operator, _form: Form) -> Response:
        """Say what the page signs in with; 503 where there is no telephone."""
        password = self._account.password() if self._account.address else ""
        if not password:
            return JSONResponse({"message": "本台没有接电话，请联系管理员。"}, 503)
        user = self._account.user
        return JSONResponse(
            {"uri": f"sip:{user}@hotline", "password": password, "socket": "/telephone/ws", "ice_servers": []}
        )

    def incident(self, request: Request, operator: Operator) -> Response:
        """Show which incident a call is about, as a fragment; one that names no incident says so."""
        found = find_incident_of_call(self._parts.database, request.path_params["call"])
        return self._pages.page("_call.html", operator, incident=found)

    async def socket(self, browser: WebSocket) -> None:
        """Pass SIP between an operator's page and the engine until either leaves."""
        if not await self._welcome(browser):
            await browser.close(NOT_ALLOWED)
            return
        try:
            async with connect(self._account.address, **_how(self._account.address)) as engine:
                await browser.accept("sip")
                await self._relay(browser, engine)
        except (OSError, WebSocketException):
            with contextlib.suppress(RuntimeError):
                await browser.close(TRY_LATER)

    async def _welcome(self, browser: WebSocket) -> bool:
        """Only our own page, of somebody signed in, speaking SIP."""
        same = urlsplit(browser.headers.get("origin", "")).netloc == browser.headers.get("host")
        if not same or not self._account.address or "sip" not in browser.scope.get("subprotocols", []):
            return False
        return await self._guard.operator(HTTPConnection(browser.scope)) is not None

    async def _relay(self, browser: WebSocket, engine: ClientConnection) -> None:
        sides = [asyncio.create_task(self._outward(browser, engine)), asyncio.create_task(_inward(browser, engine))]
        await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        for side in sides:
            side.cancel()
        await asyncio.gather(*sides, return_exceptions=True)
        with contextlib.suppress(RuntimeError):
            await browser.close(TRY_LATER)

    async def _outward(self, browser: WebSocket, engine: ClientConnection) -> None:
        while True:
            try:
                frame = await browser.receive_text()
            except WebSocketDisconnect:
                return
            if len(frame) > LARGEST_FRAME or not may_say(frame, self._account.user):
                log.warning("a page spoke for an account that is not the desk's")
                return
            await engine.send(frame)


async def _inward(browser: WebSocket, engine: ClientConnection) -> None:
    async for frame in engine:
        await browser.send_text(frame if isinstance(frame, str) else frame.decode("utf-8", "replace"))


def may_say(frame: str, user: str) -> bool:
    """Whether a SIP message speaks for this account; answers and signs of life may always pass."""
    if frame.startswith("SIP/2.0 ") or not frame.strip():
        return True
    sender = _FROM.search(frame)
    return sender is not None and sender[1] == user


def _how(address: str) -> dict[str, Any]:
    near = urlsplit(address).hostname in {"127.0.0.1", "localhost"}
    own: dict[str, Any] = {"local_addr": (OWN_ADDRESS, 0)} if near else {}
    return {"subprotocols": [SIP], "max_size": LARGEST_FRAME, "proxy": None, "open_timeout": 5, **own}
