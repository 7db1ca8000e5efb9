"""The linkage item list (分流转办事项首批清单) as this desk holds it."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its number within its direction, class, urgency, manner and wording."""

    direction: str
    no: int
    kind: str
    urgency: str
    link_mode: str
    title: str

    def to_wire(self) -> dict[str, Any]:
        """Write the item as a handoff carries it."""
        return {
            "direction": self.direction,
            "no": self.no,
            "listVersion": list_version(),
            "urgency": self.urgency,
            "linkMode": self.link_mode,
            "title": self.title,
        }


def to_12355() -> list[Item]:
    """The items that 110 hands to 12355."""
    return _items("110-to-12355")


def find(direction: str, no: int) -> Item | None:
    """Find an item of this desk's list."""
    return next((item for item in _items(direction) if item.no == no), None)


def list_version() -> str:
    """Name the version of the list."""
    return str(_data()["listVersion"])


def _items(direction: str) -> list[Item]:
    return [
        Item(direction, e["no"], e["class"], e["urgency"], e["linkMode"], e["title"])
        for e in _data().get(direction, [])
    ]


@cache
def _data() -> dict[str, Any]:
    text = resources.files("policedesk").joinpath("data/items.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
