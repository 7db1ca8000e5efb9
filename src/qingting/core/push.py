"""Telling browsers: one hub per web process polls the journal behind the visibility horizon and fans out to its streams.

A frame carries the event's name, ids and plain values, never a word of a person; the page fetches what it may see.
The `id` of a frame is a journal cursor, so a browser that comes back with Last-Event-ID gets what it missed.
"""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import psycopg
from django.core import signing
from django.db import connection
from psycopg_pool import AsyncConnectionPool

from qingting.core.journal import Cursor

log = logging.getLogger(__name__)

TOKEN_AGE_SECONDS = 600
PING_SECONDS = 15.0
BEAT_SECONDS = 3.0
REPLAY_LIMIT = 5000
_SALT = "qingting.push"
_LAST_ID = (1 << 63) - 1
_ALWAYS = Cursor(1 << 63, 0)

_COLUMNS = "txid::text::bigint, id, at, name, ids, data, channels"
_NEXT = f"""SELECT {_COLUMNS} FROM core_entry
WHERE (txid, id) > (%s::text::xid8, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY txid, id LIMIT 2000"""
_REPLAY = f"""SELECT {_COLUMNS} FROM core_entry
WHERE (txid, id) > (%s::text::xid8, %s) AND (txid, id) <= (%s::text::xid8, %s) AND channels && %s::text[]
ORDER BY txid, id LIMIT {REPLAY_LIMIT}"""
# Passing signals are not replayed; one that commits behind a later one may be missed, and nothing depends on it.
_SIGNALS = """SELECT id, at, name, ids, data, channels FROM core_signal WHERE id > %s ORDER BY id LIMIT 2000"""
_BEAT = """INSERT INTO core_heartbeat (part, at, note) VALUES ('push', now(), %s)
ON CONFLICT (part) DO UPDATE SET at = excluded.at, note = excluded.note"""
_HORIZON = "SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)"


