"""Every write of linkage."""

from qingting.linkage.disclosure import Wish
from qingting.linkage.services.handing_off import (
    cancel_handoff,
    confirm_reached,
    hand_off,
    send_supplement,
)
from qingting.linkage.services.incidents import (
    decline_incident,
    report_progress,
    report_result,
    take_incident,
)
from qingting.linkage.services.links import (
    NewDesk,
    check_link,
    check_links,
    pause_desk,
    poll_peer,
    poll_peers,
    register_desk,
    resume_desk,
)
from qingting.linkage.services.receiving import answer
from qingting.linkage.services.sending import send_due
from qingting.linkage.services.sending_again import send_again
from qingting.linkage.services.vault import rotate_messages, rotate_notes
from qingting.linkage.wire import ensure_own_key

__all__ = [
    "NewDesk",
    "Wish",
    "answer",
    "cancel_handoff",
    "check_link",
    "check_links",
    "confirm_reached",
    "decline_incident",
    "ensure_own_key",
    "hand_off",
    "pause_desk",
    "poll_peer",
    "poll_peers",
    "register_desk",
    "report_progress",
    "report_result",
    "resume_desk",
    "rotate_messages",
    "rotate_notes",
    "send_again",
    "send_due",
    "send_supplement",
    "take_incident",
]
