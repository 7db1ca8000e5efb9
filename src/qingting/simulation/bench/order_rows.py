"""A million orders with their cases, grants and search rows, written by COPY: ten years of a province and its neighbours."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from qingting.core.ids import new_id
from qingting.core.time import local
from qingting.directory.models import CaseCategory, Organisation
from qingting.directory.rules import division_line
from qingting.directory.states import OrganisationKind, Urgency
from qingting.orders import selectors
from qingting.orders.states import OrderKind, OrderState

SEED = 12355
YEARS = 10
_SAID = (
    "孩子在学校被同学孤立", "近两周几乎没睡好", "父母离异后抚养费一直没给", "不想回学校上课", "和家里吵架后离家两天",
    "担心中考成绩", "网上认识的人向他借钱", "被班主任当众批评", "在厕所里被高年级同学打", "奶奶一个人带两个孩子",
    "兼职的老板拖欠工资", "想转到离家近的学校", "手机游戏充值一万多元", "情绪低落", "有划手腕的痕迹", "希望有人上门看看",
)  # fmt: skip
_DO = (
    "请联系学校心理老师面谈一次", "请上门了解家庭情况", "请协调法律援助律师", "请会同教育部门处理", "请联系居委会一起走访",
    "请一周内电话回访家长", "请评估安全后安排咨询", "请核实情况后答复本人",
)  # fmt: skip
RARE = "蓝鲸挑战"
ONE_IN = 20_000
_ORDER = (
    "id, organisation_id, province, number, case_id, kind, urgency, state, division, instructions, handler_organisation_id,"
    " reviewer_organisation_id, drafted_by_account_id, drafted_at, finished_at, due_at, firm, reminders, working_time"
)
_CASE = "id, organisation_id, province, number, state, contact_id, owner_account_id, category, urgency, division, summary, opened_at"

_WALLED = ("cases_case", "orders_workorder")


@dataclass(frozen=True, slots=True)
class County:
    """Where orders go: a county, its city that reviews, and the station that sends."""

    county: Organisation
    city: int
    station: int
    above: frozenset[int]


def _counties() -> list[County]:
    """Every county whose province has a station; those of the first cities get most of the work, as they have most people."""
    houses = list(Organisation.objects.filter(active=True))
    stations = {house.province: house for house in houses if house.kind == OrganisationKind.STATION}
    found = []
    for house in houses:
        station = stations.get(house.province)
        if house.kind in {OrganisationKind.COUNTY, OrganisationKind.CITY} and station and house.division_id:
            above = frozenset([*house.path, *station.path])
            found.append(County(house, house.path[-2], station.pk, above))
    return sorted(found, key=lambda one: str(one.county.division_id))


def _rows(count: int, at: datetime) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]]:
    """Of each order its case, itself, and what it is found by."""
    chance, counties = random.Random(SEED), _counties()  # noqa: S311  (invented orders are no secret)
    categories = dict(CaseCategory.objects.exclude(parent=None).values_list("pk", "parent_id"))
    weights = [1 / (place + 3) for place in range(len(counties))]
    places = chance.choices(counties, weights, k=count)
    codes = list(categories)
    span = timedelta(days=365 * YEARS) / count
    for number, place in enumerate(places):
        drafted = at - span * (count - number)
        yield _one(chance, place, number, drafted, chance.choice(codes), categories)


def _one(
    chance: random.Random, place: County, number: int, drafted: datetime, category: str, parents: dict[str, Any]
) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    house, case_id, order_id = place.county, new_id(), new_id()
    words = f"{chance.choice(_SAID)}，{chance.choice(_SAID)}。{chance.choice(_DO)}。"
    words += RARE if number % ONE_IN == 7 else ""
    kind, urgency = chance.choice(OrderKind.values), chance.choices(Urgency.values, (2, 18, 80))[0]
    recent = chance.random() < 0.02
    state = chance.choice([OrderState.IN_PROGRESS, OrderState.SUBMITTED]) if recent else OrderState.SIGNED_OFF
    called = f"GD-{local(drafted).year}-{number:06d}"
    due = drafted + timedelta(days=2) if recent else None
    common = (place.station, house.province)
    case = (case_id, *common, called, "OPEN", new_id(), 1, category, urgency, house.division_id, words[:12], drafted)
    order = (
        order_id, *common, f"{called}-W01", case_id, kind, urgency, state, house.division_id, words, house.pk, place.city, 1,
        drafted, None if recent else drafted, due, False, 0, False,
    )  # fmt: skip
    found_by = selectors.tokens_for(
        {
            "word": selectors.grams(words),
            "under": place.above,
            "number": selectors.number_parts(f"{called}-W01"),
            "place": division_line(str(house.division_id)),
            "category": {category, str(parents[category])},
            "kind": {kind},
            "urgency": {urgency},
            "state": {state},
            "handler": {house.pk},
            "case": {case_id},
            "year": {local(drafted).year},
            "month": {f"{local(drafted):%Y-%m}"},
        }
    )
    return case, order, (order_id, drafted, found_by)


_GRANTS = """
INSERT INTO core_grant (id, province, subject_kind, subject_id, organisation_id, granted_by_organisation_id, purpose, starts_at)
SELECT {n} * 100000000 + row_number() OVER (), o.province, '{kind}', o.{column}, o.{party}, o.organisation_id, '{purpose}', o.drafted_at
FROM orders_workorder o
"""


def fill(database: str, count: int, at: datetime) -> None:
    """Write them all. The indexes of the search are built when its rows are there, as after a restore."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SET app.everything = 'on'; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'"
        )
        connection.execute("DROP INDEX orders_search_tokens")
        for table in _WALLED:  # COPY does not go through the wall; for this moment its owner stands beside it
            connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        _copy(connection, count, at)
        for table in _WALLED:
            connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        pairs = (("order", "id"), ("case", "case_id"))
        parties = (("handler_organisation_id", "ORDER_HANDLING"), ("reviewer_organisation_id", "ORDER_REVIEW"))
        wanted = [(kind, column, party, purpose) for kind, column in pairs for party, purpose in parties]
        for n, (kind, column, party, purpose) in enumerate(wanted, start=1):
            connection.execute(_GRANTS.format(n=n, kind=kind, column=column, party=party, purpose=purpose))
        connection.execute("CREATE INDEX orders_search_tokens ON orders_ordersearch USING gin (tokens array_ops)")
        connection.execute("VACUUM ANALYZE")


def _copy(connection: psycopg.Connection[Any], count: int, at: datetime, batch: int = 20_000) -> None:
    rows = _rows(count, at)
    while chunk := [row for row, _ in zip(rows, range(batch), strict=False)]:
        tables = (
            ("cases_case", _CASE),
            ("orders_workorder", _ORDER),
            ("orders_ordersearch", "order_id, drafted_at, tokens"),
        )
        with connection.cursor() as cursor:
            for place, (table, columns) in enumerate(tables):
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row[place])