def stream_token(channels: Iterable[str]) -> str:
    """A signed permit to listen to these channels, good for ten minutes. Issued by a page that has checked the rights.

    It says where the journal stood when the page was drawn, so that nothing is missed until the stream is open.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        (txid,) = cursor.fetchone()
    return signing.dumps([str(Cursor(txid, _LAST_ID)), *sorted(set(channels))], salt=_SALT, compress=True)


def read_token(token: str) -> tuple[list[str], Cursor]:
    """The channels of a permit and the place where the page stood. Raises BadSignature when forged or too old."""
    drawn_at, *channels = signing.loads(token, salt=_SALT, max_age=TOKEN_AGE_SECONDS)
    return channels, Cursor.parse(drawn_at)


def _frame(row: Sequence[Any]) -> tuple[Cursor, bytes]:
    txid, entry_id, at, name, ids, data, _channels = row
    cursor = Cursor(txid, entry_id)
    texts = {kind: str(value) for kind, value in ids.items()}  # 64-bit ids do not fit a browser's number
    body = json.dumps({"name": name, "ids": texts, "data": data, "at": at.isoformat()}, ensure_ascii=False)
    return cursor, f"id: {cursor}\ndata: {body}\n\n".encode()


class Hub:
    """Reads the journal once for all streams of this process."""

    def __init__(self, dsn: str, *, poll_seconds: float = 0.05) -> None:
        self._dsn, self._poll = dsn, poll_seconds
        self._subscribers: dict[str, set[asyncio.Queue[tuple[Cursor, bytes]]]] = defaultdict(set)
        self._cursor = Cursor()
        self._last_signal = 0
        self._last_beat = 0.0
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._pinging: asyncio.Task[None] | None = None
        self._pool: AsyncConnectionPool | None = None

    def start(self) -> None:
        """Begin polling, once."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
            self._pinging = asyncio.create_task(self._ping())

    async def stop(self) -> None:
        for task in (self._task, self._pinging):
            if task is not None:
                task.cancel()
        if self._pool is not None:
            await self._pool.close()

    @property
    def streams(self) -> int:
        """How many streams are open in this process."""
        return len({id(queue) for queues in self._subscribers.values() for queue in queues})

    async def _ping(self) -> None:
        """Now and then a line to every stream, so that whatever stands between knows it lives. One timer for all: a timer
        for each message of each stream costs more than the message."""
        while True:
            await asyncio.sleep(PING_SECONDS)
            for queue in {queue for queues in self._subscribers.values() for queue in queues}:
                queue.put_nowait((_ALWAYS, b": ping\n\n"))

    async def _run(self) -> None:
        while True:
            try:
                async with await self._connect() as connection:
                    await self._follow(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("push lost the database: %s", type(error).__name__)
                await asyncio.sleep(0.5)  # the cursor is kept, so nothing is missed

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True, prepare_threshold=1)
        await connection.execute("SET app.everything = 'on'")
        return connection

    async def _follow(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if not self._ready.is_set():
            row = await (await connection.execute(_HORIZON)).fetchone()
            self._cursor = Cursor(row[0] if row else 0, _LAST_ID)
            self._ready.set()
        while True:
            result = await connection.execute(_NEXT, (str(self._cursor.txid), self._cursor.entry_id))
            rows = await result.fetchall()
            for row in rows:
                self._deliver(row)
            await self._pass_signals(connection)
            await self._show_life(connection)
            if len(rows) < 2000:
                await asyncio.sleep(self._poll)

    async def _show_life(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if time.monotonic() - self._last_beat > BEAT_SECONDS:
            self._last_beat = time.monotonic()
            await connection.execute(_BEAT, (f"{self.streams} streams",))

    async def _pass_signals(self, connection: psycopg.AsyncConnection[Any]) -> None:
        for row in await (await connection.execute(_SIGNALS, (self._last_signal,))).fetchall():
            self._last_signal = row[0]
            _, frame = _frame((0, *row))
            body = frame.partition(b"\n")[2]  # without an id: a browser must not resume from here
            for queue in {queue for channel in row[5] for queue in self._subscribers.get(channel, ())}:
                queue.put_nowait((_ALWAYS, body))

    def _deliver(self, row: Sequence[Any]) -> None:
        targets = {queue for channel in row[6] for queue in self._subscribers.get(channel, ())}
        if targets:
            item = _frame(row)
            for queue in targets:
                queue.put_nowait(item)
        self._cursor = Cursor(row[0], row[1])

    async def _replay(self, after: Cursor, upto: Cursor, channels: list[str]) -> list[tuple[Cursor, bytes]]:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                self._dsn,
                min_size=1,
                max_size=4,
                open=False,
                configure=_see_everything,
                kwargs={"autocommit": True},
            )
            await self._pool.open()
        bounds = (str(after.txid), after.entry_id, str(upto.txid), upto.entry_id, channels)
        async with self._pool.connection() as connection:
            return [_frame(row) for row in await (await connection.execute(_REPLAY, bounds)).fetchall()]

    async def listen(self, channels: list[str], last_seen: Cursor | None) -> AsyncIterator[bytes]:
        """Frames of these channels: first what was missed since `last_seen`, then live ones, with pings between."""
        self.start()
        await self._ready.wait()
        queue: asyncio.Queue[tuple[Cursor, bytes]] = asyncio.Queue()
        for channel in channels:
            self._subscribers[channel].add(queue)
        try:
            upto = self._cursor
            yield f'retry: 1000\nid: {last_seen or upto}\nevent: hello\ndata: "hello"\n\n'.encode()
            if last_seen is not None and last_seen < upto:
                for _, frame in await self._replay(last_seen, upto, channels):
                    yield frame
            async for frame in _live(queue, after=max(upto, last_seen or upto)):
                yield frame
        finally:
            self._forget(channels, queue)

    def _forget(self, channels: list[str], queue: asyncio.Queue[tuple[Cursor, bytes]]) -> None:
        for channel in channels:
            self._subscribers[channel].discard(queue)
            if not self._subscribers[channel]:
                del self._subscribers[channel]


async def _live(queue: asyncio.Queue[tuple[Cursor, bytes]], *, after: Cursor) -> AsyncIterator[bytes]:
    """What comes, all that waits at once."""
    while True:
        items = [await queue.get()]
        while not queue.empty():
            items.append(queue.get_nowait())
        frames = b"".join(frame for cursor, frame in items if cursor > after)
        if frames:
            yield frames


async def _see_everything(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute("SET app.everything = 'on'")


def signal(channels: Iterable[str], name: str, ids: dict[str, int], data: dict[str, Any]) -> None:
    """Tell browsers something that passes by, such as that somebody is writing. It is kept for seconds, in no journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_signal (name, ids, data, channels) VALUES (%s, %s::jsonb, %s::jsonb, %s)",
            [name, json.dumps(ids), json.dumps(data, ensure_ascii=False), list(channels)],
        )


def forget_signals() -> None:
    """Drop what passed by; called by the worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_signal WHERE at < now() - interval '30 seconds'")
