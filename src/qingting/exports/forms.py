"""From what a page sends to what a service takes."""

from django.http import QueryDict

from qingting.exports.services import NewExport

_OURS = {"sheet", "reason", "format", "with_words", "csrfmiddlewaretoken"}


def filters_from(data: QueryDict) -> dict[str, str]:
    """Everything that is not the form's own; the list keeps what it knows."""
    return {name: str(value)[:4000] for name, value in data.items() if name not in _OURS}


def new_from(data: QueryDict) -> NewExport:
    """What the form sends."""
    return NewExport(
        sheet=data.get("sheet", "")[:30],
        filters=filters_from(data),
        file_format=data.get("format", "")[:4],
        reason=data.get("reason", "").strip()[:200],
        with_words=data.get("with_words") == "on",
    )
