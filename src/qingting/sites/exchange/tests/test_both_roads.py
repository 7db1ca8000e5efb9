"""One statement stores exactly what the rooms' own services store one after another: row by row, column by column."""

import copy
import re

import pytest
from django.db import connection, transaction

from qingting.cases.services import open_case
from qingting.contacts.services import complete_contact, record_walk_in
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import services as orders
from qingting.sites.exchange.parcels import read_parcel
from qingting.sites.exchange.tests.conftest import PARCEL

pytestmark = pytest.mark.django_db

TABLES = (
    "contacts_contact",
    "cases_case",
    "cases_casehold",
    "risk_caselink",
    "orders_workorder",
    "orders_ordernote",
    "core_clock",
    "core_grant",
    "staff_notice",
    "core_entry",
)


def rows_now() -> dict[str, dict[int, str]]:
    """Every row of the tables as text, by id."""
    with acting(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT id, (to_jsonb(t) - 'txid')::text FROM {table} t ORDER BY id")
            found[table] = dict(cursor.fetchall())
        return found


def written_by(act) -> dict[str, list[str]]:
    """The rows that an act adds, with ids and numbers replaced by names that mean the same on both roads."""
    before = rows_now()
    with transaction.atomic():
        act()
    added = {
        table: {pk: text for pk, text in rows.items() if pk not in before[table]} for table, rows in rows_now().items()
    }
    names = {str(pk): f"{table}-{n}" for table, rows in added.items() for n, pk in enumerate(sorted(rows))}
    return {table: [_named(rows[pk], names) for pk in sorted(rows)] for table, rows in added.items()}


def _named(text: str, names: dict[str, str]) -> str:
    for number, name in names.items():
        text = text.replace(number, name)
    return re.sub(r"GD-2026-\d{6}", "GD-2026-N", text)


def one_by_one(actor, parcel, at):
    """As the pages do it."""
    read, handler = read_parcel(parcel)
    way = {"channel": read.contact.channel, "started_at": read.contact.started_at, "ended_at": read.contact.ended_at}
    contact = record_walk_in(actor=actor, at=at, **way)
    complete_contact(actor=actor, contact_id=contact.pk, data=read.contact.fields, at=at, keep_seeker=False)
    case = open_case(actor=actor, contact_id=contact.pk, new=read.case, at=at)
    order = orders.draft_order(actor=actor, case_id=case.pk, new=read.order, at=at)
    if handler:
        orders.dispatch(actor=actor, order_id=order.pk, handler_organisation_id=handler, at=at)


def at_once(actor, parcel, at):
    """As the API does it."""
    read, handler = read_parcel(parcel)
    drawn = orders.draw_intake(actor=actor, intake=read, at=at)
    taken, _ = orders.store_intake(drawn)
    if handler:
        orders.dispatch(actor=actor, order_id=taken.order_id, handler_organisation_id=handler, at=at)


@pytest.mark.parametrize("sent", [False, True], ids=["drafted", "sent to its handler"])
def test_both_roads_store_and_tell_the_same(tree, agent_here, at, category, clock_rules, sent):
    tree.person("ORDER_HANDLER", tree.county, "何敏")
    parcel = copy.deepcopy(PARCEL)
    if sent:
        parcel["order"]["handler_organisation_id"] = str(tree.county.pk)
    with acting(agent_here.scope):
        slowly = written_by(lambda: one_by_one(agent_here, parcel, at))
        quickly = written_by(lambda: at_once(agent_here, parcel, at))
    for table in TABLES:
        assert quickly[table] == slowly[table], table
    assert [len(slowly[table]) for table in ("contacts_contact", "cases_case", "orders_workorder")] == [1, 1, 1]
    assert len(slowly["core_entry"]) >= 4
    assert bool(slowly["cases_casehold"]) == sent
