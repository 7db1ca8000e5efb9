"""Pages of following up."""

from qingting.followups.views.calls import (
    NAMES_OF_ACTS,
    act,
    call,
    follow_up,
    follow_up_list,
    panel,
    preview_other_desk,
    send_link,
)
from qingting.followups.views.planning import (
    NAMES_OF_ACTS as NAMES_OF_CHANGES,
)
from qingting.followups.views.planning import begin, change, drop_rule, outbox, plan, plans, raise_rule, rules
from qingting.followups.views.rating import rate

__all__ = [
    "NAMES_OF_ACTS",
    "NAMES_OF_CHANGES",
    "act",
    "begin",
    "call",
    "change",
    "drop_rule",
    "follow_up",
    "follow_up_list",
    "outbox",
    "panel",
    "plan",
    "plans",
    "preview_other_desk",
    "raise_rule",
    "rate",
    "rules",
    "send_link",
]
