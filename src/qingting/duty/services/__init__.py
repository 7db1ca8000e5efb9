"""Every write of duty: presence in one file, the waiting line and its offers in two others."""

from qingting.duty.rules import Need
from qingting.duty.services.line import (
    change_need,
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
    prefer,
    take,
    take_from_line,
)
from qingting.duty.services.presence import (
    begin_wrap_up,
    end_wrap_ups,
    heartbeat,
    lapse_presences,
    set_presence,
    set_reachable,
)

__all__ = [
    "Need",
    "accept_offer",
    "begin_wrap_up",
    "change_need",
    "decline_offer",
    "distribute",
    "distribute_everywhere",
    "end_engagement",
    "end_wrap_ups",
    "enter_line",
    "expire_offers",
    "heartbeat",
    "lapse_presences",
    "leave_line",
    "move_engagement",
    "prefer",
    "raise_priority",
    "set_presence",
    "set_reachable",
    "take",
    "take_from_line",
]
