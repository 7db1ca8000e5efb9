"""Reading the data files beside this room into plain rows, ready to be stored."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from qingting.directory.states import DivisionLevel

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_json(name: str) -> Any:
    """A data file of this room, parsed."""
    return json.loads((DATA / name).read_text("utf-8"))


def division_row(code: str, name: str) -> Row:
    """Level and parent follow from the code: 440106 lies below 440100, and that below 440000."""
    if code.endswith("0000"):
        level, parent = DivisionLevel.PROVINCE, None
    elif code.endswith("00"):
        level, parent = DivisionLevel.CITY, code[:2] + "0000"
    else:
        level, parent = DivisionLevel.COUNTY, code[:4] + "00"
    return {"code": code, "name": name, "level": level.value, "parent_id": parent}


def divisions() -> list[Row]:
    """Some 3 200 divisions, those above before those below."""
    return [division_row(row["code"], row["name"]) for row in _csv("divisions.csv")]


def categories() -> list[Row]:
    """Case categories in the order in which they are shown."""
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "parent_id": row["parent"] or None,
            "position": position,
            "active": True,
        }
        for position, row in enumerate(_csv("categories.csv"), start=1)
    ]


def linkage_lists() -> list[tuple[Row, list[Row]]]:
    """Every version of every province's list, each with its items."""
    found = []
    for path in sorted(DATA.glob("linkage-*.json")):
        head = read_json(path.name)
        items = [{**item, "list_id": head["version"]} for item in head.pop("items")]
        head["valid_from"] = date.fromisoformat(head["valid_from"])
        head["valid_to"] = date.fromisoformat(head["valid_to"]) if head["valid_to"] else None
        found.append((head, items))
    return found


def clock_rules() -> list[Row]:
    """The defaults, which belong to no organisation."""
    return [{"organisation_id": None, "working_time": False, **row} for row in read_json("clock-rules.json")]
