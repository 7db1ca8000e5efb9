"""Every write of orders."""

from qingting.orders.services.access import end_reading, follow_person
from qingting.orders.services.acts import (
    NewOrder,
    accept,
    approve,
    cancel,
    dispatch,
    draft_order,
    record_progress,
    return_order,
    send_back,
    send_order,
    submit,
)

__all__ = [
    "NewOrder",
    "accept",
    "approve",
    "cancel",
    "dispatch",
    "draft_order",
    "end_reading",
    "follow_person",
    "record_progress",
    "return_order",
    "send_back",
    "send_order",
    "submit",
]
