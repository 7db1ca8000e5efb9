"""Every write of conferences."""

from qingting.conferences.services.calling import NewConference, change, convene, invite
from qingting.conferences.services.deciding import (
    Decision,
    OrderWanted,
    decide_order,
    decide_referral,
    follow_work,
    waive_decision,
)
from qingting.conferences.services.ending import cancel, close
from qingting.conferences.services.holding import Record, record_meeting
from qingting.conferences.services.replying import print_letter, reply, reply_by_hand, reply_by_letter
from qingting.conferences.services.vault import rotate_notes

__all__ = [
    "Decision",
    "NewConference",
    "OrderWanted",
    "Record",
    "cancel",
    "change",
    "close",
    "convene",
    "decide_order",
    "decide_referral",
    "follow_work",
    "invite",
    "print_letter",
    "record_meeting",
    "reply",
    "reply_by_hand",
    "reply_by_letter",
    "rotate_notes",
    "waive_decision",
]
