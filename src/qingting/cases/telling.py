"""From journal entries to what a person reads: when, what in plain words, who for whom, and the words they gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from qingting.cases.panels import words_behind
from qingting.core.events import described
from qingting.core.models import Entry
from qingting.directory.models import Organisation
from qingting.directory.states import ClockKind
from qingting.staff.models import Account

_NOBODY = {"seeker": "来访者", "desk": "联动单位", "system": "系统"}
_CLOCK_WORDS = {
    "core.clock-warned": "“{kind}”时限即将到期",
    "core.clock-breached": "“{kind}”已超过时限",
    "core.clock-escalated": "“{kind}”超时仍未处理，已上报上级",
}
CLOCK_EVENTS = tuple(_CLOCK_WORDS)
# Clocks that don't wait for somebody to act say something of their own.
_OWN_CLOCK_WORDS = {
    ("core.clock-warned", ClockKind.ORDER_PAUSE): "挂起即将期满",
    ("core.clock-breached", ClockKind.ORDER_PAUSE): "挂起期满",
}
_GRAVE = {"core.clock-breached", "core.clock-escalated", "chat.danger-seen"}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline. organisation is the short name of whom the person acted for; words are what they wrote."""

    at: datetime
    name: str
    what: str
    who: str
    organisation: str
    words: str
    grave: bool


def tell(entries: Iterable[Entry]) -> list[Told]:
    """The entries as lines, in the order given. The reader must be allowed to see them."""
    rows = list(entries)
    people = _people(rows)
    houses = _houses(rows)
    words = words_behind(_notes(rows))
    return [
        Told(
            at=entry.at,
            name=entry.name,
            what=_what(entry),
            who=people.get(entry.account_id or 0, _NOBODY.get(entry.acting_as, "")),
            organisation=houses.get(_house(entry), "") if entry.acting_as == "person" else "",
            words=words.get((_room(entry), entry.ids.get("note", 0)), ""),
            grave=entry.name in _GRAVE,
        )
        for entry in rows
    ]


def _what(entry: Entry) -> str:
    if entry.name in _CLOCK_WORDS:
        kind = entry.data.get("kind", "")
        label = ClockKind(kind).label if kind in ClockKind.values else kind
        if own := _OWN_CLOCK_WORDS.get((entry.name, kind)):
            return own
        return _CLOCK_WORDS[entry.name].format(kind=label)
    return described(entry.name, entry.data)


def _room(entry: Entry) -> str:
    return entry.name.partition(".")[0]


def _house(entry: Entry) -> int:
    acting: int = entry.ids.get("acting_organisation", entry.organisation_id)
    return acting


def _people(rows: Sequence[Entry]) -> dict[int, str]:
    accounts = Account.objects.filter(pk__in={row.account_id for row in rows if row.account_id})
    return dict(accounts.values_list("pk", "display_name"))


def _houses(rows: Sequence[Entry]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in={_house(row) for row in rows}).values_list("pk", "short_name"))


def _notes(rows: Sequence[Entry]) -> dict[str, list[int]]:
    notes: dict[str, list[int]] = {}
    for row in rows:
        if "note" in row.ids:
            notes.setdefault(_room(row), []).append(row.ids["note"])
    return notes
