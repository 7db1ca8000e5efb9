"""The line to 12355: sends the outbox in order, feels its pulse, pulls what did not get through."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deskwire.client import DeskClient
from deskwire.envelope import Envelope
from deskwire.errors import DeskError, FinalError, NotTrustedError, TransientError, UnreachableError
from deskwire.lifecycle import delivered
from deskwire.moments import Clock
from deskwire.outbox import Waiting, delay, sendable
from deskwire.receiver import Receiver
from deskwire.reconcile import catch_up
from deskwire.timers import TRANSPORT
from policedesk.store import DeskStore, envelope_of
from policedesk.times import from_db, to_db

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LineState:
    """How the line is: `up` is None before the first answer; `why` is a code when it is down."""

    up: bool | None = None
    since: datetime | None = None
    last_answer: datetime | None = None
    why: str = ""


class Line:
    """Three loops in threads of their own. Everything they need to know is in the database."""

    def __init__(self, store: DeskStore, client: DeskClient, receiver: Receiver, peer: str, clock: Clock) -> None:
        self._store = store
        self._client = client
        self._receiver = receiver
        self._peer = peer
        self._clock = clock
        self._stop = threading.Event()
        self._back = threading.Event()
        self._threads: list[threading.Thread] = []
        self._jitter = random.SystemRandom().random
        self._started = clock()
        self.state = LineState()

    def start(self) -> None:
        """Start the loops."""
        for loop in (self._send_loop, self._pulse_loop, self._pull_loop):
            thread = threading.Thread(target=loop, name=loop.__name__.strip("_"), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop the loops and wait for them."""
        self._stop.set()
        self._back.set()
        self._store.database.changes.bump()
        for thread in self._threads:
            thread.join(TRANSPORT.read + TRANSPORT.connect)

    def current(self) -> LineState:
        """Return the line's state now; down before five seconds have passed without an answer."""
        state, now = self.state, self._clock()
        quiet = now - (state.last_answer or self._started)
        if state.up is not False and quiet > timedelta(seconds=TRANSPORT.down_after - 0.5):
            return replace(state, up=False, since=state.last_answer or self._started, why="unreachable")
        return state

    def send_due(self) -> int:
        """Send what may be sent now; returns how many were delivered."""
        count = 0
        for position, message in self._due():
            try:
                self._client.send(message)
            except FinalError as error:
                self._refused(position, message, error)
            except TransientError as error:
                self._failed(position, message, error)
                if isinstance(error, UnreachableError):
                    break
            else:
                self._delivered(position, message)
                count += 1
        return count

    def feel_pulse(self) -> LineState:
        """Ask whether the other desk is there, and note the line's state."""
        now = self._clock()
        try:
            self._client.health()
        except DeskError as error:
            self._no_answer(now, "untrusted" if isinstance(error, NotTrustedError) else "unreachable")
        else:
            if not self.state.up:
                self._line_is_back(now)
            self.state = replace(self.state, last_answer=now)
        return self.state

    def pull(self) -> int:
        """Pull everything new from the other desk; returns how many messages were new."""
        new, more = 0, True
        while more and not self._stop.is_set():
            with self._store.database.read() as connection:
                row = connection.execute("SELECT cursor FROM cursors WHERE peer = ?", (self._peer,)).fetchone()
            before = row["cursor"] if row else ""
            done = catch_up(self._client, self._receiver, self._peer, before)
            if done.cursor != before:
                self._save_cursor(done.cursor)
            new, more = new + done.new, done.more
        return new

    def _due(self) -> list[tuple[int, Envelope]]:
        with self._store.database.read() as connection:
            rows = connection.execute(
                "SELECT position, link_id, due, state, document FROM sent WHERE state <> 'delivered' ORDER BY position"
            ).fetchall()
        waiting = [Waiting(r["position"], r["link_id"], from_db(r["due"]), r["state"] == "refused") for r in rows]
        texts = {row["position"]: row["document"] for row in rows}
        return [(item.position, envelope_of(texts[item.position])) for item in sendable(waiting, self._clock())]

    def _delivered(self, position: int, message: Envelope) -> None:
        with self._store.transaction(message.link_id) as tx:
            tx.connection.execute(
                "UPDATE sent SET state = 'delivered', delivered_at = ?, error = '' WHERE position = ?",
                (to_db(tx.at), position),
            )
            link = tx.find_link(message.link_id)
            if link:
                tx.save_link(delivered(link))

    def _failed(self, position: int, message: Envelope, error: TransientError) -> None:
        with self._store.transaction(message.link_id) as tx:
            row = tx.connection.execute("SELECT attempts FROM sent WHERE position = ?", (position,)).fetchone()
            wait = delay(row["attempts"] + 1, self._jitter(), retry_after=error.retry_after)
            tx.connection.execute(
                "UPDATE sent SET attempts = attempts + 1, due = ?, error = ? WHERE position = ?",
                (to_db(tx.at + timedelta(seconds=wait)), error.code, position),
            )

    def _refused(self, position: int, message: Envelope, error: FinalError) -> None:
        log.error("the other desk refused an outgoing message: %s", error.code)
        with self._store.transaction(message.link_id) as tx:
            tx.connection.execute(
                "UPDATE sent SET state = 'refused', attempts = attempts + 1, error = ? WHERE position = ?",
                (error.code, position),
            )

    def _save_cursor(self, cursor: str) -> None:
        with self._store.transaction(None) as tx:
            tx.connection.execute(
                "INSERT INTO cursors VALUES (?, ?) ON CONFLICT (peer) DO UPDATE SET cursor = excluded.cursor",
                (self._peer, cursor),
            )

    def _no_answer(self, now: datetime, why: str) -> None:
        quiet_since = self.state.last_answer or self._started
        if self.state.up is not False and now - quiet_since >= timedelta(seconds=TRANSPORT.down_after - 2):
            self.state = replace(self.state, up=False, since=now, why=why)
            self._store.database.changes.bump()
        elif self.state.up is False:
            self.state = replace(self.state, why=why)

    def _line_is_back(self, now: datetime) -> None:
        self.state = LineState(up=True, since=now, last_answer=now)
        with self._store.transaction(None) as tx:
            tx.connection.execute("UPDATE sent SET due = ? WHERE state = 'waiting'", (to_db(tx.at),))
        self._store.database.changes.bump()
        self._back.set()

    def _send_loop(self) -> None:
        seen = -1
        while not self._stop.is_set():
            self._guard(self.send_due)
            seen = self._store.database.changes.wait(seen, 0.25)

    def _pulse_loop(self) -> None:
        while not self._stop.is_set():
            self._guard(self.feel_pulse)
            self._stop.wait(TRANSPORT.heartbeat)

    def _pull_loop(self) -> None:
        while not self._stop.is_set():
            if self.state.up:
                self._guard(self.pull)
            self._back.wait(TRANSPORT.poll)
            self._back.clear()

    def _guard(self, step: Callable[[], object]) -> None:
        try:
            step()
        except DeskError as error:
            log.warning("the line: %s", error.code)
        except Exception as error:  # noqa: BLE001 - a loop must outlive any one failure
            log.error("the line failed in %s: %s", getattr(step, "__name__", "step"), type(error).__name__)
            self._stop.wait(1.0)
