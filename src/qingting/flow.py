"""Every event and who acts on it, in one table: the only place that looks at all rooms at once."""

from collections.abc import Mapping

from qingting.cases.events import CaseOpened, CaseSignedOff
from qingting.chat.events import (
    ConversationEnded,
    ConversationStarted,
    ConversationTaken,
    DangerSeen,
    HandoverEnded,
    MessagePosted,
)
from qingting.contacts.events import SeekerLinked
from qingting.core.clocks import ClockBreached, ClockEscalated, ClockWarned
from qingting.core.events import Event
from qingting.duty.events import OfferEnded, OfferMade, PresenceChanged
from qingting.linkage.events import (
    HandedOff,
    HandoffCancelled,
    HandoffNotTaken,
    HandoffRejected,
    HandoffResulted,
    SharedNotTaken,
)
from qingting.orders.events import OrderCancelled, OrderFinished, OrderReopened
from qingting.risk.events import RiskAssessed
from qingting.telephony.events import (
    AnnouncementEnded,
    CallbackTried,
    CallEnded,
    CallPassedOn,
    CallTaken,
    DangerNoted,
    LegChanged,
    LegJoined,
    LegLeft,
)

FLOW: Mapping[type[Event], tuple[str, ...]] = {
    PresenceChanged: ("qingting.telephony.handlers.say_reachable",),
    OfferMade: ("qingting.telephony.handlers.ring_or_stop",),
    OfferEnded: ("qingting.telephony.handlers.ring_or_stop",),
    ConversationStarted: ("qingting.reception.handlers.greet",),
    MessagePosted: ("qingting.reception.handlers.hear",),
    DangerSeen: ("qingting.reception.handlers.warn",),
    ConversationTaken: (
        "qingting.reception.handlers.make_way",
        "qingting.contacts.handlers.open_for_conversation",
    ),
    HandoverEnded: ("qingting.contacts.handlers.follow_handover",),
    ConversationEnded: ("qingting.contacts.handlers.note_ended", "qingting.reception.handlers.close"),
    CallTaken: ("qingting.contacts.handlers.open_for_call",),
    CallPassedOn: ("qingting.contacts.handlers.follow_call",),
    LegJoined: ("qingting.linkage.handlers.tell_who_joined",),
    LegChanged: ("qingting.linkage.handlers.tell_who_joined",),
    LegLeft: ("qingting.linkage.handlers.tell_who_left",),
    CallEnded: ("qingting.contacts.handlers.note_call_ended",),
    DangerNoted: ("qingting.contacts.handlers.note_call_danger", "qingting.risk.handlers.watch_call"),
    CallbackTried: ("qingting.followups.handlers.follow_callback",),
    AnnouncementEnded: (
        "qingting.reception.handlers.follow_announcement",
        "qingting.linkage.handlers.follow_announcement",
    ),
    SeekerLinked: ("qingting.orders.handlers.follow_person", "qingting.cases.handlers.know_person"),
    CaseOpened: ("qingting.linkage.handlers.consider_case",),
    RiskAssessed: ("qingting.linkage.handlers.consider_assessment",),
    HandedOff: ("qingting.linkage.handlers.note_report",),
    CaseSignedOff: ("qingting.orders.handlers.follow_sign_off",),
    OrderFinished: (
        "qingting.followups.handlers.plan_after_order",
        "qingting.conferences.handlers.follow_order",
    ),
    OrderCancelled: ("qingting.conferences.handlers.follow_order",),
    OrderReopened: ("qingting.conferences.handlers.follow_order",),
    HandoffResulted: (
        "qingting.conferences.handlers.follow_referral",
        "qingting.followups.handlers.hear_of_other_desk",
    ),
    HandoffRejected: (
        "qingting.conferences.handlers.follow_referral",
        "qingting.followups.handlers.hear_of_other_desk",
    ),
    HandoffNotTaken: (
        "qingting.conferences.handlers.follow_referral",
        "qingting.followups.handlers.hear_of_other_desk",
    ),
    HandoffCancelled: ("qingting.conferences.handlers.follow_referral",),
    SharedNotTaken: ("qingting.chains.handlers.not_taken",),
    ClockWarned: ("qingting.staff.handlers.tell_of_clock",),
    ClockBreached: (
        "qingting.staff.handlers.tell_of_clock",
        "qingting.orders.handlers.end_pause",
        "qingting.linkage.handlers.press",
        "qingting.chains.handlers.late",
        "qingting.reception.handlers.climb",
    ),
    ClockEscalated: (
        "qingting.staff.handlers.tell_of_clock",
        "qingting.linkage.handlers.raise_higher",
        "qingting.reception.handlers.climb",
    ),
}

# What holds sealed values, each as a function that seals one batch anew; `rotate-vault` calls them.
VAULTS: tuple[str, ...] = (
    "qingting.seekers.services.rotate_vault",
    "qingting.risk.services.rotate_whereabouts",
    "qingting.risk.services.rotate_drafts",
    "qingting.risk.services.rotate_plans",
    "qingting.complaints.services.rotate_words",
    "qingting.exports.services.rotate_exports",
    "qingting.followups.services.rotate_tokens",
    "qingting.followups.services.rotate_numbers",
    "qingting.staff.services.rotate_secrets",
    "qingting.linkage.services.rotate_messages",
    "qingting.linkage.services.rotate_notes",
    "qingting.linkage.services.rotate_reports",
    "qingting.conferences.services.rotate_notes",
    "qingting.chains.services.rotate_words",
    "qingting.chains.services.rotate_facts",
    "qingting.assistance.services.rotate_notes",
    "qingting.assistance.services.rotate_phones",
    "qingting.assistance.services.rotate_services",
    "qingting.assistance.services.rotate_closing_reports",
    "qingting.telephony.services.rotate_numbers",
    "qingting.telephony.services.rotate_keys",
    "qingting.reception.services.rotate_targets",
    "qingting.reception.services.rotate_numbers",
)
