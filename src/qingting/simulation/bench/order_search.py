"""`bench search`: a million orders, asked as people ask, from a county, a city, a province and the nation; beside raw SQL."""

import time as clock
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import transaction

from qingting.core import time
from qingting.core.actors import Actor
from qingting.core.scope import Scope, acting
from qingting.directory.models import Organisation
from qingting.orders import selectors, services
from qingting.orders.models import WorkOrder
from qingting.orders.selectors import OrderQuery
from qingting.simulation.bench.numbers import milliseconds
from qingting.simulation.bench.order_rows import RARE, fill
from qingting.staff.actors import reach

GOAL_MS = 200
TIMES = 40
ILIKE_PATIENCE = "20s"


@dataclass(frozen=True, slots=True)
class Asked:
    """label: what somebody looks for; query: how they ask."""

    label: str
    query: OrderQuery


def _questions(number: str) -> list[Asked]:
    return [
        Asked("common word", OrderQuery(words="学校")),
        Asked("two words", OrderQuery(words="抚养费 律师")),
        Asked("rare word", OrderQuery(words=RARE)),
        Asked("no such word", OrderQuery(words="鸵鸟迁徙")),
        Asked("whole number", OrderQuery(words=number)),
        Asked("end of a number", OrderQuery(words=number[-10:-4])),
        Asked("filters only", OrderQuery(urgency="CRITICAL", state="IN_PROGRESS")),
        Asked("category and word", OrderQuery(words="老师", category="LEGAL")),
        Asked("one old month", OrderQuery(words="拖欠工资", since="2020-03-01", until="2020-03-31")),
    ]


def measure_inside(orders: int) -> dict[str, Any]:
    """Fill the scratch database and ask. Called where `DATABASE_URL` names it."""
    at, began = time.now(), clock.perf_counter()
    fill(settings.DATABASE_URL, orders, at)
    filled = clock.perf_counter() - began
    found: dict[str, Any] = {}
    for who in _people():
        with acting(who.scope), transaction.atomic():
            newest = WorkOrder.objects.filter(pk__in=_ids_in_sight(who)).values_list("number", flat=True).first()
        label = Organisation.objects.get(pk=who.organisation_id).short_name
        found[label] = {
            asked.label: _asked(lambda query=asked.query, me=who: _ours(me, query), TIMES)  # type: ignore[misc]
            for asked in _questions(str(newest))
        }
    slowest = max(one["p95"] for answers in found.values() for one in answers.values())
    raw = {label: _raw(who) for label, who in zip(found, _people(), strict=True)}
    return {
        "orders": orders,
        "seconds_to_fill": round(filled, 1),
        "goal_ms": GOAL_MS,
        "slowest_p95_ms": slowest,
        "within_goal": slowest <= GOAL_MS,
        "milliseconds": found,
        "raw_sql_milliseconds": raw,
    }


def _people() -> list[Actor]:
    """Somebody of a county, of its city, of the station, of the province, and of the nation."""
    houses = list(Organisation.objects.filter(division_id="440106", kind="COUNTY")[:1])
    houses += Organisation.objects.filter(pk__in=houses[0].path[:-1])
    houses += Organisation.objects.filter(kind="STATION", province="440000")[:1]
    rights = frozenset({"orders.view", "seekers.view"})
    return [Actor(1, house.pk, house.province, "person", rights, Scope(reach(house))) for house in houses]


def _ids_in_sight(who: Actor) -> list[int]:
    return [order.pk for order in selectors.search(who, OrderQuery(urgency="ROUTINE"), at=time.now()).orders[:1]]


def _ours(who: Actor, query: OrderQuery) -> int:
    with acting(who.scope), transaction.atomic():
        return len(services.find_orders(actor=who, query=query, at=time.now()).orders)


def _asked(ask: Callable[[], int], times: int) -> dict[str, Any]:
    taken, hits = [], 0
    for _ in range(times):
        began = clock.perf_counter()
        hits = ask()
        taken.append(clock.perf_counter() - began)
    return {"hits": hits, **milliseconds(taken)}


_ILIKE = """SELECT id FROM orders_workorder WHERE (organisation_id = ANY(%(houses)s) OR id IN (SELECT subject_id FROM core_grant
  WHERE subject_kind = 'order' AND organisation_id = ANY(%(houses)s) AND revoked_at IS NULL))
  AND instructions ILIKE %(word)s ORDER BY drafted_at DESC LIMIT 21"""
_INDEX = """SELECT o.id FROM orders_ordersearch s JOIN orders_workorder o ON o.id = s.order_id
  WHERE s.tokens @> %(tokens)s ORDER BY s.drafted_at DESC LIMIT 21"""


def _raw(who: Actor) -> dict[str, Any]:
    """The same rare word by plain ILIKE behind the wall, and by one prepared statement on the index, as the same role."""
    database = settings.DATABASES["default"]
    tokens = selectors.tokens_for({"word": selectors.grams(RARE), "under": {who.organisation_id}})
    where: dict[str, Any] = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
    where |= {"password": database["PASSWORD"], "dbname": database["NAME"]}
    with psycopg.connect(**where) as connection:
        connection.execute(who.scope.sql(), prepare=False)
        connection.execute(f"SET LOCAL statement_timeout = '{ILIKE_PATIENCE}'")
        given = {"houses": sorted(who.scope.organisations), "word": f"%{RARE}%", "tokens": tokens}
        index = _asked(lambda: len(connection.execute(_INDEX, given, prepare=True).fetchall()), TIMES)
        try:
            plain = _asked(lambda: len(connection.execute(_ILIKE, given).fetchall()), 1)
        except psycopg.errors.QueryCanceled:
            plain = {"gave_up_after": ILIKE_PATIENCE}
    return {"rare word by index": index, "rare word by ILIKE": plain}
