"""What follow-ups do when something happened elsewhere."""

from datetime import datetime

from qingting.followups import services
from qingting.linkage.events import HandoffEvent, HandoffResulted
from qingting.orders.events import OrderFinished
from qingting.telephony.events import CallbackTried


def plan_after_order(event: OrderFinished, *, at: datetime) -> None:
    """The work is done: whether it helped is asked next."""
    services.plan_after_order(
        order_id=event.order_id, case_id=event.case_id, organisation_id=event.organisation_id, at=at
    )


def follow_callback(event: CallbackTried, *, at: datetime) -> None:
    """A number was dialled: for a follow-up that is an attempt, whether or not somebody remembers to write it down."""
    services.note_dialled(task_id=event.task_id, outcome=event.outcome, outcome_label=event.outcome_label, at=at)


def hear_of_other_desk(event: HandoffEvent, *, at: datetime) -> None:
    """Another organisation has reported, refused or never got what it was asked: perhaps a follow-up in our place."""
    answered = isinstance(event, HandoffResulted)
    alarming = isinstance(event, HandoffResulted) and event.alarming
    services.hear_of_other_desk(handoff_id=event.handoff_id, answered=answered, alarming=alarming, at=at)
