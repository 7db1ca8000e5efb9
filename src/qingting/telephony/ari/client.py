"""A client of Asterisk's REST interface: requests, and one event stream that is trusted only while it is heard.

An open websocket proves nothing: after another connection of the same application it stays open and hears nothing for
good. So the client asks Asterisk, again and again, for an event of its own, and connects anew when that does not arrive.
"""

import asyncio
import contextlib
import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

log = logging.getLogger(__name__)

Event = dict[str, Any]

APPLICATION = "qingting"
PROBE_EVERY = 3.0  # seconds between two probes of a stream that is well
PROBE_AGAIN = 0.7  # and of a fresh one, whose predecessor's cleanup may still unregister it
PATIENCE = 2.0  # seconds until an event of our own must have arrived
LONGEST_PAUSE = 2.0  # seconds between two attempts to connect; a caller hears music meanwhile
_OBJECTS = ("channel", "peer", "bridge", "playback", "recording", "endpoint")


class AriRefused(Exception):
    """Asterisk answered with a refusal; `status` is HTTP's."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"{status} {what}")
        self.status = status


class AriUnreachable(Exception):
    """Asterisk did not answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the REST interface is, up to and with `/ari`, and who asks."""

    url: str
    user: str
    password: str


class Watch:
    """Events about some objects, in the order of their arrival, while the block runs."""

    def __init__(self, client: "AriClient", ids: Iterable[str]) -> None:
        self._client, self.ids = client, tuple(ids)
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    def __enter__(self) -> Self:
        for name in self.ids:
            self._client.watchers[name].append(self._queue)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for name in self.ids:
            queues = self._client.watchers[name]
            queues.remove(self._queue)
            if not queues:
                del self._client.watchers[name]

    async def next(self) -> Event:
        return await self._queue.get()

    async def until(self, wanted: Callable[[Event], bool], *, seconds: float) -> Event:
        """The first event that is wanted. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                event = await self._queue.get()
                if wanted(event):
                    return event


