"""A light HTTP load client: many keep-alive connections in one process, each sending one prepared request after another."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import uvloop

NextRequest = Callable[[], bytes]


@dataclass
class Outcome:
    """seconds: how long each answer took; cpu: seconds of processor time the client itself used; elapsed: wall clock."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cpu: float = 0.0
    elapsed: float = 0.0

    @property
    def answers(self) -> int:
        return sum(self.statuses.values())


class _Connection(asyncio.Protocol):
    """Sends the next request when the whole answer to the last one is there."""

    def __init__(self, make: NextRequest, outcome: Outcome, until: float) -> None:
        self._make, self._outcome, self._until = make, outcome, until
        self._buffer = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._send()

    def _send(self) -> None:
        if time.perf_counter() >= self._until:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(self._make())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, gap, rest = self._buffer.partition(b"\r\n\r\n")
        if not gap or len(rest) < _length(head):
            return
        self._buffer = b""
        self._outcome.seconds.append(time.perf_counter() - self._sent)
        self._outcome.statuses[int(head[9:12])] += 1
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def _run(port: int, make: NextRequest, clients: int, seconds: float) -> Outcome:
    loop, outcome = asyncio.get_running_loop(), Outcome()
    began, cpu = time.perf_counter(), time.process_time()
    opened = [
        await loop.create_connection(lambda: _Connection(make, outcome, began + seconds), "127.0.0.1", port)
        for _ in range(clients)
    ]
    await asyncio.wait_for(asyncio.gather(*(protocol.done for _, protocol in opened)), seconds + 30)
    outcome.elapsed, outcome.cpu = time.perf_counter() - began, time.process_time() - cpu
    return outcome


def _child(pipe: Any, port: int, factory: Callable[[], NextRequest], clients: int, seconds: float) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pipe.send(runner.run(_run(port, factory(), clients, seconds)))


def run_load(port: int, factory: Callable[[], NextRequest], *, clients: int, seconds: float) -> Outcome:
    """Load one port from a process of its own. factory: called there, gives what makes each request's bytes."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(theirs, port, factory, clients, seconds))
    child.start()
    outcome: Outcome = ours.recv()
    child.join()
    return outcome
