"""What guards the pages: headers, sessions, and tokens that prove a form is ours."""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from policedesk.operators import Operator, Operators

SESSION_COOKIE = "policedesk_session"
SIGN_IN_COOKIE = "policedesk_sign_in"
MAX_FORM = 65_536

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=(self)",
}


class GuardHeaders:
    """Puts the guarding headers on every answer; pages are never kept by a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers on the way back."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


class Form:
    """A posted form; every value is one trimmed text."""

    def __init__(self, raw: bytes) -> None:
        try:
            found = parse_qs(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
        except ValueError as error:
            raise HTTPException(400, "表单无法读取") from error
        self.values = {name: values[-1].replace("\r\n", "\n").strip() for name, values in found.items()}

    def text(self, name: str) -> str:
        """Return a field, or an empty text."""
        return self.values.get(name, "")


Page = Callable[[Request, Operator], Response]
Act = Callable[[Request, Operator, Form], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


class Guard:
    """Lets signed-in operators through, and forms only from our own pages."""

    def __init__(self, operators: Operators) -> None:
        self._operators = operators

    def page(self, handler: Page) -> Endpoint:
        """Guard a page: without a session, go and sign in."""

        async def endpoint(request: Request) -> Response:
            operator = await self.operator(request)
            if operator is None:
                return to_sign_in(request)
            return await run_in_threadpool(handler, request, operator)

        return endpoint

    def act(self, handler: Act) -> Endpoint:
        """Guard a form: a session, and the token that its page carried."""

        async def endpoint(request: Request) -> Response:
            form = await read_form(request)
            operator = await self.operator(request)
            if operator is None:
                return to_sign_in(request)
            if not same_token(form.text("form_token"), operator.form_token):
                raise HTTPException(403, "页面已过期，请刷新后重试。")
            return await run_in_threadpool(handler, request, operator, form)

        return endpoint

    async def operator(self, request: HTTPConnection) -> Operator | None:
        """Find who is signed in."""
        token = request.cookies.get(SESSION_COOKIE, "")
        return await run_in_threadpool(self._operators.find_session, token) if token else None


async def read_form(request: Request) -> Form:
    """Read a form of at most 64 KiB."""
    return Form(await read_limited(request, MAX_FORM))


async def read_limited(request: Request, most: int) -> bytes:
    """Read a body; 413 when it is larger than `most`."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise HTTPException(413, "内容过长。")
    return bytes(raw)


def to_sign_in(request: Request) -> Response:
    """Send a page to the sign-in; a fragment or stream only hears 401."""
    if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
        return Response(status_code=401)
    return RedirectResponse("/sign-in", 303)


def same_token(given: str, expected: str) -> bool:
    """Compare two tokens without telling by time how alike they are."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def new_token() -> str:
    """Make a token."""
    return secrets.token_urlsafe(24)
