"""Reading what is shared with other houses: who stands behind which desk, and what has got through."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.linkage.models import Desk, DeskMessage
from qingting.linkage.states import Manner, MessageState, Way


def desk_serving(region: str) -> Desk | None:
    """The desk of the installation in which the league's organisation of a region (GB/T 2260, 100000 for the national desk)
    works; None where it works in this one, or nobody knows."""
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        found = Desk.objects.filter(manner=Manner.WIRE, regions__contains=[region])
        return found.order_by("pk").first()


def who_may_run_a_desk(actor: Actor) -> QuerySet[Organisation]:
    """Whom a desk may be registered for: the partners of one's own province, and, for another 12355 installation, the league's
    committees elsewhere."""
    ours = Q(kind=OrganisationKind.PARTNER, province=actor.province)
    elsewhere = Q(kind__in=[OrganisationKind.NATION, OrganisationKind.PROVINCE]) & ~Q(province=actor.province)
    return Organisation.objects.filter(ours | elsewhere, active=True).order_by("-kind", "pk")


def regions_served() -> list[str]:
    """Every region that works in another installation we know."""
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        lists = Desk.objects.filter(manner=Manner.WIRE).exclude(regions=[]).values_list("regions", flat=True)
        return sorted({region for regions in lists for region in regions})


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far what we told a house has come. waiting: messages that wait, since when; refused: those it will never take, and
    why (a code of the protocol)."""

    waiting: int
    oldest_at: datetime | None
    delivered_at: datetime | None
    refused: int
    error: str


def delivery_on(link_id: UUID) -> Delivery:
    """What became of our messages on one shared link. The matter must have been read in sight."""
    with acting(EVERYTHING), transaction.atomic(savepoint=False):
        mine = DeskMessage.objects.filter(link_id=link_id, way=Way.OUT)
        is_waiting, is_refused = Q(state=MessageState.WAITING), Q(state=MessageState.REFUSED)
        found = mine.aggregate(
            waiting=Count("pk", filter=is_waiting),
            oldest=Min("stored_at", filter=is_waiting),
            delivered=Max("delivered_at"),
            refused=Count("pk", filter=is_refused),
        )
        error = mine.filter(is_refused).order_by("seq").values_list("error", flat=True).first() or ""
    return Delivery(found["waiting"], found["oldest"], found["delivered"], found["refused"], error)
