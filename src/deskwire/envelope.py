"""One message between desks: a typed view of its JSON document, which is kept exactly as it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from deskwire import SCHEMA_VERSION
from deskwire.canonical import canonical, message_digest
from deskwire.keys.model import Party
from deskwire.moments import from_wire


class MessageType(StrEnum):
    """What a message does."""

    HANDOFF = "handoff"
    ACKNOWLEDGEMENT = "acknowledgement"
    REJECTION = "rejection"
    PROGRESS = "progress"
    RESULT = "result"
    CANCELLATION = "cancellation"
    NOTE = "note"
    CALL_INVITE = "call-invite"
    CHAIN = "chain"


def version_of(type_: MessageType, body: Mapping[str, Any], *, drill: bool = False) -> str:
    """The protocol version that such a message carries: the first one that had it. A desk that does not know exercises of a
    chain refuses them, so that nobody takes one for a real case."""
    if type_ is MessageType.CHAIN:
        return "1.2" if drill else "1.1"
    return "1.2" if type_ is MessageType.RESULT and "followUp" in body else SCHEMA_VERSION


@dataclass(frozen=True)
class Envelope:
    """A message whose document has been checked against its schema."""

    document: Mapping[str, Any]

    @property
    def message_id(self) -> str:
        """The message's UUID; also its idempotency key."""
        return str(self.document["messageId"])

    @property
    def link_id(self) -> str:
        """The UUID of the case between the two desks."""
        return str(self.document["linkId"])

    @property
    def seq(self) -> int:
        """The message's place, from 1, among its sender's messages of the link."""
        return int(self.document["seq"])

    @property
    def in_reply_to(self) -> str | None:
        """The messageId it answers, if any."""
        return self.document.get("inReplyTo")

    @property
    def type(self) -> MessageType:
        """What the message does."""
        return MessageType(self.document["type"])

    @property
    def sent_at(self) -> datetime:
        """When its sender wrote it, in UTC."""
        return from_wire(self.document["sentAt"])

    @property
    def reply_by(self) -> datetime | None:
        """When its sender will pick up the telephone if no business answer has come."""
        text = self.document.get("replyBy")
        return from_wire(text) if text else None

    @property
    def sender(self) -> Party:
        """The desk that wrote it."""
        return _party(self.document["sender"])

    @property
    def receiver(self) -> Party:
        """The desk it is for."""
        return _party(self.document["receiver"])

    @property
    def drill(self) -> bool:
        """Whether this is an exercise, for which nobody is sent anywhere."""
        return bool(self.document.get("drill", False))

    @property
    def body(self) -> Mapping[str, Any]:
        """What it says; see `bodies` for the shape by type."""
        body: Mapping[str, Any] = self.document["body"]
        return body

    @property
    def matter(self) -> str:
        """What several links share: a chain's id; '' for a case between two desks."""
        return str(self.body["chainId"]) if self.type is MessageType.CHAIN else ""

    @cached_property
    def digest(self) -> str:
        """Identify what it says: `sha-256:` and hex over the canonical form."""
        return message_digest(self.document)

    def to_bytes(self) -> bytes:
        """Write the message in canonical form, ready to be sent."""
        return canonical(self.document)


def _party(document: Mapping[str, str]) -> Party:
    return Party(document["desk"], document["regionCode"])
