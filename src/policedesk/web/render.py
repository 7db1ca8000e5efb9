"""Templates, and how codes and moments read on a page."""

import math
import uuid
from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from deskwire.moments import from_wire
from policedesk import items, wording
from policedesk.desk import Parts
from policedesk.operators import Operator
from policedesk.selectors import undelivered
from policedesk.times import local


class Pages:
    """Renders the desk's templates."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        folder = str(resources.files("policedesk").joinpath("web/templates"))
        self._jinja = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters |= {"clock": clock, "day": day, "wire": wire, "running": running}
        self._jinja.globals |= {
            "words": wording,
            "new_id": lambda: str(uuid.uuid4()),
            "find_item": items.find,
        }

    def page(self, name: str, operator: Operator | None, status: int = 200, **more: Any) -> HTMLResponse:
        """Render a template with what every page shows."""
        return HTMLResponse(self.text(name, operator, **more), status)

    def text(self, name: str, operator: Operator | None, **more: Any) -> str:
        """Render a template to text."""
        return self._jinja.get_template(name).render(
            operator=operator,
            line=self._parts.line.current(),
            undelivered=undelivered(self._parts.database),
            settings=self._parts.settings,
            now=self._parts.clock(),
            **more,
        )


def clock(moment: datetime) -> str:
    """Write the time of day in Beijing, such as 13:07:20."""
    return local(moment).strftime("%H:%M:%S")


def day(moment: datetime) -> str:
    """Write day and time in Beijing, such as 11月22日 13:07."""
    there = local(moment)
    return f"{there.month}月{there.day}日 {there:%H:%M}"


def wire(text: str) -> str:
    """Write a moment that came over the wire."""
    return day(from_wire(text))


def running(moment: datetime, now: datetime) -> str:
    """Write how long ago a moment was, as the running clock does: 02:13, 1:05:09, 3天2小时."""
    seconds = max(0, math.floor((now - moment).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    if hours >= 24:
        return f"{hours // 24}天{hours % 24}小时"
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"
