"""A call as the controller holds it in memory, and what it hears about it."""

import asyncio
from dataclasses import dataclass, field

from qingting.telephony.selectors import Ringing
from qingting.telephony.services import Party
from qingting.telephony.states import LegKind, LegMode

NORMAL_CLEARING = 16  # Q.850: somebody hung up
LOST = -1  # nobody said why: the channel was gone when we looked


@dataclass(frozen=True, slots=True)
class Gone:
    """A channel has ended."""

    channel: str
    cause: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Offered:
    """The seat that the line offers this call to now; None: to nobody."""

    ringing: Ringing | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A seat that was rung has picked up."""

    party: Party
    offer_id: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A seat that was rung has not: busy, declined, no answer, not there."""

    offer_id: int
    account_id: int


@dataclass(frozen=True, slots=True)
class Finish:
    """End the call with this outcome."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Requeue:
    """Let somebody of another skill take it."""

    skill: str


Message = Gone | Pressed | Offered | Answered | Unanswered | Finish | Requeue


@dataclass(slots=True)
class LiveCall:
    """One call: the caller's channel, the bridge, the seat, everybody else by channel.

    seat_lost: the seat did not hang up, it vanished; held: the caller is out of the bridge, with music; line_lost: the
    caller's channel went with Asterisk itself; notice_due: nobody has told the caller yet that calls are recorded;
    informed: they were told, or need not be; question: the last one that was played and not answered by a key, 0 for none;
    asking: plays it.
    """

    id: int
    caller: str
    language: str = "zh"
    seat: Party | None = None
    others: dict[str, Party] = field(default_factory=dict)
    inbox: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    acting: asyncio.Lock = field(default_factory=asyncio.Lock)
    caller_gone: bool = False
    held: bool = False
    seat_lost: bool = False
    consulting: str = ""
    line_lost: bool = False
    answered: bool = False
    task_id: int = 0
    leg: str = LegKind.CALLER
    notice_due: bool = False
    informed: asyncio.Event = field(default_factory=asyncio.Event)
    question: int = 0
    asking: "asyncio.Task[None] | None" = None

    @property
    def bridge(self) -> str:
        return f"call-{self.id}"

    def channels(self) -> set[str]:
        """Everybody's."""
        seat = {self.seat.channel} if self.seat else set()
        return {self.caller, *seat, *self.others}

    def goes_on_without_seat(self) -> bool:
        """Whether somebody who may speak stays with the caller: the 110, the ambulance, an outside line, a leader who took
        part. Never a guardian: nobody is left alone with them by us."""
        speaking = {LegKind.POLICE_110, LegKind.AMBULANCE, LegKind.OUTSIDE, LegKind.LEADER}
        return any(party.kind in speaking and party.mode == LegMode.SPEAK for party in self.others.values())

    def goes_on_without_caller(self) -> bool:
        """Whether the seat still talks with the 110 or an outside line."""
        outside = {LegKind.POLICE_110, LegKind.AMBULANCE, LegKind.OUTSIDE}
        return self.seat is not None and any(party.kind in outside for party in self.others.values())
