"""Whoever reads the journal misses nothing, and whoever changes it is found out, superusers included."""

import subprocess

import psycopg
import pytest
from psycopg.types.json import Jsonb

from qingting.core.ids import new_id
from tests.platform import Platform

pytestmark = pytest.mark.faults

_NEXT = """
SELECT txid::text::bigint, id FROM core_entry WHERE (txid, id) > (%s::text::xid8, %s)
  AND txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY txid, id
"""


def write(connection: psycopg.Connection) -> int:
    """One entry, as services write them; returns its id."""
    number = new_id()
    connection.execute(
        "INSERT INTO core_entry (id, at, name, acting_as, organisation_id, province, subject_kind, subject_id, ids, data,"
        " channels) VALUES (%s, now(), 'test.said', 'system', 1, '440000', 'test', 1, %s, %s, %s)",
        (number, Jsonb({"test": 1}), Jsonb({}), ["test:1"]),
    )
    return number


class Reader:
    """Reads on from where it was, as the hub and statistics do."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection, self._cursor = connection, (0, 0)

    def read(self) -> list[int]:
        rows = self._connection.execute(_NEXT, (str(self._cursor[0]), self._cursor[1])).fetchall()
        self._cursor = rows[-1] if rows else self._cursor
        return [number for _, number in rows]


def test_a_slow_transaction_that_began_earlier_is_not_stepped_over(platform: Platform):
    url = platform.database
    with (
        psycopg.connect(url) as slow,
        psycopg.connect(url) as quick,
        psycopg.connect(url, autocommit=True) as reading,
    ):
        reading.execute("SET app.everything = 'on'")
        reader = Reader(reading)
        reader.read()
        early = write(slow)  # began, and holds its place, but has not committed
        late = write(quick)
        quick.commit()
        assert late not in reader.read(), "what stands behind an open transaction is not final yet"
        slow.commit()
        found: list[int] = []
        while early not in found or late not in found:
            found += reader.read()
        assert found.index(early) < found.index(late)
        assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("tampering", "undoing"),
    [
        (
            "UPDATE core_entry SET data = '{\"changed\": 1}' WHERE id = {}",
            "UPDATE core_entry SET data = '{}' WHERE id = {}",
        ),
        (
            "UPDATE core_entry SET organisation_id = 2 WHERE id = {}",
            "UPDATE core_entry SET organisation_id = 1 WHERE id = {}",
        ),
    ],
    ids=["its words", "its organisation"],
)
def test_an_entry_that_was_changed_past_all_guards_is_found(platform: Platform, tampering, undoing):
    with psycopg.connect(platform.database) as connection:
        number = write(connection)
    platform.command("journal", "seal")
    assert "0 findings" in platform.command("journal", "verify")
    by_superuser(platform, tampering.replace("id = {}", f"id = {number}"))
    with pytest.raises(subprocess.CalledProcessError) as found:
        platform.command("journal", "verify")
    assert "was changed after it was sealed" in found.value.stdout
    by_superuser(platform, undoing.replace("id = {}", f"id = {number}"))
    assert "0 findings" in platform.command("journal", "verify")


def test_an_entry_that_was_taken_out_is_found(platform: Platform):
    with psycopg.connect(platform.database) as connection:
        number = write(connection)
    platform.command("journal", "seal")
    by_superuser(platform, f"CREATE TABLE aside AS SELECT * FROM core_entry WHERE id = {number}")
    by_superuser(platform, f"DELETE FROM core_entry WHERE id = {number}")
    with pytest.raises(subprocess.CalledProcessError) as found:
        platform.command("journal", "verify")
    assert "were sealed" in found.value.stdout
    by_superuser(platform, "INSERT INTO core_entry SELECT * FROM aside")
    by_superuser(platform, "DROP TABLE aside")
    assert "0 findings" in platform.command("journal", "verify")


def by_superuser(platform: Platform, statement: str) -> None:
    """With all guards off, as only whoever runs the database can."""
    with psycopg.connect(platform.database) as connection:
        connection.execute("ALTER TABLE core_entry DISABLE TRIGGER USER")
        connection.execute("ALTER TABLE core_entry NO FORCE ROW LEVEL SECURITY")
        connection.execute(statement)
        connection.execute("ALTER TABLE core_entry FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE core_entry ENABLE TRIGGER USER")
