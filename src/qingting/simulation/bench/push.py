"""`bench push`: thousands of open event streams, from commit to delivery, with the web processes killed half-way.

Each stream listens to a channel of its own and to one it shares with ninety-nine others, as a person does to their account,
their talk and their organisation. Of five entries four are for one stream and one for such a hundred. The bench commits entries to the journal, as services
do, and every stream notes what came and when. Streams come back by themselves with `Last-Event-ID`, as browsers do.
"""

import asyncio
import contextlib
import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import psycopg
import uvloop
from psycopg.types.json import Jsonb

from qingting.core.ids import new_id
from qingting.simulation.bench.numbers import milliseconds
from qingting.simulation.bench.stand import Stand

PROCESSES = 2
GROUP = 100
_AT_ONCE = 200  # streams that a process opens at the same time
_WRITE = """INSERT INTO core_entry (id, at, name, acting_as, organisation_id, province, subject_kind, subject_id, ids, data,
  channels) VALUES (%s, now(), 'bench.told', 'system', 0, '440000', 'bench', 1, %s, %s, %s)"""


@dataclass(frozen=True)
class Size:
    """streams: open at a time; seconds: of telling; each_second: entries committed."""

    streams: int = 2000
    seconds: float = 20
    each_second: float = 40


@dataclass
class Heard:
    """got: how often each stream heard each entry, as (stream, entry); delays: when it was heard, seconds since the commit,
    and whether it was for one stream only; back: seconds until a stream that was cut was there again."""

    got: Counter[tuple[int, int]] = field(default_factory=Counter)
    delays: list[tuple[float, float, bool]] = field(default_factory=list)
    back: list[float] = field(default_factory=list)


