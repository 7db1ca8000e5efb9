"""Telling the controller, at the moment of the commit, that there is something for it."""

from django.db import connection

CHANNEL = "qingting_telephony"


def wake_controller(what: str) -> None:
    """Heard when the transaction commits; a controller that is away looks by itself when it is back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, what])
