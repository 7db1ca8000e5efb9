"""Contact, case, order, clock and journal in one statement, for systems that hand over all of it at once (ADR 8).

Each room draws up its own row and event (`drawn_up`), with its own checks; only the writing is done here, in the last of
these rooms along the road, because one statement can't be written by three. A test compares it, column by column, with
what the rooms' own services store.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qingting.cases import services as cases
from qingting.cases.models import Case
from qingting.cases.services import NewCase, number_at
from qingting.contacts import services as contacts
from qingting.contacts.services import TakenDown
from qingting.core import journal
from qingting.core.actors import Actor
from qingting.core.events import Event, hand_on
from qingting.core.rows import as_json, as_row
from qingting.core.time import local
from qingting.orders.models import WorkOrder
from qingting.orders.rules import order_number
from qingting.orders.services.acts import NewOrder, drawn_up
from qingting.risk.models import CaseLink


@dataclass(frozen=True, slots=True)
class Intake:
    """All of it."""

    contact: TakenDown
    case: NewCase
    order: NewOrder


Statement = tuple[str, tuple[Any, ...]]  # with its parameters


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of it: ids, and the numbers that people quote."""

    contact_id: int
    case_id: int
    order_id: int
    case_number: str
    order_number: str


# The journal's entries come without the case's number, which only the database knows; it is put into those that tell it.
_WRITE = f"""
WITH counted AS (
  INSERT INTO cases_casenumber (province, year, last) VALUES (%(province)s, %(year)s, 1)
  ON CONFLICT (province, year) DO UPDATE SET last = cases_casenumber.last + 1 RETURNING last
), named AS (
  SELECT last, %(prefix)s || lpad(last::text, greatest(6, length(last::text)), '0') AS number FROM counted
), contact AS (
  INSERT INTO contacts_contact SELECT r.* FROM jsonb_populate_record(null::contacts_contact, %(contact)s::jsonb) r
), opened AS (
  INSERT INTO cases_case SELECT r.* FROM named, jsonb_populate_record(null::cases_case,
    %(case)s::jsonb || jsonb_build_object('number', named.number)) r
), link AS (
  INSERT INTO risk_caselink SELECT r.* FROM jsonb_populate_record(null::risk_caselink, %(link)s::jsonb) r
), clock AS (
  INSERT INTO core_clock SELECT r.* FROM jsonb_populate_record(null::core_clock, %(clock)s::jsonb) r
), ordered AS (
  INSERT INTO orders_workorder SELECT r.* FROM named, jsonb_populate_record(null::orders_workorder,
    %(order)s::jsonb || jsonb_build_object('number', named.number || %(suffix)s)) r
), told AS (
  INSERT INTO core_entry ({journal.COLUMNS})
  SELECT id, at, name, account_id, acting_as, organisation_id, province, subject_kind, subject_id, case_id, ids,
    CASE name WHEN 'cases.opened' THEN data || jsonb_build_object('number', named.number)
      WHEN 'orders.drafted' THEN data || jsonb_build_object('number', named.number || %(suffix)s) ELSE data END, channels
  FROM named, jsonb_populate_recordset(null::core_entry, %(entries)s::jsonb)
)
SELECT last FROM counted
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be written: rows by parameter, and the events."""

    actor: Actor
    case: Case
    order: WorkOrder
    rows: dict[str, dict[str, Any]]
    events: list[Event]
    at: datetime


def draw_intake(*, actor: Actor, intake: Intake, at: datetime) -> Drawn:
    """Check all of it and draw it up; nothing is stored. Refuses what `record_walk_in`, `complete_contact`, `open_case`
    and `draft_order` refuse."""
    contact, first = contacts.drawn_up(actor=actor, taken=intake.contact, at=at)
    case, clock, opened = cases.drawn_up(actor=actor, contact=contact, new=intake.case, at=at)
    order, drafted = drawn_up(actor=actor, case=case, new=intake.order, at=at)
    link = CaseLink(
        organisation_id=case.organisation_id,
        province=case.province,
        contact_id=contact.pk,
        case_id=case.pk,
        linked_at=at,
    )
    drawn = {"contact": contact, "case": case, "link": link, "clock": clock, "order": order}
    rows = {name: as_row(row) for name, row in drawn.items()}
    return Drawn(actor, case, order, rows, [*first, opened, drafted], at)


@transaction.atomic(savepoint=False)
def store_intake(drawn: Drawn, *, first: Statement | None = None) -> tuple[TakenIn, int]:
    """Store what was drawn up: the order is drafted, for `dispatch` to send. first: a statement that travels along and runs
    before; how many rows it touched is returned too."""
    count, touched = _write(drawn, first)
    number = number_at(drawn.case.province, count, at=drawn.at)
    for event in drawn.events:
        hand_on(event, at=drawn.at)
    ids = {"contact_id": drawn.case.contact_id, "case_id": drawn.case.pk, "order_id": drawn.order.pk}
    return TakenIn(**ids, case_number=number, order_number=order_number(number, 1)), touched


def _write(drawn: Drawn, first: Statement | None) -> tuple[int, int]:
    """Returns the case's count within its province and year, and how many rows the first statement touched."""
    province = drawn.case.province
    entries = [journal.as_row(event, actor=drawn.actor, at=drawn.at) for event in drawn.events]
    parameters: dict[str, str | int] = {
        **{name: as_json(row) for name, row in drawn.rows.items()},
        "entries": as_json(entries),
        "province": province,
        "year": local(drawn.at).year,
        "prefix": number_at(province, 0, at=drawn.at).removesuffix("000000"),
        "suffix": order_number("", 1),
    }
    with connection.cursor() as before, connection.cursor() as cursor:
        with connection.together():  # type: ignore[attr-defined]  # our own backend
            if first is not None:
                before.execute(*first)
            cursor.execute(_WRITE, parameters)
        (count,) = cursor.fetchone()
        return int(count), before.rowcount if first is not None else 0
