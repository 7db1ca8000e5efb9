"""Rows and their entries are stored together, or not at all."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction

from qingting.core.actors import SYSTEM
from qingting.core.at_once import UNLESS_THERE, Change, store
from qingting.core.events import Event
from qingting.core.models import Entry, Grant

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    name: ClassVar[str] = "test.happened-at-once"
    label: ClassVar[str] = "测试时发生的事"
    subject: ClassVar[str] = "case_id"
    case_id: int


@pytest.fixture
def grant(at):
    def draw(number: int = 1) -> Grant:
        words = {"subject_kind": "case", "purpose": "a purpose, with 'quotes' and 100 %", "province": "440000"}
        return Grant(
            id=number, subject_id=number, organisation_id=6, granted_by_organisation_id=7, starts_at=at, **words
        )

    return draw


@pytest.fixture
def stored(grant, at, everything):
    def write(*rows: Grant, **condition: Any) -> bool:
        event = Happened(organisation_id=6, province="440000", case_id=5)
        with transaction.atomic():
            return store(rows or [grant()], [event], actor=SYSTEM, at=at, **condition)

    return write


def test_rows_and_entries_are_stored_as_they_were_drawn_up(stored, grant, at):
    assert stored(grant(1), grant(2))
    kept = Grant.objects.get(pk=1)
    assert (kept.purpose, kept.starts_at, kept.ends_at) == ("a purpose, with 'quotes' and 100 %", at, None)
    assert Grant.objects.count() == 2
    assert Entry.objects.get().ids == {"organisation": 6, "case": 5}


def test_what_is_there_already_is_not_told_twice(stored):
    assert stored(provided=UNLESS_THERE)
    assert not stored(provided=UNLESS_THERE)
    assert (Grant.objects.count(), Entry.objects.count()) == (1, 1)


def test_without_its_condition_nothing_is_stored_but_what_travels_along_is_done(stored, grant, at):
    stored(grant(1), grant(2))
    of_none = Change("UPDATE core_grant SET revoked_at = %s WHERE id = 9 RETURNING 1", (at,))
    of_one = Change("UPDATE core_grant SET revoked_at = %s WHERE id = 1 RETURNING 1", (at,))
    other = Change("UPDATE core_grant SET ends_at = %s WHERE id = 2", (at + timedelta(days=1),))
    assert not stored(grant(3), provided=of_none, also=[other])
    assert Grant.objects.get(pk=2).ends_at == at + timedelta(days=1)
    assert stored(grant(3), provided=of_one)
    assert set(Grant.objects.values_list("id", flat=True)) == {1, 2, 3}


def test_no_reader_sees_a_row_without_its_entry(stored, grant):
    before = len(connection.queries_log)
    connection.force_debug_cursor = True
    try:
        stored(grant(1), grant(2))
    finally:
        connection.force_debug_cursor = False
    assert len(list(connection.queries_log)[before:]) <= 3, "one statement, and the savepoint of tests"