class AriClient:
    """One Asterisk, one application. `when_heard` runs each time the stream is heard again after a silence.

    `where` is asked anew each time: on the very first start the password is written only once Asterisk has been fetched.
    """

    def __init__(
        self,
        where: Callable[[], Address],
        *,
        when_heard: Callable[[], Awaitable[None]],
        on_event: Callable[[Event], None],
    ) -> None:
        self._where, self._when_heard, self._on_event = where, when_heard, on_event
        self.watchers: dict[str, list[asyncio.Queue[Event]]] = defaultdict(list)
        self.heard = asyncio.Event()
        self._probe_name = f"probe-{uuid.uuid4().hex[:12]}"
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._fresh = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=10), connector=aiohttp.TCPConnector(limit=64)
        )
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_probing())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def watch(self, *ids: str) -> Watch:
        return Watch(self, ids)

    async def get(self, path: str, **parameters: Any) -> Any:
        return await self.request("GET", path, **parameters)

    async def post(self, path: str, body: Any = None, **parameters: Any) -> Any:
        return await self.request("POST", path, body, **parameters)

    async def put(self, path: str, body: Any = None, **parameters: Any) -> Any:
        return await self.request("PUT", path, body, **parameters)

    async def download(self, path: str) -> bytes:
        """The bytes of a file. Raises AriRefused or AriUnreachable."""
        if self._session is None:
            raise AriUnreachable("not started")
        try:
            address = self._where()
            async with self._session.get(address.url + path, auth=_auth(address)) as answer:
                if answer.status >= 300:
                    raise AriRefused(answer.status, "download")
                return await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise AriUnreachable(type(error).__name__) from error

    async def date(self) -> str:
        """What time it is on Asterisk's machine, as HTTP writes it. Raises AriRefused or AriUnreachable."""
        if self._session is None:
            raise AriUnreachable("not started")
        address = self._where()
        try:
            async with self._session.get(f"{address.url}/asterisk/ping", auth=_auth(address)) as answer:
                if answer.status >= 300 or "Date" not in answer.headers:
                    raise AriRefused(answer.status, "ping")
                return answer.headers["Date"]
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise AriUnreachable(type(error).__name__) from error

    async def remove(self, path: str, **parameters: Any) -> None:
        """End something; that it is gone already is no refusal."""
        try:
            await self.request("DELETE", path, **parameters)
        except AriRefused as refusal:
            if refusal.status not in (404, 409):
                raise

    async def request(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """One request; its JSON answer or None. Raises AriRefused or AriUnreachable.

        Asterisk does what it was asked though we no longer listen. So whoever is cancelled meanwhile waits for the answer:
        what they ask next must arrive behind it, or a caller's music begins after the order to end it.
        """
        asking = asyncio.ensure_future(self._ask(method, path, body, **parameters))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            await asyncio.gather(asking, return_exceptions=True)
            raise

    async def _ask(self, method: str, path: str, body: Any, **parameters: Any) -> Any:
        if self._session is None:
            raise AriUnreachable("not started")
        asked = {name: _written(value) for name, value in parameters.items() if value is not None}
        address = self._where()
        url, auth = address.url + path, _auth(address)
        try:
            async with self._session.request(method, url, params=asked, json=body, auth=auth) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise AriUnreachable(type(error).__name__) from error
        if answer.status >= 300:
            raise AriRefused(answer.status, f"{method} {_without_ids(path)}")
        return json.loads(text) if text else None

    def dispatch(self, event: Event) -> None:
        """Hand an event to whoever watches its objects, then to the controller. Also for events that we missed."""
        for name in _ids_of(event):
            for queue in list(self.watchers.get(name, ())):
                queue.put_nowait(event)
        try:
            self._on_event(event)
        except Exception:
            log.exception("an event of kind %s was not understood", event["type"])

    async def _listen(self) -> None:
        pause = 0.2
        while True:
            try:
                await self._listen_once()
                pause = 0.2
            except (aiohttp.ClientError, OSError, TimeoutError):
                pause = min(pause * 2, LONGEST_PAUSE)
            self.heard.clear()
            self._socket = None
            await asyncio.sleep(pause)

    async def _listen_once(self) -> None:
        if self._session is None:
            return
        address = self._where()
        url = f"{address.url}/events?app={APPLICATION}&subscribeAll=false"
        quick = aiohttp.ClientWSTimeout(ws_close=0.5)
        async with self._session.ws_connect(url, auth=_auth(address), heartbeat=10, timeout=quick) as socket:
            self._socket = socket
            self._fresh.set()
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self.dispatch(json.loads(message.data))

    async def _keep_probing(self) -> None:
        soon = 0
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._fresh.wait(), PROBE_AGAIN if soon else PROBE_EVERY)
                self._fresh.clear()
                soon = 4
                await asyncio.sleep(0.1)
            soon = max(0, soon - 1)
            if self._socket is not None and not self._socket.closed:
                await self._probe(self._socket)

    async def _probe(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            with self.watch(self._probe_name) as answer:
                await self.post(f"/events/user/{self._probe_name}", application=APPLICATION)
                await answer.until(lambda event: True, seconds=PATIENCE)
        except (AriRefused, TimeoutError):
            self.heard.clear()
            await socket.close()
        except AriUnreachable:
            self.heard.clear()
        else:
            if not self.heard.is_set():
                self.heard.set()
                await self._when_heard()


def _auth(address: Address) -> aiohttp.BasicAuth:
    return aiohttp.BasicAuth(address.user, address.password)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ids_of(event: Event) -> set[str]:
    found = {event["eventname"]} if event["type"] == "ChannelUserevent" else set()
    for kind in _OBJECTS:
        thing = event.get(kind)
        if isinstance(thing, dict) and (name := thing.get("id") or thing.get("name") or thing.get("resource")):
            found.add(name)
    return found


def _without_ids(path: str) -> str:
    """A path as a log may show it: an endpoint or a channel name may hold a number."""
    return "/".join(part if part.isalpha() else "…" for part in path.split("/"))
