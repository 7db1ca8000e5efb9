"""Every write of chat: talking, taking and ending conversations, handing over, danger signs."""

from qingting.chat.services.conversations import (
    accept_conversation,
    decline_conversation,
    end_conversation,
    place_with,
    start_conversation,
    take_conversation,
)
from qingting.chat.services.erasing import erase_words
from qingting.chat.services.handovers import accept_handover, end_handover, offer_handover
from qingting.chat.services.judging import correct_sign, lower_danger, report_missed
from qingting.chat.services.listening import decline_invitation, invite_silently, join_silently, leave_silently
from qingting.chat.services.messages import (
    mark_read,
    post_machine_message,
    post_message,
    post_system_message,
    say_typing,
)
from qingting.chat.services.second_opinion import give_second_opinions

__all__ = [
    "accept_conversation",
    "accept_handover",
    "correct_sign",
    "decline_conversation",
    "decline_invitation",
    "end_conversation",
    "end_handover",
    "erase_words",
    "give_second_opinions",
    "invite_silently",
    "join_silently",
    "leave_silently",
    "lower_danger",
    "mark_read",
    "offer_handover",
    "place_with",
    "post_machine_message",
    "post_message",
    "post_system_message",
    "report_missed",
    "say_typing",
    "start_conversation",
    "take_conversation",
]
