"""A store that lives in memory: for tests, for trying the protocol out, and as an example of `store`."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime

from deskwire.envelope import Envelope
from deskwire.lifecycle import Link
from deskwire.store import Kept, KeptState, Outgoing

Apply = Callable[["MemoryTransaction", Envelope, Link], None]


class MemoryTransaction:
    """The whole store, open for one caller at a time."""

    def __init__(self, on_apply: Apply | None = None) -> None:
        self._on_apply = on_apply
        self.nonces: set[tuple[str, str]] = set()
        self.links: dict[str, Link] = {}
        self.received: dict[tuple[str, str], Kept] = {}
        self.applied: list[Envelope] = []
        self.sent: list[Envelope] = []

    def use_nonce(self, desk: str, nonce: str, until: datetime) -> bool:
        """Remember a nonce; False when it was there already."""
        del until
        fresh = (desk, nonce) not in self.nonces
        self.nonces.add((desk, nonce))
        return fresh

    def find_message(self, sender: str, message_id: str) -> Kept | None:
        """Find a message received from a desk."""
        return self.received.get((sender, message_id))

    def find_link(self, link_id: str) -> Link | None:
        """Find a link."""
        return self.links.get(link_id)

    def save_link(self, link: Link) -> None:
        """Insert or replace a link."""
        self.links[link.link_id] = link

    def keep(self, kept: Kept) -> None:
        """Insert a received message."""
        key = (kept.message.sender.desk, kept.message.message_id)
        if key in self.received:
            raise KeyError(key)
        self.received[key] = kept

    def settle(self, kept: Kept) -> None:
        """Set the state of a message that was held."""
        self.received[kept.message.sender.desk, kept.message.message_id] = kept

    def unapplied(self, link_id: str) -> Sequence[Kept]:
        """List the link's messages that are held or refused, by seq."""
        found = [k for k in self.received.values() if k.message.link_id == link_id]
        return sorted((k for k in found if k.state is not KeptState.STORED), key=lambda k: k.message.seq)

    def apply(self, message: Envelope, link: Link) -> None:
        """Note the message as applied and call the application, if any."""
        self.applied.append(message)
        if self._on_apply:
            self._on_apply(self, message, link)

    def outgoing(self, receiver: str, after: str, limit: int) -> Sequence[Outgoing]:
        """List what was written for a desk behind a cursor."""
        start = int(after or "0")
        numbered = enumerate(self.sent[start:], start + 1)
        mine = [Outgoing(str(place), m) for place, m in numbered if m.receiver.desk == receiver]
        return mine[:limit]


class MemoryStore:
    """Opens one transaction at a time and undoes it when it fails."""

    def __init__(self, on_apply: Apply | None = None) -> None:
        self._lock = threading.RLock()
        self.content = MemoryTransaction(on_apply)

    @contextmanager
    def transaction(self, link_id: str | None, matter: str = "") -> Iterator[MemoryTransaction]:
        """Open a transaction; an exception puts everything back."""
        del link_id, matter
        with self._lock:
            before = {name: copy(value) for name, value in vars(self.content).items()}
            try:
                yield self.content
            except BaseException:
                vars(self.content).update(before)
                raise
