"""Every table of the telephone."""

from qingting.telephony.models.accounts import SipAccount
from qingting.telephony.models.calls import (
    BlockedNumber,
    Call,
    CallAct,
    CallbackTask,
    CallFacts,
    KeyQuestion,
    Leg,
    Line,
    ListenInvitation,
    TextLink,
)
from qingting.telephony.models.going_out import Announcement, AnnouncementAttempt, OutsideCall
from qingting.telephony.models.recordings import Recording

__all__ = [
    "Announcement",
    "AnnouncementAttempt",
    "BlockedNumber",
    "Call",
    "CallAct",
    "CallFacts",
    "CallbackTask",
    "KeyQuestion",
    "Leg",
    "Line",
    "ListenInvitation",
    "OutsideCall",
    "Recording",
    "SipAccount",
    "TextLink",
]
