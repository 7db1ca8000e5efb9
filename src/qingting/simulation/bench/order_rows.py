"""A million orders with their cases, grants and search rows: ten years of a province and its neighbours.

What an order is found by are keyed digests, which only the application can work out. It does so once for each sentence,
place and code, into small tables; of each single order it only sends the digests of its number and its case. All the rest is
set-based: PostgreSQL draws the orders from those tables itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import psycopg

from qingting.core.time import local
from qingting.directory.models import CaseCategory, Organisation
from qingting.directory.rules import division_line
from qingting.directory.states import OrganisationKind, Urgency
from qingting.orders import selectors
from qingting.orders.states import OrderKind, OrderState

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
_URGENCIES = [Urgency.CRITICAL] * 2 + [Urgency.URGENT] * 18 + [Urgency.ROUTINE] * 80
_OPEN, _OVER = (OrderState.IN_PROGRESS, OrderState.SUBMITTED), OrderState.SIGNED_OFF
_FIRST_CASE, _FIRST_ORDER = 10_000_000_000, 20_000_000_000

_TABLES = """
CREATE TEMP TABLE said (n int PRIMARY KEY, words text, tokens int[]);
CREATE TEMP TABLE place (n int PRIMARY KEY, house bigint, city bigint, station bigint, province text, division text, tokens int[]);
CREATE TEMP TABLE category (n int PRIMARY KEY, code text, tokens int[]);
CREATE TEMP TABLE code (what text, n int, value text, tokens int[], PRIMARY KEY (what, n));
CREATE TEMP TABLE numbered (n int PRIMARY KEY, called text, drafted_at timestamptz, tokens int[]);
CREATE TEMP TABLE month (value text PRIMARY KEY, tokens int[]);
"""
# Chance that is the same each time: the remainder of a digest of the order's place. Places at the front of the list get the
# most, as they have the most people: the square of an even draw.
_DRAW = """
CREATE TEMP TABLE drawn AS
SELECT n.n, n.called, n.drafted_at, n.tokens || m.tokens || s.tokens || p.tokens || c.tokens || k.tokens || u.tokens || st.tokens
    || CASE WHEN n.n %% %(one_in)s = 7 THEN %(rare)s::int[] ELSE '{}'::int[] END AS tokens,
  s.words || CASE WHEN n.n %% %(one_in)s = 7 THEN %(rare_words)s ELSE '' END AS words,
  p.house, p.city, p.station, p.province, p.division, c.code AS category, k.value AS kind, u.value AS urgency, st.value AS state
FROM numbered n
JOIN month m ON m.value = to_char(n.drafted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
JOIN said s ON s.n = abs(hashint4(n.n)) %% %(said)s
JOIN place p ON p.n = floor(((abs(hashint4(n.n + 1000003)) %% 100000) / 100000.0::float8) ^ 2 * %(places)s)::int
JOIN category c ON c.n = abs(hashint4(n.n + 2000003)) %% %(categories)s
JOIN code k ON k.what = 'kind' AND k.n = abs(hashint4(n.n + 3000017)) %% %(kinds)s
JOIN code u ON u.what = 'urgency' AND u.n = abs(hashint4(n.n + 4000037)) %% 100
JOIN code st ON st.what = 'state' AND st.n = abs(hashint4(n.n + 5000011)) %% 100
"""
_WRITE = f"""
INSERT INTO cases_case (id, organisation_id, province, number, state, contact_id, owner_account_id, category, urgency, division, summary,
  opened_at)
SELECT {_FIRST_CASE} + n, station, province, called, 'OPEN', {_FIRST_CASE} + n, 1, category, urgency, division, left(words, 12), drafted_at
FROM drawn;
INSERT INTO orders_workorder (id, organisation_id, province, number, case_id, kind, urgency, state, division, instructions,
  handler_organisation_id, reviewer_organisation_id, drafted_by_account_id, drafted_at, finished_at, due_at, firm, reminders, working_time)
SELECT {_FIRST_ORDER} + n, station, province, called || '-W01', {_FIRST_CASE} + n, kind, urgency, state, division, words, house, city, 1,
  drafted_at, CASE WHEN state = '{_OVER}' THEN drafted_at END, CASE WHEN state <> '{_OVER}' THEN drafted_at + interval '2 days' END,
  false, 0, false
FROM drawn;
INSERT INTO orders_ordersearch (order_id, drafted_at, tokens) SELECT {_FIRST_ORDER} + n, drafted_at, tokens FROM drawn;
"""
_GRANTS = """
INSERT INTO core_grant (id, province, subject_kind, subject_id, organisation_id, granted_by_organisation_id, purpose, starts_at)
SELECT {n} * 100000000 + row_number() OVER (), o.province, '{kind}', o.{column}, o.{party}, o.organisation_id, '{purpose}', o.drafted_at
FROM orders_workorder o
"""
_FILLED = ("cases_case", "orders_workorder", "orders_ordersearch", "core_grant")


def fill(database: str, count: int, at: datetime) -> None:
    """Write them all. Indexes are built when the rows are there, as after a restore."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SET app.everything = 'on'; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'"
        )
        connection.execute(_TABLES)
        _tell_words(connection, at)
        _number(connection, count, at)
        indexes = _without_indexes(connection)
        connection.execute(_DRAW, _sizes(connection))
        connection.execute(_WRITE)
        pairs = (("order", "id"), ("case", "case_id"))
        parties = (("handler_organisation_id", "ORDER_HANDLING"), ("reviewer_organisation_id", "ORDER_REVIEW"))
        wanted = [(kind, column, party, purpose) for kind, column in pairs for party, purpose in parties]
        for n, (kind, column, party, purpose) in enumerate(wanted, start=1):
            connection.execute(_GRANTS.format(n=n, kind=kind, column=column, party=party, purpose=purpose))
        for definition in indexes:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE")


