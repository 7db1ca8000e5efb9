"""What follow-ups do when something happened elsewhere."""

from datetime import datetime

from qingting.followups import services
from qingting.orders.events import OrderFinished


def plan_after_order(event: OrderFinished, *, at: datetime) -> None:
    """The work is done: whether it helped is asked next."""
    services.plan_after_order(
        order_id=event.order_id, case_id=event.case_id, organisation_id=event.organisation_id, at=at
    )
