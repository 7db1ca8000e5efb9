"""Timers of the protocol, as data. All are product defaults that a region may set otherwise by agreement.

Two acknowledgements, two timers: the transport receipt says that a machine has the message, the business
acknowledgement (签收) says that a person has the case. When the business timer runs out, software does not
try harder: a person telephones.
"""

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TransportTimers:
    """Seconds of the machine-to-machine part."""

    connect: float = 2.0
    read: float = 5.0
    heartbeat: float = 1.5
    down_after: float = 5.0
    poll: float = 3.0


TRANSPORT = TransportTimers()

ACKNOWLEDGE_WITHIN = MappingProxyType(
    {
        "CRITICAL": timedelta(seconds=60),
        "URGENT": timedelta(minutes=5),
        "ROUTINE": timedelta(hours=1),
    }
)
"""By urgency: how long after `sentAt` a handoff's `replyBy` lies. Then a person telephones the other desk."""
