"""What every page knows: who is signed in, at which post."""

from django.http import HttpRequest


def people(request: HttpRequest) -> dict[str, object]:
    """`actor` and `session_row` for templates."""
    return {"actor": getattr(request, "actor", None), "session_row": getattr(request, "session_row", None)}
