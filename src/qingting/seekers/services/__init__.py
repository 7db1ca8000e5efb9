"""Every write of seekers."""

from qingting.seekers.services.finding import find_anybody, find_seekers
from qingting.seekers.services.opening import open_file
from qingting.seekers.services.same_person import merge_seekers, undo_merge
from qingting.seekers.services.vault import (
    describe_seeker,
    number_for_message,
    number_to_call,
    record_consent,
    record_seeker,
    rotate_vault,
    store_datum,
    unmask,
    withdraw_consent,
)

__all__ = [
    "describe_seeker",
    "find_anybody",
    "find_seekers",
    "merge_seekers",
    "number_for_message",
    "number_to_call",
    "open_file",
    "record_consent",
    "record_seeker",
    "rotate_vault",
    "store_datum",
    "undo_merge",
    "unmask",
    "withdraw_consent",
]
