"""From what a page sends to what a service takes."""

from django.http import QueryDict

from qingting.complaints.services import NewComplaint


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def id_from(data: QueryDict, name: str) -> int | None:
    """An id; None for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def new_from(data: QueryDict, *, organisation_id: int, case_id: int | None = None) -> NewComplaint:
    """What both forms send; a stranger names nobody's account and no case."""
    return NewComplaint(
        about=words_from(data, "about", 10),
        organisation_id=organisation_id,
        words=words_from(data, "words"),
        contact=words_from(data, "contact", 100),
        case_id=case_id,
    )
