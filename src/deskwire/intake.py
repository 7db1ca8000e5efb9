"""Taking a message in: idempotent by messageId, ordered by seq, never applied early."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from deskwire.envelope import Envelope
from deskwire.lifecycle import Link, after_receiving
from deskwire.moments import to_wire
from deskwire.problems import ProblemError
from deskwire.store import Kept, KeptState, Transaction


class ReceiptState(StrEnum):
    """What the receiving desk did: applied it, holds it until the gap fills, or had it already."""

    STORED = "stored"
    HELD = "held"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The transport receipt: the message is safe here. It is not the business acknowledgement.

    For a duplicate, `received_at` is the first time and `original_state` the first answer.
    """

    message_id: str
    digest: str
    received_at: datetime
    state: ReceiptState
    original_state: ReceiptState | None = None

    def to_wire(self) -> dict[str, Any]:
        """Write the receipt as the wire carries it."""
        document = {
            "messageId": self.message_id,
            "digest": self.digest,
            "receivedAt": to_wire(self.received_at),
            "state": str(self.state),
        }
        return document | ({"originalState": str(self.original_state)} if self.original_state else {})


def take(tx: Transaction, message: Envelope, at: datetime, max_ahead: int) -> Receipt:
    """Take one checked message in, within an open transaction for its link.

    Raises ProblemError: id-conflict, not-party, seq-conflict, seq-too-far, out-of-state.
    """
    known = tx.find_message(message.sender.desk, message.message_id)
    if known:
        return _again(known, message)
    link = tx.find_link(message.link_id) or Link(message.link_id, message.sender)
    if link.peer.desk != message.sender.desk:
        raise ProblemError("not-party")
    held = {kept.message.seq: kept for kept in tx.unapplied(message.link_id)}
    if message.seq <= link.last_received or message.seq in held:
        raise ProblemError("seq-conflict", f"last applied seq is {link.last_received}")
    if message.seq > link.last_received + max_ahead:
        raise ProblemError("seq-too-far", f"last applied seq is {link.last_received}")
    if message.seq > link.last_received + 1:
        return _hold(tx, link, message, at)
    receipt = _store(tx, link, message, at)
    _release(tx, message.link_id, held)
    return receipt


def _again(known: Kept, message: Envelope) -> Receipt:
    if known.digest != message.digest:
        raise ProblemError("id-conflict", f"the first message had the digest {known.digest}")
    first = ReceiptState(known.answered)
    return Receipt(message.message_id, known.digest, known.received_at, ReceiptState.DUPLICATE, first)


def _hold(tx: Transaction, link: Link, message: Envelope, at: datetime) -> Receipt:
    tx.save_link(link)
    return _keep(tx, message, at, KeptState.HELD)


def _store(tx: Transaction, link: Link, message: Envelope, at: datetime) -> Receipt:
    after = after_receiving(link, message)
    receipt = _keep(tx, message, at, KeptState.STORED)
    tx.save_link(after)
    tx.apply(message, after)
    return receipt


def _keep(tx: Transaction, message: Envelope, at: datetime, state: KeptState) -> Receipt:
    tx.keep(Kept(message, message.digest, at, state, state))
    return Receipt(message.message_id, message.digest, at, ReceiptState(state))


def _release(tx: Transaction, link_id: str, held: Mapping[int, Kept]) -> None:
    while (link := tx.find_link(link_id)) and (kept := held.get(link.last_received + 1)):
        try:
            after = after_receiving(link, kept.message)
        except ProblemError:
            tx.settle(kept.settled(KeptState.REFUSED))
            tx.save_link(replace(link, last_received=kept.message.seq))
            continue
        tx.settle(kept.settled(KeptState.STORED))
        tx.save_link(after)
        try:
            tx.apply(kept.message, after)
        except ProblemError:  # the host will not have it; it must not take the message before it with it
            tx.settle(kept.settled(KeptState.REFUSED))