class _Listener:
    """One stream, for as long as it takes."""

    def __init__(self, number: int, port: int, token: str, heard: Heard) -> None:
        self._number, self._port, self._token, self._heard = number, port, token, heard
        self._last, self._lost_at = "", 0.0
        self.ready = asyncio.Event()

    async def run(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._listen()
            if self.ready.is_set():
                self._lost_at = self._lost_at or time.time()
            await asyncio.sleep(0.2 + secrets.randbelow(300) / 1000)

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        resume = f"Last-Event-ID: {self._last}\r\n" if self._last else ""
        writer.write(f"GET /events?token={self._token} HTTP/1.1\r\nHost: 127.0.0.1\r\n{resume}\r\n".encode())
        try:
            while line := await reader.readline():
                self._note(line)
        finally:
            writer.close()

    def _note(self, line: bytes) -> None:
        if line.startswith(b"id: "):
            self._last = line[4:].strip().decode()
        elif line.startswith(b'data: "hello"'):
            self._greeted()
        elif line.startswith(b"data: {"):
            told = json.loads(line[6:])
            if told["name"] == "bench.told":
                arrived = time.time()
                self._heard.got[self._number, int(told["ids"]["bench"])] += 1
                self._heard.delays.append((arrived, arrived - told["data"]["committed"], told["data"]["alone"]))

    def _greeted(self) -> None:
        if self._lost_at:
            self._heard.back.append(time.time() - self._lost_at)
            self._lost_at = 0.0
        self.ready.set()


async def _hear(pipe: Any, port: int, tokens: dict[int, str]) -> Heard:
    heard, gate = Heard(), asyncio.Semaphore(_AT_ONCE)
    listeners = [_Listener(number, port, token, heard) for number, token in tokens.items()]
    tasks = []

    async def open_one(listener: _Listener) -> None:
        async with gate:
            tasks.append(asyncio.create_task(listener.run()))
            await listener.ready.wait()

    await asyncio.gather(*(open_one(listener) for listener in listeners))
    pipe.send("open")
    expected: set[tuple[int, int]] = await asyncio.to_thread(pipe.recv)
    until = time.monotonic() + 60
    while not expected <= heard.got.keys() and time.monotonic() < until:  # noqa: ASYNC110  (a count, not an event)
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    return heard


def _child(pipe: Any, port: int, tokens: dict[int, str]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pipe.send(runner.run(_hear(pipe, port, tokens)))


@dataclass
class _Told:
    """Which stream has to hear which entry, and when the web was killed."""

    expected: set[tuple[int, int]] = field(default_factory=set)
    entries: int = 0
    killed_at: float = 0.0


def group_channel(stream: int) -> str:
    """What a stream shares with others."""
    return f"bench-group:{stream // GROUP + 1}"


def _group(stream: int, streams: int) -> range:
    first = stream // GROUP * GROUP
    return range(first, min(first + GROUP, streams))


def _tell(stand: Stand, size: Size, streams: int) -> _Told:
    """Commit entries at a steady pace; half-way kill the web processes, and go on telling meanwhile."""
    told = _Told()
    began = time.monotonic()
    with psycopg.connect(stand.database, autocommit=True, prepare_threshold=0) as connection:
        while (elapsed := time.monotonic() - began) < size.seconds:
            if not told.killed_at and elapsed > size.seconds / 2:
                told.killed_at = time.time()
                threading.Thread(target=stand.kill, args=("web",)).start()
            told.entries += 1
            one = told.entries % streams
            shared = told.entries % 5 == 0
            channels = [group_channel(one)] if shared else [f"bench-{one}:1"]
            said = Jsonb({"committed": time.time(), "alone": not shared})
            connection.execute(_WRITE, (new_id(), Jsonb({"bench": told.entries}), said, channels))
            told.expected |= {(n, told.entries) for n in (_group(one, streams) if shared else (one,))}
            time.sleep(max(0.0, began + told.entries / size.each_second - time.monotonic()))
    return told


def measure(stand: Stand, size: Size) -> dict[str, Any]:
    """Open the streams, tell, kill, count."""
    tokens = json.loads(stand.command("bench", "--running", "tokens", "--streams", str(size.streams)))
    context = get_context("spawn")
    pipes = []
    for share in range(PROCESSES):
        ours, theirs = context.Pipe()
        mine = {number: token for number, token in enumerate(tokens) if number % PROCESSES == share}
        context.Process(target=_child, args=(theirs, stand.http_port, mine), daemon=True).start()
        pipes.append(ours)
    began = time.monotonic()
    for pipe in pipes:
        pipe.recv()
    opened = time.monotonic() - began
    told = _tell(stand, size, size.streams)
    for share, pipe in enumerate(pipes):
        pipe.send({pair for pair in told.expected if pair[0] % PROCESSES == share})
    return _report(told, [pipe.recv() for pipe in pipes], size, opened)


def _report(told: _Told, parts: Iterable[Heard], size: Size, opened: float) -> dict[str, Any]:
    got: Counter[tuple[int, int]] = Counter()
    delays: list[tuple[float, float, bool]] = []
    back: list[float] = []
    for part in parts:
        got.update(part.got)
        delays += part.delays
        back += part.back
    calm = [(delay, alone) for arrived, delay, alone in delays if arrived < told.killed_at]
    return {
        "streams": size.streams,
        "seconds_to_open": round(opened, 1),
        "entries": told.entries,
        "deliveries_due": len(told.expected),
        "missing": len(told.expected - got.keys()),
        "doubled": sum(1 for count in got.values() if count > 1),
        "commit_to_delivery_ms": milliseconds([delay for delay, _ in calm]),
        "commit_to_delivery_ms_for_one": milliseconds([delay for delay, alone in calm if alone]),
        "commit_to_delivery_ms_for_a_hundred": milliseconds([delay for delay, alone in calm if not alone]),
        "commit_to_delivery_ms_over_the_restart": milliseconds([delay for _, delay, _ in delays]),
        "streams_cut_by_the_kill": len(back),
        "seconds_until_a_stream_was_back": {name: round(v / 1000, 2) for name, v in milliseconds(back).items()},
        "load_average": [round(value, 1) for value in os.getloadavg()],
    }
