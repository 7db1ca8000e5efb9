"""Statements that travel with the next one: nothing is lost, nothing changes its place, and what is undone is undone."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qingting.core.models import Heartbeat
from qingting.core.scope import EVERYTHING, Scope, acting
from qingting.core.transactions import later

_BEAT = "INSERT INTO core_heartbeat (part, at, note) VALUES (%s, now(), '')"


@pytest.fixture
def table(transactional_db):
    """Transactions of their own, as in the running platform."""


def beats() -> set[str]:
    return set(Heartbeat.objects.values_list("part", flat=True))


def test_it_is_there_for_whoever_looks_next(table):
    with transaction.atomic():
        later(_BEAT, ["one"])
        assert "one" in beats()
    assert "one" in beats()


def test_it_is_stored_with_commit_where_nobody_looks(table):
    with transaction.atomic():
        later(_BEAT, ["last"])
    assert "last" in beats()


@transaction.atomic
def beat_and_fail(part: str = "gone", looking: bool = False) -> None:
    later(_BEAT, [part])
    if looking:
        beats()
    raise ZeroDivisionError


@transaction.atomic
def beat(part: str, *, looking: bool = False) -> None:
    Heartbeat.objects.get_or_create(part="before", defaults={"at": "2026-01-01T00:00:00Z"})
    later(_BEAT, [part])
    if looking:
        beats()


TOO_LONG = "x" * 61


def test_nothing_is_left_of_it_after_a_rollback(table):
    with pytest.raises(ZeroDivisionError):
        beat_and_fail()
    assert "gone" not in beats()


def test_going_back_to_a_savepoint_takes_back_what_came_after_it(table):
    with transaction.atomic():
        later(_BEAT, ["kept"])
        for looking in (False, True):
            with pytest.raises(ZeroDivisionError):
                beat_and_fail(looking=looking)
        later(_BEAT, ["kept, too"])
    assert beats() == {"kept", "kept, too"}


def test_what_it_violates_is_said_and_the_transaction_is_undone(table):
    with pytest.raises(DataError):
        beat(TOO_LONG)
    assert beats() == set()


def test_a_refused_statement_inside_a_savepoint_leaves_the_rest(table):
    with transaction.atomic():
        beat("first")
        with pytest.raises(DataError):
            beat(TOO_LONG, looking=True)
        later(_BEAT, ["after"])
    assert beats() == {"before", "first", "after"}


def test_the_scope_holds_for_what_was_asked_within_it(table):
    """Settings wait as well: in their place."""

    def seen():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.everything'), current_setting('app.organisations')")
            return cursor.fetchone()

    with acting(Scope(frozenset({7}))), transaction.atomic():
        assert seen() == ("off", "{7}")
        with acting(EVERYTHING):
            assert seen() == ("on", "{}")
            with pytest.raises(ZeroDivisionError), acting(Scope(frozenset({8}))), transaction.atomic():
                raise ZeroDivisionError
            assert seen() == ("on", "{}")
        assert seen() == ("off", "{7}")


def test_a_transaction_without_a_question_asks_the_database_nothing(table):
    with CaptureQueriesContext(connection) as sent, acting(EVERYTHING), transaction.atomic():
        pass
    assert [query["sql"] for query in sent if query["sql"] not in ("BEGIN", "COMMIT")] == []


def test_several_statements_at_once_come_after_it(table):
    """Migrations write so."""
    with transaction.atomic(), connection.cursor() as cursor:
        later(_BEAT, ["one"])
        cursor.execute("UPDATE core_heartbeat SET note = 'seen'; UPDATE core_heartbeat SET note = note || ' twice'")
    assert Heartbeat.objects.get(part="one").note == "seen twice"


def test_a_long_reading_sees_what_was_written_before_it(table):
    with transaction.atomic():
        later(_BEAT, ["streamed"])
        assert [row.part for row in Heartbeat.objects.iterator()] == ["streamed"]
