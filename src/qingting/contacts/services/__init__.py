"""Every write of contact records."""

from qingting.contacts.services.records import (
    BY_HAND,
    Beginning,
    TakenDown,
    amend_contact,
    complete_contact,
    drawn_up,
    link_seeker,
    note_ended,
    note_risk_level,
    open_contact,
    pass_on,
    record_walk_in,
    save_draft,
    seeker_for_contact,
    separate_contact,
    take_up,
)
from qingting.contacts.services.spoken import join_writing, propose, raise_risk_level

__all__ = [
    "BY_HAND",
    "Beginning",
    "TakenDown",
    "amend_contact",
    "complete_contact",
    "drawn_up",
    "join_writing",
    "link_seeker",
    "note_ended",
    "note_risk_level",
    "open_contact",
    "pass_on",
    "propose",
    "raise_risk_level",
    "record_walk_in",
    "save_draft",
    "seeker_for_contact",
    "separate_contact",
    "take_up",
]
