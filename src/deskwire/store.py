"""What a receiving desk must be able to keep, as protocols: the receiver's logic is the same over any
database.

An implementation maps each method to a statement or two. What matters:

- Everything done inside one `transaction` is kept together or not at all, durably before it returns; an
exception
  undoes it.
- Two transactions for the same link never run at the same time (lock the link's row, or the whole database).
- `keep` fails when the (sender, messageId) is there already; `use_nonce` is unique by (desk, nonce).
- `outgoing` never skips a message that was committed late: a cursor only moves over positions that are
settled.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from deskwire.envelope import Envelope
from deskwire.lifecycle import Link


class KeptState(StrEnum):
    """What became of a received message."""

    STORED = "stored"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Kept:
    """A received message as kept. `answered` is the receipt's first state, so that a retry hears it again.

    REFUSED is rare: the message was held, and when its turn came the lifecycle did not allow it.
    """

    message: Envelope
    digest: str
    received_at: datetime
    state: KeptState
    answered: KeptState

    def settled(self, state: KeptState) -> "Kept":
        """Return it with what became of it in the end."""
        return replace(self, state=state)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for another desk, and the cursor that stands just behind it."""

    cursor: str
    message: Envelope


class Transaction(Protocol):
    """One open transaction."""

    def use_nonce(self, desk: str, nonce: str, until: datetime) -> bool:
        """Remember a nonce until a moment; False when it was there already. Old ones may be forgotten."""

    def find_message(self, sender: str, message_id: str) -> Kept | None:
        """Find a message received from a desk."""

    def find_link(self, link_id: str) -> Link | None:
        """Find a link as it is now, inside this transaction."""

    def save_link(self, link: Link) -> None:
        """Insert or replace a link."""

    def keep(self, kept: Kept) -> None:
        """Insert a received message."""

    def settle(self, kept: Kept) -> None:
        """Set the state of a message that was held."""

    def unapplied(self, link_id: str) -> Sequence[Kept]:
        """List the link's messages that are held or refused, by seq."""

    def apply(self, message: Envelope, link: Link) -> None:
        """Let the application act on a message whose turn has come. `link` is already saved as it is after
        it.

        May write outgoing messages on the same link (read the link again, `sending.write`, save both).
        """

    def outgoing(self, receiver: str, after: str, limit: int) -> Sequence[Outgoing]:
        """List what was written for a desk behind a cursor (empty: from the start), oldest first.

        Delivered messages are listed too: the caller knows what it has. An unreadable cursor raises
        ValueError.
        """


class Store(Protocol):
    """Opens transactions."""

    def transaction(self, link_id: str | None, matter: str = "") -> AbstractContextManager[Transaction]:
        """Open a transaction that owns a link (or none), and commit it on leaving without an exception.

        matter: what several links share (a chain's id), '' for a case between two desks. A store that locks
        links one by one, and passes on from one to another, locks the matter before any link of it: otherwise
        two messages that arrive from two houses may wait for each other.
        """
