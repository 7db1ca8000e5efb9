"""Every write of duty: presence in one file, the waiting line and its offers in two others."""

from qingting.duty.services.line import (
    end_engagement,
    enter_line,
    leave_line,
    move_engagement,
    raise_priority,
)
from qingting.duty.services.offers import (
    accept_offer,
    decline_offer,
    distribute,
    distribute_everywhere,
    expire_offers,
    take_from_line,
)
from qingting.duty.services.presence import heartbeat, lapse_presences, set_presence

__all__ = [
    "accept_offer",
    "decline_offer",
    "distribute",
    "distribute_everywhere",
    "end_engagement",
    "enter_line",
    "expire_offers",
    "heartbeat",
    "lapse_presences",
    "leave_line",
    "move_engagement",
    "raise_priority",
    "set_presence",
    "take_from_line",
]
