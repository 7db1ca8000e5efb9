"""The room that reads words and sees danger: text in, danger signs out.

It is a pure library with data files: no Django, no database, no clock, no network. It points at words for a person to
judge; it never decides care, and a quiet answer from here never lowers an alarm raised elsewhere.
"""

from .conversation import screen_conversation, screen_latest, screen_note
from .engine import screen
from .signs import LEVELS, TYPES, DangerSign, Screening, level_label, type_label

__all__ = [
    "LEVELS",
    "TYPES",
    "DangerSign",
    "Screening",
    "level_label",
    "screen",
    "screen_conversation",
    "screen_latest",
    "screen_note",
    "type_label",
]
