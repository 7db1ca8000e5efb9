"""Every write of linkage."""

from qingting.linkage.disclosure import Wish
from qingting.linkage.known import phone_of
from qingting.linkage.services.calling import decline_join, tell_desk_of_call
from qingting.linkage.services.delivering import (
    Answer,
    answer_as_partner,
    answer_by_hand,
    answer_by_letter,
    look_at_contact,
    print_letter,
)
from qingting.linkage.services.handing_off import (
    cancel_handoff,
    confirm_reached,
    hand_off,
    send_supplement,
)
from qingting.linkage.services.houses import house_body, record_house_ground
from qingting.linkage.services.incidents import (
    decline_incident,
    report_progress,
    report_result,
    take_incident,
)
from qingting.linkage.services.lateness import raise_to_higher, want_call
from qingting.linkage.services.links import (
    check_link,
    check_links,
    pause_desk,
    poll_peer,
    poll_peers,
    replay_desk,
    resume_desk,
)
from qingting.linkage.services.receiving import answer
from qingting.linkage.services.referring import Referral, ask_follow_up, outline_referral, refer
from qingting.linkage.services.registering import NewDesk, register_desk
from qingting.linkage.services.reports import (
    consider,
    draft_report,
    record_report,
    reported_by_handoff,
    waive_report,
)
from qingting.linkage.services.sending import send_due
from qingting.linkage.services.sending_again import send_again
from qingting.linkage.services.sharing import hold_matter, send_shared_again, share, shared_link_id, take_shared_by
from qingting.linkage.services.vault import rotate_messages, rotate_notes, rotate_reports
from qingting.linkage.wire import ensure_own_key

__all__ = [
    "Answer",
    "NewDesk",
    "Referral",
    "Wish",
    "answer",
    "answer_as_partner",
    "answer_by_hand",
    "answer_by_letter",
    "ask_follow_up",
    "cancel_handoff",
    "check_link",
    "check_links",
    "confirm_reached",
    "consider",
    "decline_incident",
    "decline_join",
    "draft_report",
    "ensure_own_key",
    "hand_off",
    "hold_matter",
    "house_body",
    "look_at_contact",
    "outline_referral",
    "pause_desk",
    "phone_of",
    "poll_peer",
    "poll_peers",
    "print_letter",
    "raise_to_higher",
    "record_house_ground",
    "record_report",
    "refer",
    "register_desk",
    "replay_desk",
    "report_progress",
    "report_result",
    "reported_by_handoff",
    "resume_desk",
    "rotate_messages",
    "rotate_notes",
    "rotate_reports",
    "send_again",
    "send_due",
    "send_shared_again",
    "send_supplement",
    "share",
    "shared_link_id",
    "take_incident",
    "take_shared_by",
    "tell_desk_of_call",
    "waive_report",
    "want_call",
]
