"""What later rooms put on the page of a case, as data: a panel is fetched from its address once that address exists.

Words behind a step stand in the tables of the room that took it; a room hands the reader of its notes over when it is
ready (`words_from`), so that the timeline can show them without this room looking ahead.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

Reader = Callable[[list[int]], dict[int, str]]


@dataclass(frozen=True, slots=True)
class Panel:
    """key: its id on the page; label: its heading; url_name: a fragment that takes the case's id and listens to the journal
    by itself; permission: who sees it."""

    key: str
    label: str
    url_name: str
    permission: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A panel on one case's page."""

    key: str
    label: str
    url: str


PANELS = [
    Panel("orders", "工单", "orders:draft-panel", "orders.view"),
    Panel("handoffs", "联动", "linkage:panel", "linkage.view"),
    Panel("chains", "跨省转介", "chains:panel", "chains.view"),
    Panel("calling", "打电话", "cases:calling", "telephony.talk"),
    Panel("conferences", "会商", "conferences:panel", "conferences.view"),
    Panel("assistance", "援助", "assistance:panel", "assistance.view"),
    Panel("follow-ups", "回访与评价", "followups:panel", "cases.view"),
]

_readers: dict[str, Reader] = {}


def slots_for(case_id: int, may: Callable[[str], bool]) -> list[Slot]:
    """The panels of a case that exist and that this person may see."""
    found = [(panel, _address(panel.url_name, case_id)) for panel in PANELS if may(panel.permission)]
    return [Slot(panel.key, panel.label, url) for panel, url in found if url]


def _address(url_name: str, case_id: int) -> str:
    try:
        return reverse(url_name, args=[case_id])
    except NoReverseMatch:
        return ""


def words_from(room: str, reader: Reader) -> None:
    """Let the timeline read the notes of `room` (the part of an event's name before its dot); ids out of sight are left out."""
    _readers[room] = reader


def words_behind(notes: dict[str, list[int]]) -> dict[tuple[str, int], str]:
    """Words by room and note id, for note ids by room."""
    return {
        (room, note_id): text
        for room, ids in notes.items()
        if room in _readers
        for note_id, text in _readers[room](ids).items()
    }
