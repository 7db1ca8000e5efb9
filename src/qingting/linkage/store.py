"""Deskwire's store over PostgreSQL. One transaction holds a link alone: an advisory lock by its id, gone with the transaction."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from deskwire.envelope import Envelope
from deskwire.keys import Party
from deskwire.lifecycle import Link, State
from deskwire.store import Kept, KeptState, Outgoing
from qingting.core import time
from qingting.core.crypto import seal, unseal
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage.models import Desk, DeskLink, DeskMessage, SeenNonce
from qingting.linkage.states import MessageState, Way

_CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
DOCUMENT = "linkage_deskmessage.document_sealed"
Apply = Callable[[Envelope, Link, datetime], None]
Clock = Callable[[], datetime]

_MOVING = ["requester", "half", "cancelled", "drill", "last_sent", "last_received"]
_NONCE = "INSERT INTO linkage_seennonce (desk, nonce, until) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
# What was written for a desk, in commit order and below the visibility horizon: a cursor never steps over a message
# whose transaction commits late.
_OUTGOING = """
SELECT m.txid::text, m.id, m.document_sealed FROM linkage_deskmessage m JOIN linkage_desk d ON d.id = m.desk_id
WHERE d.code = %s AND m.way = 'OUT' AND (m.txid, m.id) > (%s::text::xid8, %s)
  AND m.txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY m.txid, m.id LIMIT %s
"""


def lock_link(link_id: str) -> None:
    """Hold a link alone until the open transaction ends."""
    hold_alone(f"link:{link_id}")


def matter_lock(matter: str) -> str:
    """The lock of what several links share. It comes before any lock of its links: whoever has it may take those in any order."""
    return f"shared:{matter}"


def hold_alone(name: str) -> None:
    """Wait until nobody else holds this name, and hold it until the open transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 12355))", [name])


def read_link(link_id: str) -> Link | None:
    """A link as stored; None for one unknown."""
    row = DeskLink.objects.select_related("desk").filter(link_id=link_id).first()
    return _link(row) if row else None


def _link(row: DeskLink) -> Link:
    return Link(
        link_id=str(row.link_id),
        peer=Party(row.desk.code, row.desk.region_code),
        requester=row.requester,
        half=State(row.half),
        cancelled=row.cancelled,
        drill=row.drill,
        last_sent=row.last_sent,
        last_received=row.last_received,
    )


def save_link(link: Link, desk: Desk) -> None:
    """Insert or replace a link."""
    row = DeskLink(
        organisation_id=desk.organisation_id,
        province=desk.province,
        link_id=UUID(link.link_id),
        desk=desk,
        requester=link.requester,
        half=str(link.half),
        cancelled=link.cancelled,
        drill=link.drill,
        last_sent=link.last_sent,
        last_received=link.last_received,
    )
    DeskLink.objects.bulk_create([row], update_conflicts=True, unique_fields=["link_id"], update_fields=_MOVING)


def new_message(message: Envelope, desk: Desk, way: Way, at: datetime) -> DeskMessage:
    """An unsaved row for a message, its words sealed."""
    return DeskMessage(
        organisation_id=desk.organisation_id,
        province=desk.province,
        desk=desk,
        link_id=UUID(message.link_id),
        way=way,
        seq=message.seq,
        message_id=UUID(message.message_id),
        type=str(message.type),
        digest=message.digest,
        document_sealed=seal(message.to_bytes().decode("utf-8"), field=DOCUMENT),
        state=MessageState.WAITING,
        stored_at=at,
    )


def envelope_of(sealed: bytes | memoryview) -> Envelope:
    """Read a stored message."""
    return Envelope(json.loads(unseal(bytes(sealed), field=DOCUMENT)))


class WireTransaction:
    """One open transaction, as `deskwire.store.Transaction` asks for it."""

    def __init__(self, apply: Apply, at: datetime) -> None:
        self._apply, self._at = apply, at

    def use_nonce(self, desk: str, nonce: str, until: datetime) -> bool:
        """Remember a nonce; False when it was there already."""
        with connection.cursor() as cursor:
            cursor.execute(_NONCE, [desk, nonce, until])
            return bool(cursor.rowcount)

    def find_message(self, sender: str, message_id: str) -> Kept | None:
        """A message received from a desk."""
        found = DeskMessage.objects.filter(desk__code=sender, way=Way.IN, message_id=message_id).first()
        return _kept(found) if found else None

    def find_link(self, link_id: str) -> Link | None:
        """A link as it is now."""
        try:
            return read_link(str(UUID(link_id)))
        except ValueError:
            return None

    def save_link(self, link: Link) -> None:
        """Insert or replace a link."""
        save_link(link, Desk.objects.get(code=link.peer.desk))

    def keep(self, kept: Kept) -> None:
        """Insert a received message."""
        row = new_message(kept.message, Desk.objects.get(code=kept.message.sender.desk), Way.IN, kept.received_at)
        row.digest = kept.digest
        row.state, row.answered = kept.state.name, kept.answered.name
        row.save(force_insert=True)

    def settle(self, kept: Kept) -> None:
        """Set the state of a message that was held."""
        mine = DeskMessage.objects.filter(desk__code=kept.message.sender.desk, way=Way.IN)
        mine.filter(message_id=kept.message.message_id).update(state=kept.state.name)

    def unapplied(self, link_id: str) -> Sequence[Kept]:
        """The link's messages that are held or refused, by seq."""
        rows = DeskMessage.objects.filter(link_id=link_id, way=Way.IN).exclude(state=MessageState.STORED)
        return [_kept(row) for row in rows.order_by("seq")]

    def apply(self, message: Envelope, link: Link) -> None:
        """Let the platform act on a message whose turn has come; what it refuses leaves nothing behind."""
        with transaction.atomic():
            self._apply(message, link, self._at)

    def outgoing(self, receiver: str, after: str, limit: int) -> Sequence[Outgoing]:
        """What was written for a desk behind a cursor, delivered or not."""
        found = _CURSOR.fullmatch(after or "0-0")
        if not found:
            raise ValueError("not a cursor of this desk")
        with connection.cursor() as cursor:
            cursor.execute(_OUTGOING, [receiver, found[1], int(found[2]), limit])
            return [Outgoing(f"{row[0]}-{row[1]}", envelope_of(row[2])) for row in cursor.fetchall()]


def _kept(row: DeskMessage) -> Kept:
    message = envelope_of(row.document_sealed)
    kept = Kept(message, row.digest, row.stored_at, KeptState.STORED, KeptState.STORED)
    return replace(kept, state=KeptState[row.state], answered=KeptState[row.answered])


class WireStore:
    """Opens transactions that see every desk's rows, and nothing longer than they last."""

    def __init__(self, apply: Apply, clock: Clock = time.now) -> None:
        self._apply, self._clock = apply, clock

    @contextmanager
    def transaction(self, link_id: str | None, matter: str = "") -> Iterator[WireTransaction]:
        """Open a transaction that owns a link (or none), and before it the matter that several links share; an exception
        undoes it."""
        with acting(EVERYTHING), transaction.atomic():
            if matter:
                hold_alone(matter_lock(matter))
            if link_id is not None:
                lock_link(link_id)
            yield WireTransaction(self._apply, self._clock())


def forget_nonces(*, at: datetime) -> int:
    """Drop nonces whose time is over. Returns how many."""
    return SeenNonce.objects.filter(until__lt=at).delete()[0]
