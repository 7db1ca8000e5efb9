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
from qingting.orders.services.intake import Drawn, Intake, Statement, TakenIn, draw_intake, store_intake

__all__ = [
    "Drawn",
    "Intake",
    "NewOrder",
    "Statement",
    "TakenIn",
    "accept",
    "approve",
    "cancel",
    "dispatch",
    "draft_order",
    "draw_intake",
    "end_reading",
    "follow_person",
    "record_progress",
    "return_order",
    "send_back",
    "send_order",
    "store_intake",
    "submit",
]
