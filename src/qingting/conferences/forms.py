"""From what a page sends to what a service takes; the services say what is missing."""

from datetime import UTC, datetime

from django.http import QueryDict

from qingting.conferences.kinds import TOLD
from qingting.conferences.services import Decision, NewConference, OrderWanted, Record
from qingting.core.time import BEIJING
from qingting.linkage.services import Referral, Wish

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def number_from(data: QueryDict, name: str) -> int:
    """An id; 0 for anything odd."""
    return _id(data.get(name, ""))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def moment_from(data: QueryDict, name: str) -> datetime:
    """A moment as `datetime-local` sends it, or the end of a day as `date` does, on the clocks of China; long ago for
    anything odd, which every service refuses."""
    text = data.get(name, "")
    try:
        found = datetime.fromisoformat(text if "T" in text else f"{text}T23:59")
    except ValueError:
        return LONG_AGO
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def new_conference(data: QueryDict) -> NewConference:
    """What the page of calling together sends."""
    return NewConference(
        kind=words_from(data, "kind", 20),
        topic=words_from(data, "topic", 60),
        starts_at=moment_from(data, "starts_at"),
        place=words_from(data, "place", 100),
        agenda=words_from(data, "agenda"),
        words=words_from(data, "words", 1500),
        guests=frozenset(filter(None, map(_id, data.getlist("guest")))),
        tells=frozenset(data.getlist("tell")) & frozenset(TOLD),
        agreed=words_from(data, "agreed", 10),
    )


def record(data: QueryDict) -> Record:
    """Who came, and the minutes."""
    here = filter(None, map(_id, data.getlist("came")))
    return Record(words_from(data, "minutes", 20000), {seat: words_from(data, f"who_{seat}", 100) for seat in here})


def decision(data: QueryDict) -> Decision:
    """What was decided, who answers for it, by when."""
    return Decision(words_from(data, "words", 1500), words_from(data, "person", 40), moment_from(data, "due"))


def order_wanted(data: QueryDict) -> OrderWanted:
    """The order that a decision becomes."""
    return OrderWanted(
        words_from(data, "order_kind", 20), words_from(data, "urgency", 10), number_from(data, "handler")
    )


def referral(data: QueryDict) -> Referral:
    """The referral that a decision becomes: kind and desk in one choice (`CODE:desk id`)."""
    code, _, desk = words_from(data, "referral_kind", 60).partition(":")
    wish = Wish(words_from(data, "words", 1500))
    return Referral(code, words_from(data, "urgency", 10) or "ROUTINE", wish, words_from(data, "agreed", 10), _id(desk))
