"""Pages of orders."""

from qingting.orders.views.catalogues import (
    activate,
    add_line,
    catalogue,
    catalogues,
    drop_catalogue,
    drop_line,
    raise_line,
    try_catalogue,
)
from qingting.orders.views.overview import bulk, choose, confirm, hub, plan, supervised, undo, wall
from qingting.orders.views.pages import NAMES_OF_ACTS, act, body, draft_panel, order, order_list, send
from qingting.orders.views.searching import drop_view, save_view, search

__all__ = [
    "NAMES_OF_ACTS",
    "act",
    "activate",
    "add_line",
    "body",
    "bulk",
    "catalogue",
    "catalogues",
    "choose",
    "confirm",
    "draft_panel",
    "drop_catalogue",
    "drop_line",
    "drop_view",
    "hub",
    "order",
    "order_list",
    "plan",
    "raise_line",
    "save_view",
    "search",
    "send",
    "supervised",
    "try_catalogue",
    "undo",
    "wall",
]
