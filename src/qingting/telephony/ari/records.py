"""What the controller writes down: in threads, with the right to see everything, and again until it is written.

A note of a call waits for the notes of the same call before it. While the database is away, notes wait in memory, and
calls go on without them.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from qingting.core.errors import DomainError
from qingting.core.scope import EVERYTHING, acting

log = logging.getLogger(__name__)

Service = Callable[..., Any]

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds between two attempts to write a note
ASKING, WRITING = 4, 4  # threads, each with a connection; what is asked never waits behind what is written


@dataclass(frozen=True, slots=True)
class _Note:
    """What is to be written; `heard` is told the service's answer."""

    service: Service
    words: dict[str, Any]
    heard: Callable[[Any], None] | None = None


class Records:
    """Asked and told by the controller's coroutines."""

    def __init__(self) -> None:
        self._asking = ThreadPoolExecutor(ASKING, thread_name_prefix="records-ask")
        self._writing = ThreadPoolExecutor(WRITING, thread_name_prefix="records-write")
        self._notes: dict[int, asyncio.Queue[_Note]] = {}
        self._writers: set[asyncio.Task[None]] = set()

    async def ask(self, service: Service, **words: Any) -> Any:
        """What a service or selector answers, tried once. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._asking, _call, service, words)

    async def answered(self, service: Service, **words: Any) -> Any:
        """What it answers once the database answers. Raises DomainError where it refuses."""
        return await self._patiently(self._asking, service, words)

    async def _patiently(self, threads: ThreadPoolExecutor, service: Service, words: dict[str, Any]) -> Any:
        pause = FIRST_PAUSE
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(threads, _call, service, words)
            except (OperationalError, InterfaceError) as error:
                log.warning("the database did not answer: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def note(self, call: int, service: Service, /, **words: Any) -> None:
        """Write something down about a call, in order, as soon as the database lets us."""
        self._take(call, _Note(service, words))

    def note_and_hear(self, call: int, heard: Callable[[Any], None], service: Service, /, **words: Any) -> None:
        """The same; what the service answers is told to `heard` once it is written."""
        self._take(call, _Note(service, words, heard))

    def _take(self, call: int, note: "_Note") -> None:
        queue = self._notes.get(call)
        if queue is None:
            queue = self._notes[call] = asyncio.Queue()
            writer = asyncio.create_task(self._write(call, queue))
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        queue.put_nowait(note)

    async def settled(self, call_id: int) -> None:
        """Until every note of the call is written."""
        queue = self._notes.get(call_id)
        if queue is not None:
            await queue.join()

    def waiting(self) -> int:
        """How many notes are not written yet."""
        return sum(queue.qsize() for queue in self._notes.values())

    def close(self) -> None:
        for writer in self._writers:
            writer.cancel()
        for threads in (self._asking, self._writing):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _write(self, call_id: int, queue: "asyncio.Queue[_Note]") -> None:
        while not queue.empty():
            note = await queue.get()
            try:
                answer = await self._patiently(self._writing, note.service, note.words)
                if note.heard is not None:
                    note.heard(answer)
            except DomainError as refusal:
                log.info("a note was refused: %s", refusal.code)
            except Exception:
                log.exception("a note could not be written")
            finally:
                queue.task_done()
        del self._notes[call_id]


def _call(service: Service, words: dict[str, Any]) -> Any:
    try:
        with acting(EVERYTHING), transaction.atomic():  # outside a transaction the wall shows nothing
            return service(**words)
    except (OperationalError, InterfaceError):
        connection.close()
        raise
    finally:
        close_old_connections()
