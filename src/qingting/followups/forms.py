"""From what a page sends to what a service takes."""

from django.http import QueryDict

from qingting.followups.services import Outcome, Rating


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def number_from(data: QueryDict, name: str, otherwise: int) -> int:
    """A small whole number; `otherwise` for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def outcome_from(data: QueryDict) -> Outcome:
    """What the record of a call sends."""
    return Outcome(words_from(data, "means", 10), words_from(data, "helped", 10), words_from(data, "words"))


def rating_from(data: QueryDict) -> Rating:
    """What the young person sends."""
    return Rating(number_from(data, "score", 0), words_from(data, "helped", 10), words_from(data, "words", 2000))
