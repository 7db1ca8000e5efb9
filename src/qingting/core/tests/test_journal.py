"""The journal can't be changed unnoticed, and no reader steps over an entry that commits late (R-K3)."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from qingting.core import sealing
from qingting.core.events import publish
from qingting.core.grants import AccessGranted
from qingting.core.journal import Cursor, read_after
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting

pytestmark = pytest.mark.django_db(transaction=True)


def write(actor, at, number: int) -> None:
    event = AccessGranted(
        organisation_id=actor.organisation_id,
        province="440000",
        grant_id=number,
        granted_to_id=1,
        subject_kind="case",
        purpose="TEST",
    )
    with acting(EVERYTHING), transaction.atomic():
        publish(event, actor=actor, at=at)


def owner_sql(*statements: str) -> None:
    """As somebody who owns the tables and switches the armour off."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def sealed(agent_here, at, settings, tmp_path):
    settings.VAR = tmp_path
    for number in range(1, 6):
        write(agent_here, at, number)
    wait_for(lambda: sealing.seal_all() or sealing.verify()[0])
    wait_for(all_sealed)
    return agent_here


def all_sealed() -> bool:
    sealing.seal_all()
    with acting(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT sum(entries) FROM core_seal) = (SELECT count(*) FROM core_entry)")
        return bool(cursor.fetchone()[0])


def wait_for(condition) -> None:
    import time

    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_entry SET name = 'x'", "DELETE FROM core_entry", "TRUNCATE core_entry", "DELETE FROM core_seal"],
)
def test_even_its_owner_can_not_change_it_by_mistake(sealed, statement):
    with pytest.raises(DatabaseError):
        owner_sql("SET app.everything = 'on'", statement)


def test_an_untouched_journal_verifies(sealed):
    count, findings = sealing.verify()
    assert count > 0
    assert findings == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE core_entry SET data = '{}'::jsonb WHERE subject_id = 3",
        "DELETE FROM core_entry WHERE subject_id = 3",
        "UPDATE core_entry SET at = at + interval '1 second' WHERE subject_id = 5",
        "UPDATE core_seal SET digest = sha256('x') WHERE number = (SELECT max(number) FROM core_seal)",
        "DELETE FROM core_seal WHERE number = (SELECT max(number) FROM core_seal)",
    ],
)
def test_who_switches_the_armour_off_is_found(sealed, tampering):
    off, on = "DISABLE TRIGGER ALL", "ENABLE TRIGGER ALL"
    tables = ("core_entry", "core_seal")
    owner_sql(
        *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in tables[:1]),
        *(f"ALTER TABLE {table} {off.replace('ALL', 'USER')}" for table in tables),
        tampering,
        *(f"ALTER TABLE {table} {on.replace('ALL', 'USER')}" for table in tables),
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in tables[:1]),
    )
    assert sealing.verify()[1]


def test_an_entry_slipped_into_a_sealed_batch_is_found(sealed):
    columns = (
        "at, name, account_id, acting_as, organisation_id, province, subject_kind, subject_id, case_id, ids, data,"
        " channels, txid"
    )
    owner_sql(
        "SET app.everything = 'on'",
        f"INSERT INTO core_entry (id, {columns}) SELECT id + 1, {columns} FROM core_entry LIMIT 1",
    )
    assert sealing.verify()[1]


def test_a_reader_waits_for_what_began_earlier_and_commits_later(agent_here, at):
    settings = connection.settings_dict
    slow = psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], dbname=settings["NAME"], user=settings["USER"],
        password=settings["PASSWORD"],
    )  # fmt: skip
    with slow:
        slow.execute("SELECT pg_current_xact_id()")  # it has begun
        write(agent_here, at, 2)
        with acting(EVERYTHING):
            assert 2 not in [row.ids.get("grant") for row in read_after(Cursor())]
    slow.close()
    with acting(EVERYTHING):
        wait_for(lambda: 2 in [row.ids.get("grant") for row in read_after(Cursor())])


def test_another_province_reads_none_of_it(sealed, agent_elsewhere):
    with acting(agent_elsewhere.scope), transaction.atomic():
        assert not Entry.objects.exists()
    with acting(sealed.scope), transaction.atomic():
        assert Entry.objects.count() == 5