def _without_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop the indexes that carry no constraint; returns how they are made again."""
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint) AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
        [list(_FILLED)],
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _copy(connection: psycopg.Connection[Any], table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _tell_words(connection: psycopg.Connection[Any], at: datetime) -> None:
    """The small tables: sentences, places, categories, codes and months, each with what it is found by."""
    sentences = [f"{one}，{other}。{do}。" for one, other, do in product(_SAID, _SAID, _DO)]
    tokens = selectors.tokens_for
    _copy(connection, "said", ((n, s, tokens({"word": selectors.grams(s)})) for n, s in enumerate(sentences)))
    _copy(connection, "place", _places())
    parents = dict(CaseCategory.objects.exclude(parent=None).values_list("pk", "parent_id"))
    categories = enumerate(sorted(parents.items()))
    _copy(
        connection, "category", ((n, code, tokens({"category": {code, str(above)}})) for n, (code, above) in categories)
    )
    states = [_OPEN[0], _OPEN[1], *[_OVER] * 98]
    for what, values in (("kind", OrderKind.values), ("urgency", _URGENCIES), ("state", states)):
        _copy(connection, "code", ((what, n, str(one), tokens({what: {one}})) for n, one in enumerate(values)))
    days = [local(at).date().replace(day=1) - timedelta(days=15 + 30 * n) for n in range(12 * YEARS + 8)]
    months = {f"{day:%Y-%m}": day.year for day in [local(at).date(), *days]}
    _copy(connection, "month", ((m, tokens({"month": {m}, "year": {year}})) for m, year in months.items()))


def _places() -> list[tuple[Any, ...]]:
    """Every county whose province has a station, with its city that reviews and the station that sends."""
    houses = list(Organisation.objects.filter(active=True))
    stations = {house.province: house for house in houses if house.kind == OrganisationKind.STATION}
    handling = {OrganisationKind.COUNTY, OrganisationKind.CITY}
    fitting = [h for h in houses if h.kind in handling and h.province in stations and h.division_id]
    found: list[tuple[Any, ...]] = []
    for n, house in enumerate(sorted(fitting, key=lambda one: str(one.division_id))):
        station = stations[house.province]
        by = {
            "under": {*house.path, *station.path},
            "handler": {house.pk},
            "place": division_line(str(house.division_id)),
        }
        digests = selectors.tokens_for(by)
        found.append((n, house.pk, house.path[-2], station.pk, house.province, house.division_id, digests))
    return found


def _number(connection: psycopg.Connection[Any], count: int, at: datetime) -> None:
    span = timedelta(days=365 * YEARS) / count

    def rows() -> Iterable[tuple[Any, ...]]:
        for n in range(count):
            drafted = at - span * (count - n)
            called = f"GD-{local(drafted).year}-{n:06d}"
            parts = selectors.number_parts(f"{called}-W01")
            yield n, called, drafted, selectors.tokens_for({"number": parts, "case": {_FIRST_CASE + n}})

    _copy(connection, "numbered", rows())


def _sizes(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    def many(table: str) -> int:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    return {
        "one_in": ONE_IN,
        "rare": selectors.tokens_for({"word": selectors.grams(RARE)}),
        "rare_words": RARE,
        "said": many("said"),
        "places": many("place"),
        "categories": many("category"),
        "kinds": len(OrderKind.values),
    }
