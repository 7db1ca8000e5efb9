"""Runs Django's WSGI handler in threads under the one ASGI port, with a single hop between the two (ADR 3).

General adapters carry every chunk across the threads by itself; pages here are small and complete, so a request's body
is read first, the handler runs in one thread, and its whole answer comes back at once.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from qingting.core.event_stream import Receive, Scope, Send

LARGEST_BODY = 12 * 1024 * 1024
KEPT = 1024 * 1024  # bytes of a body that a door of its own refuses; more than any such door takes
DRAINED = 64 * 1024 * 1024  # bytes that are read on and thrown away, so that whoever sends them hears the answer
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
WsgiHandler = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class TooLargeError(Exception):
    """The request's body is larger than anything the platform takes."""


async def _read_beginning(receive: Receive) -> bytes:
    """The first part of a body, however long it says or turns out to be; the rest is let go by."""
    body, heard = bytearray(), 0
    while heard <= DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        part = message.get("body", b"")
        heard += len(part)
        body += part[: max(0, KEPT - len(body))]
        if not message.get("more_body"):
            break
    return bytes(body)


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    declared = next((int(v) for k, v in scope["headers"] if k == b"content-length" and v.isdigit()), 0)
    if declared > LARGEST_BODY:
        raise TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise TooLargeError
        if not message.get("more_body"):
            return bytes(body)


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 describes it."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name == "CONTENT_LENGTH" or "_" in raw_name.decode("latin-1"):
            continue  # a header written with an underscore could pass for one of ours
        key, value = ("CONTENT_TYPE" if name == "CONTENT_TYPE" else f"HTTP_{name}"), raw_value.decode("latin-1")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


class PageServer:
    """An ASGI application around a WSGI handler. refusing: beginnings of paths whose own view refuses what is too large, because
    its callers want that signed; it gets the first part of any body."""

    def __init__(self, handler: WsgiHandler, *, threads: int, refusing: tuple[str, ...] = ()) -> None:
        self._handler, self._refusing = handler, refusing
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            own = scope["path"].startswith(self._refusing)
            body = await (_read_beginning(receive) if own else _read_body(scope, receive))
        except TooLargeError:
            await _send(send, (413, [(b"content-type", b"text/plain; charset=utf-8")], "内容太大。".encode()))
            return
        except ConnectionError:
            return
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, context.run, self._answer, _environ(scope, body))
        await _send(send, answer)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            head[:] = [int(status.split(" ", 1)[0]), headers]

        chunks = self._handler(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head[1]]
        return head[0], headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


async def _send(send: Send, answer: Answer) -> None:
    status, headers, body = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
