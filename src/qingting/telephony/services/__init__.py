"""Every write of the telephone: calls, what is asked of them, accounts of browsers, callbacks, blocked numbers, lines."""

from qingting.telephony.services.accounts import (
    Issued,
    end_account,
    issue_seat_account,
    issue_visit_account,
    note_registration,
    use_own_telephone,
)
from qingting.telephony.services.acts import Wish, ask_act, ask_call_back, settle_act
from qingting.telephony.services.announcing import Told, ask_announcement, end_announcements_due, stop_announcements
from qingting.telephony.services.away import keep_of_away
from qingting.telephony.services.blocking import agree_to_block, lift_block, propose_block
from qingting.telephony.services.callbacks import close_task, note_attempt, plan_call_to, plan_callback
from qingting.telephony.services.calls import (
    Arrival,
    begin_call,
    begin_message,
    begin_waiting,
    choose_at_start,
    end_call,
    hold_call,
    leave_seat,
    lose_seat,
    note_notice,
    pass_on,
    queue_call,
    resume_call,
    take_call,
)
from qingting.telephony.services.danger import note_danger
from qingting.telephony.services.legs import Party, change_leg, end_leg, join_leg
from qingting.telephony.services.lines import LineDetails, close_line, put_line
from qingting.telephony.services.listening import Span, begin_listening_to_both, mix_of, read_both
from qingting.telephony.services.numbers import index_of_number, number_to_dial, rotate_numbers
from qingting.telephony.services.outside import Outside, ask_outside
from qingting.telephony.services.recordings import (
    Sound,
    Voice,
    begin_listening,
    delete_due,
    hold_recording,
    keep_recording,
    read_recording,
    rotate_keys,
)
from qingting.telephony.services.second import decline_to_listen, invite_to_listen, listen_in
from qingting.telephony.services.silence import answer_question, begin_question, note_no_key, note_speaking
from qingting.telephony.services.texting import join_text_talk, leads_to_call, send_text_link, send_text_links

__all__ = [
    "Arrival",
    "Issued",
    "LineDetails",
    "Outside",
    "Party",
    "Sound",
    "Span",
    "Told",
    "Voice",
    "Wish",
    "agree_to_block",
    "answer_question",
    "ask_act",
    "ask_announcement",
    "ask_call_back",
    "ask_outside",
    "begin_call",
    "begin_listening",
    "begin_listening_to_both",
    "begin_message",
    "begin_question",
    "begin_waiting",
    "change_leg",
    "choose_at_start",
    "close_line",
    "close_task",
    "decline_to_listen",
    "delete_due",
    "end_account",
    "end_announcements_due",
    "end_call",
    "end_leg",
    "hold_call",
    "hold_recording",
    "index_of_number",
    "invite_to_listen",
    "issue_seat_account",
    "issue_visit_account",
    "join_leg",
    "join_text_talk",
    "keep_of_away",
    "keep_recording",
    "leads_to_call",
    "leave_seat",
    "lift_block",
    "listen_in",
    "lose_seat",
    "mix_of",
    "note_attempt",
    "note_danger",
    "note_no_key",
    "note_notice",
    "note_registration",
    "note_speaking",
    "number_to_dial",
    "pass_on",
    "plan_call_to",
    "plan_callback",
    "propose_block",
    "put_line",
    "queue_call",
    "read_both",
    "read_recording",
    "resume_call",
    "rotate_keys",
    "rotate_numbers",
    "send_text_link",
    "send_text_links",
    "settle_act",
    "stop_announcements",
    "take_call",
    "use_own_telephone",
]
