"""What conferences do when something happened elsewhere: follow the decisions."""

from datetime import datetime

from qingting.conferences import services
from qingting.linkage.events import HandoffEvent
from qingting.orders.events import OrderEvent


def follow_order(event: OrderEvent, *, at: datetime) -> None:
    """An order has ended, or was taken up again: perhaps it came from a decision."""
    services.follow_work(order_id=event.order_id, at=at)


def follow_referral(event: HandoffEvent, *, at: datetime) -> None:
    """Another organisation has reported, refused, or the referral was taken back."""
    services.follow_work(handoff_id=event.handoff_id, at=at)
