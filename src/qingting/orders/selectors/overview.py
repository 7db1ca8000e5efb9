"""Looking at many: the wall of what is about to run out, the load of everybody below, the supervised, plans of bulk work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.core.models import Clock
from qingting.directory.models import Organisation
from qingting.orders.models import Bulk, WorkOrder
from qingting.orders.selectors.sight import visible_to
from qingting.orders.states import LIVE, OrderState
from qingting.staff.models import Account

SOON = timedelta(hours=24)
MOST_ON_THE_WALL = 60
MOST_TO_CHOOSE = 200


@dataclass(frozen=True, slots=True)
class Running:
    """A clock on the wall: whose it is, and the order it runs for, where it runs for one."""

    clock: Clock
    house: str
    order: WorkOrder | None


def wall(actor: Actor, *, at: datetime) -> tuple[list[Running], dict[str, int]]:
    """Clocks of the actor's organisations that ran out or will within a day, the latest first; and how many there are of
    each: `late`, `hour`, `day`."""
    mine = Clock.objects.filter(met_at=None, cancelled_at=None, paused_at=None, due_at__lte=at + SOON)
    if not actor.scope.everything:
        mine = mine.filter(organisation_id__in=sorted(actor.scope.organisations))
    clocks = list(mine.order_by("due_at")[:MOST_ON_THE_WALL])
    houses = _names({clock.organisation_id for clock in clocks})
    wanted = [clock.subject_id for clock in clocks if clock.subject_kind == "order"]
    orders = {order.pk: order for order in visible_to(actor).filter(pk__in=wanted)}
    counts = mine.aggregate(
        late=Count("pk", filter=Q(due_at__lte=at)),
        hour=Count("pk", filter=Q(due_at__gt=at, due_at__lte=at + timedelta(hours=1))),
        day=Count("pk", filter=Q(due_at__gt=at + timedelta(hours=1))),
    )
    rows = [
        Running(
            clock,
            houses.get(clock.organisation_id, ""),
            orders.get(clock.subject_id) if clock.subject_kind == "order" else None,
        )
        for clock in clocks
    ]
    return rows, counts


def _names(ids: set[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "short_name"))


@dataclass(frozen=True, slots=True)
class Load:
    """What one organisation or person has in hand."""

    key: int
    name: str
    waiting: int
    working: int
    submitted: int
    late: int

    @property
    def total(self) -> int:
        """All that is open."""
        return self.waiting + self.working + self.submitted


def load_of_houses(actor: Actor, *, at: datetime) -> list[Load]:
    """Open orders of every organisation in reach that handles any, and of those below that have none; the most first."""
    counted = _counted(_in_hand(actor), "handler_organisation_id", at)
    names = _names(set(counted))
    below = Organisation.objects.filter(parent_id=actor.organisation_id, active=True).exclude(kind__in=_NOT_COUNTED)
    idle = [Load(pk, name, 0, 0, 0, 0) for pk, name in below.values_list("pk", "short_name") if pk not in counted]
    loads = [Load(pk, names.get(pk, ""), **numbers) for pk, numbers in counted.items()]
    return sorted([*loads, *idle], key=lambda load: (-load.late, -load.total, load.name))


_NOT_COUNTED = ("PARTNER", "SCHOOL", "YOUTH_HOME", "STATION")


def load_of_people(actor: Actor, house_id: int, *, at: datetime) -> list[Load]:
    """Open orders of each person of one organisation in reach; 0 is nobody yet."""
    counted = _counted(_in_hand(actor).filter(handler_organisation_id=house_id), "handler_account_id", at)
    people = dict(Account.objects.filter(pk__in=[pk for pk in counted if pk]).values_list("pk", "display_name"))
    loads = [Load(pk or 0, people.get(pk or 0, "还没有经办人"), **numbers) for pk, numbers in counted.items()]
    return sorted(loads, key=lambda load: (-load.late, -load.total))


def open_orders(actor: Actor, *, house: int = 0, person: int = -1, box: str = "") -> list[WorkOrder]:
    """Open orders to choose from, the soonest deadline first: of one handler, of one person there (0: nobody yet), or those
    that the actor's organisation sent."""
    orders = visible_to(actor).filter(state__in=LIVE)
    if house:
        orders = orders.filter(handler_organisation_id=house)
    if person >= 0:
        orders = orders.filter(handler_account_id=person or None)
    if box == "sent":
        orders = orders.filter(organisation_id=actor.organisation_id)
    return list(orders.order_by(F("due_at").asc(nulls_last=True), "-drafted_at")[:MOST_TO_CHOOSE])


def _in_hand(actor: Actor) -> QuerySet[WorkOrder]:
    houses = sorted(actor.scope.organisations)
    orders = visible_to(actor).filter(state__in=LIVE - {OrderState.DRAFTED, OrderState.RETURNED})
    return orders if actor.scope.everything else orders.filter(handler_organisation_id__in=houses)


def _counted(orders: QuerySet[WorkOrder], by: str, at: datetime) -> dict[int, dict[str, int]]:
    grouped = orders.values_list(by).annotate(
        waiting=Count("pk", filter=Q(state__in=[OrderState.DISPATCHED, OrderState.OBJECTED])),
        working=Count("pk", filter=Q(state__in=[OrderState.IN_PROGRESS, OrderState.GIVEN_BACK, OrderState.PAUSED])),
        submitted=Count("pk", filter=Q(state=OrderState.SUBMITTED)),
        late=Count("pk", filter=Q(due_at__lte=at)),
    )
    names = ("waiting", "working", "submitted", "late")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in grouped}


def supervised(actor: Actor, most: int = 200) -> list[WorkOrder]:
    """Orders in sight that are listed, the longest listed first."""
    return list(visible_to(actor).filter(supervised_at__isnull=False).order_by("supervised_at")[:most])


def bulk_of(actor: Actor, bulk_id: int) -> Bulk:
    """A plan of bulk work of the person themselves."""
    mine = Bulk.objects.filter(organisation_id=actor.organisation_id, planned_by_account_id=actor.account_id)
    found = mine.filter(pk=bulk_id).first()
    if found is None:
        raise not_found("批量操作", "orders.bulk.not-found")
    return found


def bulks(actor: Actor) -> list[Bulk]:
    """The person's latest plans."""
    mine = Bulk.objects.filter(organisation_id=actor.organisation_id, planned_by_account_id=actor.account_id)
    return list(mine.order_by("-planned_at")[:20])
