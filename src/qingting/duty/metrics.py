"""The waiting line and the seats, as numbers."""

from collections.abc import Iterable

from django.db.models import Count

from qingting.core.metrics import Gauge
from qingting.duty.models import Presence, WaitingEntry
from qingting.duty.states import EntryState


def of_duty() -> Iterable[Gauge]:
    """How many wait, and how many people are in which state."""
    waiting = WaitingEntry.objects.filter(state__in=[EntryState.WAITING, EntryState.OFFERED]).count()
    yield Gauge("line_waiting", "Entries of all waiting lines", waiting)
    for row in Presence.objects.values("state").annotate(count=Count("pk")).order_by("state"):
        yield Gauge("seats", "People at seats by state", row["count"], (("state", row["state"]),))
