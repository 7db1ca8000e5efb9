"""What comes in from outside, made fit to be kept: no character that a text column can't hold, no number that isn't one.

A half of an emoji that a phone cut in two must not cost a frightened person the whole message.
"""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

GetResponse = Callable[[HttpRequest], HttpResponse]

_LARGEST = (1 << 63) - 1  # of a bigint
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def whole(text: str) -> str:
    """The text without NUL, and with U+FFFD where half a surrogate pair stood."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """A number written in plain digits that fits a column, or `otherwise`."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > 19:
        return otherwise
    number = int(text)
    return number if number <= _LARGEST else otherwise


def json_value(body: bytes) -> Any:
    """The JSON of a body, its texts made whole. Raises ValueError for what is none, or is nested without end."""
    try:
        return _whole_inside(json.loads(body))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def json_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object of a body, its texts made whole; None for anything else."""
    try:
        found = json_value(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _whole_inside(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [_whole_inside(one) for one in value]
    if isinstance(value, dict):
        return {whole(key): _whole_inside(one) for key, one in value.items()}
    return value


def whole_characters(get_response: GetResponse) -> GetResponse:
    """Middleware: fields of forms and addresses carry nothing that the database refuses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and request.content_type in _FORMS and _holds_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return middleware


def _holds_nul(fields: QueryDict) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in fields.lists())


def _without_nul(fields: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for name, values in fields.lists():
        cleaned.setlist(whole(name), [whole(value) for value in values])
    return cleaned
