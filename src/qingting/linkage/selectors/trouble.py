"""Reading what went wrong on a line: what was refused here, and what the other desk refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min

from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import Direction
from qingting.linkage.models import Desk, DeskMessage, Handoff
from qingting.linkage.states import HandoffState, MessageState, Way


def refused_at_the_door(desk: Desk) -> list[Entry]:
    """The last messages of a desk that were refused here, from the journal: codes and places, no content. The desk must have
    been read in sight."""
    with acting(EVERYTHING):
        mine = Entry.objects.filter(name="linkage.message-refused", subject_kind="desk", subject_id=desk.pk)
        return list(mine.order_by("-id")[:10])


def refused_strangers() -> list[Entry]:
    """The last calls at the door by whoever proved nothing: codes only. Anybody can knock, so they are of no organisation."""
    with acting(EVERYTHING):
        return list(Entry.objects.filter(name="linkage.message-refused", organisation_id=0).order_by("-id")[:10])


def unanswered_at(desks: Sequence[Desk]) -> dict[int, tuple[int, datetime]]:
    """Matters that wait for 签收 at desks without a wire (their page, a letter): desk id to how many, and the oldest since when.
    The desks must have been read in sight."""
    with acting(EVERYTHING):
        waiting = Handoff.objects.filter(desk__in=[desk.pk for desk in desks], direction=Direction.TO_POLICE)
        waiting = waiting.filter(state__in=[HandoffState.QUEUED, HandoffState.SENT])
        rows = waiting.values_list("desk_id").annotate(n=Count("pk"), oldest=Min("opened_at"))
        return {desk_id: (count, oldest) for desk_id, count, oldest in rows}


def stuck_handoffs(desk: Desk) -> list[tuple[Handoff, str]]:
    """Matters in which the desk's system refused a message of ours for good, with its code. The desk must have been read in
    sight."""
    with acting(EVERYTHING):
        refused = DeskMessage.objects.filter(desk=desk, way=Way.OUT, state=MessageState.REFUSED).order_by("pk")[:20]
        codes = dict(refused.values_list("link_id", "error"))
        found = Handoff.objects.select_related("desk", "case").filter(link_id__in=list(codes))
        return [(handoff, codes[handoff.link_id]) for handoff in found]


def refused_on(handoff: Handoff) -> str:
    """Why the other desk's system refused a message of this handoff for good (a code of the protocol); '' when it did not.
    The handoff must have been read in sight."""
    with acting(EVERYTHING):
        mine = DeskMessage.objects.filter(link_id=handoff.link_id, way=Way.OUT, state=MessageState.REFUSED)
        return mine.order_by("seq").values_list("error", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a desk: count, the oldest since when, how many it refused for good."""

    waiting: int
    oldest_at: datetime | None
    refused: int

    def age(self, at: datetime) -> timedelta | None:
        """How long the oldest has waited."""
        return at - self.oldest_at if self.oldest_at else None


def queue_of(desk: Desk) -> Queue:
    """The outbox of one desk. The desk must have been read in sight."""
    with acting(EVERYTHING), transaction.atomic():
        mine = DeskMessage.objects.filter(desk=desk, way=Way.OUT)
        waiting = mine.filter(state=MessageState.WAITING).aggregate(n=Count("pk"), oldest=Min("stored_at"))
        refused = mine.filter(state=MessageState.REFUSED).count()
    return Queue(waiting["n"], waiting["oldest"], refused)
