"""Writing a message: the next seq of its link; lifecycle and schema are checked before it is stored."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deskwire.canonical import NotCanonicalError, checked
from deskwire.envelope import Envelope, MessageType, version_of
from deskwire.keys.model import Party
from deskwire.lifecycle import Link, after_sending
from deskwire.moments import to_wire
from deskwire.problems import ProblemError
from deskwire.schema import faults


@dataclass(frozen=True, slots=True)
class Draft:
    """What a desk wants to say; the rest of the message follows from the link."""

    type: MessageType
    body: Mapping[str, Any]
    in_reply_to: str | None = None
    reply_by: datetime | None = None
    drill: bool = False
    message_id: str | None = None


def new_link(peer: Party, link_id: str | None = None) -> Link:
    """Begin a link with another desk; its first message must be a handoff."""
    return Link(link_id or str(uuid.uuid4()), peer)


def write(link: Link, draft: Draft, me: Party, at: datetime) -> tuple[Envelope, Link]:
    """Write the next message of a link and return it with the link as it is afterwards.

    Store both in one transaction with what the message is about; send later, from the outbox. Raises
    ProblemError with code `out-of-state`, `schema` (its `more["errors"]` say where) or `malformed` (no desk
    could read it: NUL, a lone surrogate, a number beyond 2**53).
    """
    drill = draft.drill or link.drill
    document: dict[str, Any] = {
        "messageId": draft.message_id or str(uuid.uuid4()),
        "linkId": link.link_id,
        "seq": link.last_sent + 1,
        "type": str(draft.type),
        "schemaVersion": version_of(draft.type, draft.body, drill=drill),
        "sentAt": to_wire(at),
        "sender": me.to_wire(),
        "receiver": link.peer.to_wire(),
        "body": dict(draft.body),
    }
    if draft.in_reply_to:
        document["inReplyTo"] = draft.in_reply_to
    if draft.reply_by:
        document["replyBy"] = to_wire(draft.reply_by)
    if drill:
        document["drill"] = True
    try:
        checked(document)
    except NotCanonicalError as error:
        raise ProblemError("malformed", str(error)) from error
    check_schema(document)
    message = Envelope(document)
    return message, after_sending(link, message, me.desk)


def check_schema(document: Mapping[str, Any]) -> None:
    """Raise ProblemError `schema` with the faults' paths unless the document follows its schema."""
    found = faults(document)
    if found:
        raise ProblemError("schema", errors=[fault.to_wire() for fault in found])
