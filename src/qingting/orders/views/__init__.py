"""Pages of orders."""

from qingting.orders.views.pages import NAMES_OF_ACTS, act, body, draft_panel, order, order_list, send
from qingting.orders.views.searching import drop_view, save_view, search

__all__ = [
    "NAMES_OF_ACTS",
    "act",
    "body",
    "draft_panel",
    "drop_view",
    "order",
    "order_list",
    "save_view",
    "search",
    "send",
]
