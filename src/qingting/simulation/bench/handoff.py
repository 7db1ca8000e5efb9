"""`bench handoff`: one click at the seat → stored and acknowledged at the other desk, beside a bare HTTP round trip with
the same two commits."""

import asyncio
import os
import socket
import sqlite3
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg

from qingting.simulation.bench.numbers import milliseconds
from qingting.simulation.bench.stand import Stand
from qingting.simulation.browser import Browser, from_somewhere
from qingting.simulation.counsellor import Counsellor
from qingting.simulation.seeker import Seeker
from qingting.simulation.staff import sign_in

DIVISION = "440106"
_DELIVERED = """SELECT m.stored_at, m.delivered_at FROM linkage_deskmessage m JOIN linkage_handoff h USING (link_id)
  WHERE h.case_id = %s AND m.way = 'OUT' AND m.state = 'DELIVERED' ORDER BY m.seq LIMIT 1"""


def measure(stand: Stand, times: int) -> dict[str, Any]:
    """Interleaved: a click, a bare round trip, a click …"""
    counsellor = Counsellor(sign_in(stand.accounts()["counsellor"], Browser(stand.http)).browser)
    cases = [_ready_case(stand, counsellor) for _ in range(times)]
    committed, acknowledged, answered, bare = [], [], [], []
    with _Bare(stand) as plain, psycopg.connect(stand.database, autocommit=True) as connection:
        connection.execute("SET app.everything = 'on'")
        for case in cases:
            began = time.time()  # the wall clock: it is compared with the platform's own stamps, on this machine
            counsellor.hand_off(case, item=1, words="请尽快到场")
            answered.append(time.time() - began)
            stored, delivered = _wait_delivered(connection, case)
            committed.append(stored - began)
            acknowledged.append(delivered - began)
            bare.append(plain.round_trip())
    return {
        "handoffs": times,
        "click_to_acknowledged_by_the_desk_ms": milliseconds(acknowledged),
        "click_to_page_answered_ms": milliseconds(answered),
        "click_to_service_called_ms": milliseconds(committed),
        "bare_round_trip_with_two_commits_ms": milliseconds(bare),
        "load_average": [round(value, 1) for value in os.getloadavg()],
    }


def _wait_delivered(connection: psycopg.Connection[Any], case: int) -> tuple[float, float]:
    """The moment of the click as the platform took it, and that of the other desk's receipt."""
    until = time.monotonic() + 60
    while (found := connection.execute(_DELIVERED, (case,)).fetchone()) is None:
        if time.monotonic() > until:
            raise TimeoutError("the other desk did not acknowledge")
        time.sleep(0.005)
    stored, delivered = found
    return stored.timestamp(), delivered.timestamp()


def _ready_case(stand: Stand, counsellor: Counsellor) -> int:
    """A crisis talk with its record, assessment and case: only the click is missing."""
    counsellor.be("READY")
    seeker = Seeker(from_somewhere(stand.http))
    seeker.begin()
    seeker.say("我站在楼顶，不想活了")
    until = time.monotonic() + 30
    while not (conversation := counsellor.take_offer()):
        if time.monotonic() > until:
            raise TimeoutError("no offer came")
        time.sleep(0.05)
    contact = counsellor.contact_of(conversation)
    category = counsellor.fill_in(contact, level="CRITICAL", summary="在楼顶，愿意聊", division=DIVISION)
    counsellor.assess(contact, level="CRITICAL", where="三号楼楼顶")
    case = counsellor.open_case(contact, urgency="CRITICAL", division=DIVISION, category=category)
    counsellor.end(conversation)
    return case


class _Bare:
    """A commit here (PostgreSQL), a POST over HTTP, a commit there (SQLite, as the reference desk), and its answer."""

    def __init__(self, stand: Stand) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="qingting-bench-")
        self._database = stand.database
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._connection = psycopg.connect(self._database, autocommit=True, prepare_threshold=0)
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_outbox (id uuid PRIMARY KEY, document text NOT NULL)"
        )
        self._thread.start()
        port = self._listening.getsockname()[1]
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._connection.execute("DROP TABLE bench_outbox")
        self._connection.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._folder.cleanup()

    def round_trip(self) -> float:
        """Seconds."""
        document, began = "{" + "x" * 2000 + "}", time.perf_counter()
        self._connection.execute("INSERT INTO bench_outbox VALUES (%s, %s)", (uuid.uuid4(), document))
        self._client.post("/", content=document).raise_for_status()
        return time.perf_counter() - began

    def _serve(self) -> None:
        stored = sqlite3.connect(Path(self._folder.name) / "bare.sqlite3", isolation_level=None)
        stored.execute("PRAGMA journal_mode = WAL")
        stored.execute("PRAGMA synchronous = FULL")
        stored.execute("CREATE TABLE received (document TEXT)")

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while not reader.at_eof():
                with suppress(asyncio.IncompleteReadError):
                    await _answer_one(reader, writer, stored)

        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(answer, sock=self._listening))
        self._loop.run_forever()
        stored.close()


async def _answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stored: sqlite3.Connection) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    stored.execute("INSERT INTO received VALUES (?)", (body.decode(),))
    writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
