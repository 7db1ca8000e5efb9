"""What the start page shows of the numbers: those of the last seven days."""

from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from qingting.core.actors import Actor
from qingting.statistics.permissions import VIEW
from qingting.statistics.rules import local_day, period_of
from qingting.statistics.selectors import Tile, tiles


def week(actor: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Tiles of the last seven days, each a way to what stands behind it."""
    if not actor.may(VIEW):
        return None
    home = reverse("statistics:home")
    shown = tiles(actor, period_of("7", local_day(at)))
    return {
        "title": "近7天",
        "template": "workbench/cards/rows.html",
        "url": home,
        "push": "cases.opened cases.signed-off chat.ended",
        "context": {"tiles": [_tile(actor, tile, home) for tile in shown]},
    }


def _tile(actor: Actor, tile: Tile, home: str) -> dict[str, Any]:
    return {"label": tile.label, "value": tile.value, "note": tile.note, "url": _address(actor, tile) or home}


def _address(actor: Actor, tile: Tile) -> str:
    """The list behind a number, for whoever may see that list."""
    if not tile.url_name or not actor.may("cases.view"):
        return ""
    try:
        return f"{reverse(tile.url_name)}?{tile.query}"
    except NoReverseMatch:
        return ""
