"""`bench orders`: acts a second along the road of orders, in one process, beside the same rows by raw prepared SQL."""

import time as clock
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, reset_queries, transaction

from qingting.cases.services import NewCase, open_case
from qingting.contacts.services import record_walk_in
from qingting.contacts.states import Channel
from qingting.core import time
from qingting.core.actors import Actor
from qingting.core.ids import new_id
from qingting.core.scope import Scope, acting
from qingting.directory.models import CaseCategory, Organisation
from qingting.orders import services
from qingting.orders.models import WorkOrder
from qingting.orders.services import NewOrder
from qingting.simulation.bench.numbers import milliseconds
from qingting.staff.actors import reach
from qingting.staff.models import Account

ROAD = ("dispatch", "accept", "progress", "submit", "send_back", "submit", "approve")
WORDS = "已联系上本人，约定周三下午和班主任一起家访。"
_RIGHTS = frozenset(
    {"contacts.record", "contacts.view", "cases.open", "cases.view", "orders.view", "orders.draft", "orders.dispatch",
     "orders.accept", "orders.work", "orders.review"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """Who sends, who handles, who reviews."""

    station: Actor
    county: Actor
    city: Actor

    def whose(self, act: str) -> Actor:
        """Whose act it is."""
        by = {"dispatch": self.station, "send_back": self.city, "approve": self.city}
        return by.get(act, self.county)


def _people() -> People:
    account = Account.objects.values_list("pk", flat=True).first() or 1
    county = Organisation.objects.get(division_id="440106", kind="COUNTY")
    station = Organisation.objects.get(province="440000", kind="STATION")
    houses = (station, county, Organisation.objects.get(pk=county.path[-2]))
    return People(*(Actor(account, h.pk, h.province, "person", _RIGHTS, Scope(reach(h))) for h in houses))


def measure_inside(count: int) -> dict[str, Any]:
    """Walk orders down the whole road, act by act. Called where `DATABASE_URL` names the scratch."""
    people, at = _people(), time.now()
    orders = [_drafted(people.station, at) for _ in range(count)]
    statements = _statements(people, _drafted(people.station, at), at)
    taken: dict[str, list[float]] = defaultdict(list)
    began = clock.perf_counter()
    for place, act in enumerate(ROAD):
        for order in orders:
            start = clock.perf_counter()
            _do(people, act, order, at)
            taken[f"{place + 1} {act}"].append(clock.perf_counter() - start)
    seconds = clock.perf_counter() - began
    raw = _raw(orders, at)
    acts = count * len(ROAD)
    return {
        "orders": count,
        "acts": acts,
        "acts_per_second": round(acts / seconds, 1),
        "raw_per_second": round(acts / raw, 1),
        "ratio": round(raw / seconds, 3),
        "milliseconds": {act: milliseconds(values) for act, values in taken.items()},
        "statements_each": statements,
    }


def _drafted(who: Actor, at: datetime) -> WorkOrder:
    category = CaseCategory.objects.exclude(parent=None).values_list("pk", flat=True)[0]
    with acting(who.scope), transaction.atomic():
        contact = record_walk_in(actor=who, channel=Channel.WALK_IN, started_at=at, at=at)
        case = open_case(actor=who, contact_id=contact.pk, new=NewCase(category, "ROUTINE", "440106"), at=at)
        new = NewOrder("RIGHTS", "ROUTINE", "440106", "请上门了解家庭情况，并联系学校。")
        return services.draft_order(actor=who, case_id=case.pk, new=new, at=at)


def _do(people: People, act: str, order: WorkOrder, at: datetime) -> None:
    who = people.whose(act)
    given: dict[str, Any] = {"handler_organisation_id": people.county.organisation_id} if act == "dispatch" else {}
    service = getattr(services, {"progress": "record_progress"}.get(act, act))
    with acting(who.scope):
        service(actor=who, order_id=order.pk, at=at, words=WORDS, **given)


def _statements(people: People, order: WorkOrder, at: datetime) -> dict[str, int]:
    """How many statements each act sends."""
    counted: Counter[str] = Counter()
    connection.force_debug_cursor = True
    for place, act in enumerate(ROAD):
        reset_queries()
        _do(people, act, order, at)
        counted[f"{place + 1} {act}"] = len(connection.queries)
    connection.force_debug_cursor = False
    return dict(counted)


_RAW = (
    "BEGIN",
    "SELECT set_config('app.everything', 'on', true)",
    "UPDATE orders_workorder SET state = %(state)s, due_at = %(at)s WHERE id = %(order)s",
    (
        "INSERT INTO orders_ordernote (id, organisation_id, province, order_id, act, text, account_id, at)"
        " VALUES (%(id)s, %(house)s, '440000', %(order)s, 'progress', %(words)s, 1, %(at)s)"
    ),
    "UPDATE core_clock SET met_at = %(at)s WHERE subject_kind = 'order' AND subject_id = %(order)s AND met_at IS NULL",
    (
        "INSERT INTO core_clock (id, organisation_id, province, kind, subject_kind, subject_id, started_at, warn_at, due_at,"
        " escalate_every, level, pause_reason) VALUES (%(id)s, %(house)s, '440000', %(kind)s, 'order', %(order)s, %(at)s, %(at)s,"
        " %(at)s, '1 hour', 0, '')"
    ),
    (
        "INSERT INTO core_entry (id, at, name, account_id, acting_as, organisation_id, province, subject_kind, subject_id, ids,"
        " data, channels) VALUES (%(id)s, %(at)s, 'orders.progressed', 1, 'person', %(house)s, '440000', 'order', %(order)s,"
        " '{}', '{}', '{}')"
    ),
    (
        "INSERT INTO staff_notice (id, organisation_id, province, permission, kind, subject_kind, subject_id, urgency, created_at,"
        " dedupe) VALUES (%(id)s, %(house)s, '440000', 'orders.work', 'orders.progressed', 'order', %(order)s, 'ROUTINE', %(at)s, '')"
    ),
    "COMMIT",
)


def _raw(orders: list[WorkOrder], at: datetime) -> float:
    """The rows of an act (order, note, two clocks, entry, notice) in one round trip each, as the owner. Returns seconds."""
    with psycopg.connect(settings.DATABASE_URL, autocommit=True, prepare_threshold=0) as raw:
        began = clock.perf_counter()
        for _ in ROAD:
            for order in orders:
                given = {
                    "order": order.pk,
                    "state": "IN_PROGRESS",
                    "house": order.organisation_id,
                    "words": WORDS,
                    "at": at,
                }
                fresh = new_id()
                with raw.pipeline():
                    for statement in _RAW:
                        raw.execute(statement, {**given, "id": fresh, "kind": str(fresh)})
        return clock.perf_counter() - began
