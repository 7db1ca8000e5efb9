"""From what a page sends to what a service takes; the services say what is missing."""

from datetime import datetime, timedelta

from django.http import QueryDict

from qingting.chains.services import NewChain, NewDrill, Said
from qingting.core.time import BEIJING


def text(data: QueryDict, name: str, most: int = 2000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def new_chain(data: QueryDict) -> NewChain:
    """What the page of raising sends."""
    return NewChain(
        destination=text(data, "destination", 6),
        urgency=text(data, "urgency", 10),
        words=text(data, "words", 1500),
        with_phone=data.get("with_phone") == "on",
    )


def new_drill(data: QueryDict) -> NewDrill:
    """What the page of beginning an exercise sends."""
    return NewDrill(text(data, "destination", 6), text(data, "urgency", 10), text(data, "words", 1500))


def said(data: QueryDict) -> Said:
    """What comes with an act. A day ends at its last minute on the clocks of China."""
    return Said(
        words=text(data, "words"),
        code=text(data, "code", 30),
        due_at=_day(text(data, "due", 20)),
        region=text(data, "region", 6),
    )


def _day(words: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=BEIJING)
    return found + timedelta(hours=23, minutes=59) if "T" not in words else found
