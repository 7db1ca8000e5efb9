"""Deskwire's store over SQLite: links, received messages, nonces, and the outbox."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from deskwire.envelope import Envelope
from deskwire.keys import Party
from deskwire.lifecycle import Link, State
from deskwire.moments import Clock, utc_now
from deskwire.store import Kept, KeptState, Outgoing
from policedesk.database import Database
from policedesk.times import from_db, to_db

Apply = Callable[["DeskTransaction", Envelope, Link], None]


class DeskTransaction:
    """One open writing transaction of the desk."""

    def __init__(self, connection: sqlite3.Connection, at: datetime, on_apply: Apply) -> None:
        self.connection = connection
        self.at = at
        self._on_apply = on_apply

    def use_nonce(self, desk: str, nonce: str, until: datetime) -> bool:
        """Remember a nonce and forget those whose time is over; False when it was there already."""
        self.connection.execute("DELETE FROM nonces WHERE until < ?", (to_db(self.at),))
        done = self.connection.execute(
            "INSERT INTO nonces (desk, nonce, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (desk, nonce, to_db(until)),
        )
        return done.rowcount == 1

    def find_message(self, sender: str, message_id: str) -> Kept | None:
        """Find a message received from a desk."""
        row = self.connection.execute(
            "SELECT * FROM received WHERE sender = ? AND message_id = ?", (sender, message_id)
        ).fetchone()
        return _kept(row) if row else None

    def find_link(self, link_id: str) -> Link | None:
        """Find a link as it is now."""
        row = self.connection.execute("SELECT * FROM links WHERE link_id = ?", (link_id,)).fetchone()
        return link_of(row) if row else None

    def save_link(self, link: Link) -> None:
        """Insert or update a link."""
        self.connection.execute(
            "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (link_id) DO UPDATE SET "
            "requester = excluded.requester, half = excluded.half, cancelled = excluded.cancelled, "
            "drill = excluded.drill, last_sent = excluded.last_sent, last_received = excluded.last_received",
            (
                link.link_id,
                link.peer.desk,
                link.peer.region_code,
                link.requester,
                str(link.half),
                link.cancelled,
                link.drill,
                link.last_sent,
                link.last_received,
            ),
        )

    def keep(self, kept: Kept) -> None:
        """Insert a received message."""
        message = kept.message
        self.connection.execute(
            "INSERT INTO received VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                message.sender.desk,
                message.message_id,
                message.link_id,
                message.seq,
                kept.digest,
                to_db(kept.received_at),
                str(kept.state),
                str(kept.answered),
                to_text(message),
            ),
        )

    def settle(self, kept: Kept) -> None:
        """Set the state of a message that was held."""
        self.connection.execute(
            "UPDATE received SET state = ? WHERE sender = ? AND message_id = ?",
            (str(kept.state), kept.message.sender.desk, kept.message.message_id),
        )

    def unapplied(self, link_id: str) -> Sequence[Kept]:
        """List the link's messages that are held or refused, by seq."""
        rows = self.connection.execute(
            "SELECT * FROM received WHERE link_id = ? AND state <> 'stored' ORDER BY seq", (link_id,)
        )
        return [_kept(row) for row in rows]

    def apply(self, message: Envelope, link: Link) -> None:
        """Let the desk act on a message whose turn has come."""
        self._on_apply(self, message, link)

    def outgoing(self, receiver: str, after: str, limit: int) -> Sequence[Outgoing]:
        """List what was written for a desk behind a cursor, but not what was erased since.

        There is one writer, so no position commits late.
        """
        rows = self.connection.execute(
            "SELECT position, document FROM sent WHERE receiver = ? AND position > ? AND link_id NOT IN "
            "(SELECT link_id FROM incidents WHERE erased = 1) ORDER BY position LIMIT ?",
            (receiver, position_of(after), limit),
        )
        return [Outgoing(str(row["position"]), envelope_of(row["document"])) for row in rows]

    def post(self, message: Envelope) -> None:
        """Put a message into the outbox; it goes out once this transaction is committed."""
        self.connection.execute(
            "INSERT INTO sent (message_id, link_id, seq, receiver, written_at, document, due) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                message.message_id,
                message.link_id,
                message.seq,
                message.receiver.desk,
                to_db(self.at),
                to_text(message),
                to_db(self.at),
            ),
        )


def position_of(cursor: str) -> int:
    """Read a cursor of ours; ValueError for anything else, also for a number that SQLite does not hold."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise ValueError("not a cursor of this desk")
    return int(cursor)


class DeskStore:
    """Opens transactions on the desk's database."""

    def __init__(self, database: Database, on_apply: Apply, clock: Clock = utc_now) -> None:
        self.database = database
        self._on_apply = on_apply
        self._clock = clock

    @contextmanager
    def transaction(self, link_id: str | None, matter: str = "") -> Iterator[DeskTransaction]:
        """Open a transaction. SQLite has one writer, so any link (and `matter`) is this transaction's own.

        Only a transaction for a link wakes the pages and the sender.
        """
        with self.database.write() as connection:
            yield DeskTransaction(connection, self._clock(), self._on_apply)
        if link_id is not None:
            self.database.changes.bump()


def link_of(row: sqlite3.Row) -> Link:
    """Read a row of `links`."""
    return Link(
        link_id=row["link_id"],
        peer=Party(row["peer"], row["peer_region"]),
        requester=row["requester"],
        half=State(row["half"]),
        cancelled=bool(row["cancelled"]),
        drill=bool(row["drill"]),
        last_sent=row["last_sent"],
        last_received=row["last_received"],
    )


def envelope_of(text: str) -> Envelope:
    """Read a stored message."""
    return Envelope(json.loads(text))


def to_text(message: Envelope) -> str:
    """Write a message for storage, in its canonical form."""
    return message.to_bytes().decode("utf-8")


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(
        message=envelope_of(row["document"]),
        digest=row["digest"],
        received_at=from_db(row["received_at"]),
        state=KeptState(row["state"]),
        answered=KeptState(row["answered"]),
    )
