"""Every write of the door: attending, answering, falling silent, messages left, alerts and whom they call."""

from qingting.reception.services.alerts import acknowledge, climb, end_alerts, raise_alert
from qingting.reception.services.attending import attend_waiting, consider, fall_silent, hear, warn
from qingting.reception.services.calling import note_telephoned, send_calls
from qingting.reception.services.erasing import erase_for
from qingting.reception.services.left import Left, answer_left, leave, read_number, rotate_numbers
from qingting.reception.services.settings import Wish, arrange_watch, change_setting
from qingting.reception.services.targets import add_target, remove_target, rotate_targets, try_target
from qingting.reception.services.wording import word_turns

__all__ = [
    "Left",
    "Wish",
    "acknowledge",
    "add_target",
    "answer_left",
    "arrange_watch",
    "attend_waiting",
    "change_setting",
    "climb",
    "consider",
    "end_alerts",
    "erase_for",
    "fall_silent",
    "hear",
    "leave",
    "note_telephoned",
    "raise_alert",
    "read_number",
    "remove_target",
    "rotate_numbers",
    "rotate_targets",
    "send_calls",
    "try_target",
    "warn",
    "word_turns",
]
