"""The life of a link as data, and the pure functions that move it.

A link has one requester (who handed off) and one performer. Its state has two independent halves: how far the
performer is, moved only by the performer's own messages, and whether the requester has taken the request
back. A performer's final word outweighs a cancellation that crossed it. As each half is moved by one desk's
messages and these are applied in order, both desks reach the same state however their messages cross.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from deskwire.envelope import Envelope, MessageType
from deskwire.keys.model import Party
from deskwire.problems import ProblemError


class State(StrEnum):
    """Where a link stands (after HL7 FHIR `Task`). SHARED: it carries a chain, in which both desks only tell."""

    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SHARED = "shared"


class Role(StrEnum):
    """What a desk is in a link."""

    REQUESTER = "requester"
    PERFORMER = "performer"


FINAL = frozenset({State.REJECTED, State.COMPLETED, State.FAILED})
"""States of the performer's half that a cancellation no longer changes."""

_M = MessageType
_S = State
PERFORMER_MOVES: dict[tuple[State, MessageType], frozenset[State]] = {
    (_S.REQUESTED, _M.ACKNOWLEDGEMENT): frozenset({_S.ACCEPTED}),
    (_S.REQUESTED, _M.REJECTION): frozenset({_S.REJECTED}),
    (_S.RECEIVED, _M.ACKNOWLEDGEMENT): frozenset({_S.ACCEPTED}),
    (_S.RECEIVED, _M.REJECTION): frozenset({_S.REJECTED}),
    (_S.ACCEPTED, _M.PROGRESS): frozenset({_S.IN_PROGRESS}),
    (_S.IN_PROGRESS, _M.PROGRESS): frozenset({_S.IN_PROGRESS}),
    (_S.ACCEPTED, _M.RESULT): frozenset({_S.COMPLETED, _S.FAILED}),
    (_S.IN_PROGRESS, _M.RESULT): frozenset({_S.COMPLETED, _S.FAILED}),
    (_S.COMPLETED, _M.RESULT): frozenset({_S.COMPLETED, _S.FAILED}),
    (_S.FAILED, _M.RESULT): frozenset({_S.COMPLETED, _S.FAILED}),
}
"""(performer's half, message) to where it may lead; a result says itself which. A later result corrects."""

ANY_TIME = frozenset({MessageType.NOTE, MessageType.CALL_INVITE})
"""What either desk may send at any time after the handoff."""

OPENING = frozenset({MessageType.HANDOFF, MessageType.CHAIN})
"""What a link may begin with: a handoff, or, for a chain that several houses share, what one of them tells."""


@dataclass(frozen=True, slots=True)
class Link:
    """One desk's view of a link, as a store keeps it. `requester` is empty until the handoff is applied."""

    link_id: str
    peer: Party
    requester: str = ""
    half: State = State.REQUESTED
    cancelled: bool = False
    drill: bool = False
    last_sent: int = 0
    last_received: int = 0

    @property
    def state(self) -> State:
        """Where the link stands for both desks together."""
        return State.CANCELLED if self.cancelled and self.half not in FINAL else self.half

    @property
    def role(self) -> Role | None:
        """My own role; None until the handoff is known."""
        if not self.requester:
            return None
        return Role.PERFORMER if self.requester == self.peer.desk else Role.REQUESTER


def may_send(link: Link) -> frozenset[MessageType]:
    """Name the message types that this desk may send next on a link."""
    if link.half is State.SHARED:
        return frozenset({MessageType.CHAIN})
    if link.role is None:
        return OPENING if link.last_received == 0 else frozenset()
    if link.role is Role.REQUESTER:
        open_ = link.half not in FINAL and not link.cancelled
        return ANY_TIME | ({MessageType.CANCELLATION} if open_ else set())
    allowed = {type_ for half, type_ in PERFORMER_MOVES if half is link.half}
    return ANY_TIME | (allowed & {MessageType.RESULT} if link.cancelled else allowed)


def after_sending(link: Link, message: Envelope, me: str) -> Link:
    """Return the link after this desk wrote a message; ProblemError `out-of-state` when it may not."""
    if message.type not in may_send(link):
        raise ProblemError("out-of-state", f"{message.type} is not allowed in {link.state}", state=str(link.state))
    _refuse_mixture(link, message)
    return replace(_moved(link, message, me), last_sent=message.seq)


def after_receiving(link: Link, message: Envelope) -> Link:
    """Return the link after the peer's next message was applied; ProblemError `out-of-state` when it may not
    be.

    Only the peer's own earlier messages decide, so two messages that cross on the way never refuse each
    other.
    """
    if not _may_receive(link, message.type):
        raise ProblemError("out-of-state", f"{message.type} is not allowed in {link.state}", state=str(link.state))
    _refuse_mixture(link, message)
    moved = _moved(link, message, link.peer.desk)
    if message.type is MessageType.HANDOFF:
        moved = replace(moved, half=State.RECEIVED)
    return replace(moved, last_received=message.seq)


def delivered(link: Link) -> Link:
    """Return the requester's link once the handoff has its transport receipt."""
    return replace(link, half=State.RECEIVED) if link.half is State.REQUESTED else link


def _has_begun(link: Link) -> bool:
    return link.role is not None or link.half is State.SHARED


def _refuse_mixture(link: Link, message: Envelope) -> None:
    if _has_begun(link) and message.drill is not link.drill:
        raise ProblemError("out-of-state", "an exercise and a real case never share a link", state=str(link.state))


def _may_receive(link: Link, type_: MessageType) -> bool:
    if link.half is State.SHARED:
        return type_ is MessageType.CHAIN
    if link.role is None:
        return type_ in OPENING and link.last_received == 0
    if type_ in ANY_TIME:
        return True
    if link.role is Role.PERFORMER:
        return type_ is MessageType.CANCELLATION and not link.cancelled
    return (link.half, type_) in PERFORMER_MOVES


def _moved(link: Link, message: Envelope, author: str) -> Link:
    if message.type is MessageType.HANDOFF:
        return replace(link, requester=author, drill=message.drill)
    if message.type is MessageType.CHAIN:
        return replace(link, half=State.SHARED, drill=message.drill)
    if message.type is MessageType.CANCELLATION:
        return replace(link, cancelled=True)
    goals = PERFORMER_MOVES.get((link.half, message.type))
    if not goals:
        return link
    goal = State(message.body["status"]) if len(goals) > 1 else next(iter(goals))
    return replace(link, half=goal)
