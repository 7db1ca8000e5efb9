"""Reading seats and the line."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from qingting.core.actors import Actor
from qingting.core.scope import EVERYTHING, acting
from qingting.duty import rules
from qingting.duty.models import Engagement, Offer, Presence, WaitingEntry
from qingting.duty.states import EntryState, OfferState, PresenceState
from qingting.duty.subjects import FILLING

_WAITS = (EntryState.WAITING, EntryState.OFFERED)


def presence_of(actor: Actor) -> Presence | None:
    """One's own presence, if one has ever been at a seat."""
    return Presence.objects.filter(account_id=actor.account_id).first()


def open_offers(actor: Actor) -> QuerySet[Offer]:
    """What is on offer to this person now."""
    mine = Offer.objects.filter(account_id=actor.account_id, state=OfferState.OPEN)
    return mine.select_related("entry").order_by("offered_at")


def line(actor: Actor) -> QuerySet[WaitingEntry]:
    """Who waits in the actor's organisation, in the order in which they will be served."""
    waiting = WaitingEntry.objects.filter(organisation_id=actor.organisation_id, state__in=_WAITS)
    return waiting.order_by("priority", "entered_at", "id")


def at_seats(actor: Actor) -> QuerySet[Presence]:
    """Everybody of the organisation who is not offline."""
    here = Presence.objects.filter(organisation_id=actor.organisation_id)
    return here.exclude(state=PresenceState.OFFLINE).order_by("state", "changed_at")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in the line: position from 1, seconds they are likely to wait (None: unknown), people ready."""

    position: int
    wait_seconds: int | None
    ready: int


def place_of(subject: tuple[str, int], *, at: datetime) -> Place | None:
    """The place of something that waits; None when it no longer waits. Tells a seeker about nobody else."""
    with acting(EVERYTHING):
        waiting = WaitingEntry.objects.filter(state__in=_WAITS)
        entry = waiting.filter(subject_kind=subject[0], subject_id=subject[1]).first()
        if entry is None:
            return None
        line_ids = list(
            waiting.filter(organisation_id=entry.organisation_id)
            .order_by("priority", "entered_at", "id")
            .values_list("id", flat=True)
        )
        seats = Presence.objects.filter(
            organisation_id=entry.organisation_id,
            state=PresenceState.READY,
            last_heartbeat_at__gte=at - rules.HEARTBEAT_LASTS,
        )
        ready = seats.filter(**({"reachable": True} if subject[0] in FILLING else {})).count()
        position = line_ids.index(entry.id) + 1
        return Place(position, rules.estimated_wait(position, _recent_waits(entry, at), ready), ready)


def _recent_waits(entry: WaitingEntry, at: datetime) -> list[float]:
    taken = WaitingEntry.objects.filter(
        organisation_id=entry.organisation_id, taken_at__gte=at - timedelta(hours=1)
    ).order_by("-taken_at")[:30]
    return [(row.taken_at - row.entered_at).total_seconds() for row in taken if row.taken_at]


def loads(actor: Actor) -> dict[int, int]:
    """How many things each person of the organisation has in hand."""
    engaged = Engagement.objects.filter(organisation_id=actor.organisation_id, ended_at=None)
    return dict(rules.load_by_account(list(engaged.values_list("account_id", flat=True)), []))
