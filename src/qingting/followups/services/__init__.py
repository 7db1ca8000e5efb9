"""Every write of following up."""

from qingting.followups.services.answers import Rating, rate
from qingting.followups.services.calls import (
    Outcome,
    give_up,
    plan_after_order,
    plan_follow_up,
    record_attempt,
    record_follow_up,
)
from qingting.followups.services.dialling import call_person, last_outcome, may_dial, note_dialled
from qingting.followups.services.elsewhere import ask_other_desk, hear_of_other_desk, take_back
from qingting.followups.services.messages import (
    queue_rating_message,
    rotate_numbers,
    send_messages,
    send_rating_message,
    text_of,
)
from qingting.followups.services.planning import NewRule, add_rule, drop_rule, raise_rule
from qingting.followups.services.ratings import invite_rating, rotate_tokens, waive_expired_ratings
from qingting.followups.services.tracking import (
    NewPlan,
    begin_tracking,
    end_tracking,
    hand_over_tracking,
    make_visits,
    pause_tracking,
    resume_tracking,
)

__all__ = [
    "NewPlan",
    "NewRule",
    "Outcome",
    "Rating",
    "add_rule",
    "ask_other_desk",
    "begin_tracking",
    "call_person",
    "drop_rule",
    "end_tracking",
    "give_up",
    "hand_over_tracking",
    "hear_of_other_desk",
    "invite_rating",
    "last_outcome",
    "make_visits",
    "may_dial",
    "note_dialled",
    "pause_tracking",
    "plan_after_order",
    "plan_follow_up",
    "queue_rating_message",
    "raise_rule",
    "rate",
    "record_attempt",
    "record_follow_up",
    "resume_tracking",
    "rotate_numbers",
    "rotate_tokens",
    "send_messages",
    "send_rating_message",
    "take_back",
    "text_of",
    "waive_expired_ratings",
]
