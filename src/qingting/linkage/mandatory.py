"""When the law asks for a report: which case categories fit which situation, as data."""

import json
from functools import cache
from importlib import resources

from qingting.seekers.states import MINOR, UNDER_14

SITUATIONS = range(4, 13)
"""Items 4 to 12 of the list with 110: the nine situations of the ministries' opinion, Article 4."""


@cache
def _data() -> dict[str, dict[str, int]]:
    text = resources.files("qingting.linkage").joinpath("data", "mandatory-reports.json").read_text("utf-8")
    found: dict[str, dict[str, int]] = json.loads(text)
    return found


def categories() -> frozenset[str]:
    """Case categories that may call for a report."""
    return frozenset(_data()["categories"])


def situation_of(category: str, age_band: str) -> int | None:
    """The item that fits a category and an age; None where no report is due. An unknown age counts as a minor's: a person
    finds out."""
    if category not in categories() or (age_band and age_band not in MINOR):
        return None
    younger = _data()["under_14"] if age_band in UNDER_14 else {}
    return younger.get(category) or _data()["categories"][category]
