"""The same rows by raw prepared SQL: what the database does when nothing stands before it.

The rows of one intake are read back, and written again and again with fresh ids: one prepared statement of plain INSERTs
with typed parameters, its transaction (BEGIN, scope, rows and journal, COMMIT) sent in one go, as the same role behind the
same wall. Nothing that a programme could do over a driver is faster.
"""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from qingting.core.ids import new_id
from qingting.simulation.bench.load import Outcome

# Tables of one intake, in the order in which they are written, and how the rows of one intake are found.
TABLES = {
    "exchange_receipt": "contact_id = %(contact)s",
    "contacts_contact": "id = %(contact)s",
    "cases_case": "id = %(case)s",
    "risk_caselink": "case_id = %(case)s",
    "core_clock": "case_id = %(case)s",
    "orders_workorder": "id = %(order)s",
    "core_entry": "subject_id in (%(contact)s, %(case)s, %(order)s)",
}
_BEGIN = """SELECT set_config('app.everything', 'off', true), set_config('app.organisations', %s, true),
  set_config('app.visit', '0', true)"""
_COUNT = """INSERT INTO cases_casenumber (province, year, last) VALUES (%s, 2099, 1)
  ON CONFLICT (province, year) DO UPDATE SET last = cases_casenumber.last + 1 RETURNING last"""
_NUMBER = sql.SQL("(SELECT 'RAW-2099-' || last FROM counted)")
_FILLED_BY_THE_DATABASE = {"txid"}


@dataclass(frozen=True)
class Sample:
    """One intake's rows: columns and values by table. organisations: the scope they are written in."""

    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    organisations: str
    province: str


def read_sample(database: str, ids: dict[str, int]) -> Sample:
    """What one intake left behind."""
    rows = {}
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET app.everything = 'on'")
        for table, condition in TABLES.items():
            found = connection.execute(f"SELECT * FROM {table} WHERE {condition} ORDER BY id", ids)
            names = [column.name for column in found.description or ()]
            kept = [n for n, name in enumerate(names) if name not in _FILLED_BY_THE_DATABASE]
            values = [tuple(row[n] for n in kept) for row in found.fetchall()]
            rows[table] = ([names[n] for n in kept], values)
    columns, (case,) = rows["cases_case"]
    known = dict(zip(columns, case, strict=True))
    return Sample(rows, f"{{{known['organisation_id']}}}", known["province"])


class _Writer:
    """One connection that writes the sample with fresh ids."""

    def __init__(self, database: str, sample: Sample) -> None:
        self._connection = psycopg.connect(database, autocommit=True, prepare_threshold=0)
        self._sample = sample
        self._statement = _statement(sample).as_string(None)

    def write(self) -> None:
        """One transaction, in one round trip."""
        connection, fresh = self._connection, _Fresh()
        values = [fresh.value(column, value) for column, value in _parameters(self._sample)]
        with connection.pipeline():
            connection.execute("BEGIN")
            connection.execute(_BEGIN, (self._sample.organisations,))
            connection.execute(self._statement, [self._sample.province, *values])
            connection.execute("COMMIT")


def _statement(sample: Sample) -> sql.Composed:
    """`WITH counted AS (…), a AS (INSERT …), b AS (INSERT …) … SELECT`: the case's number is the only thing computed."""
    inserts: list[sql.Composable] = [sql.SQL("counted AS (" + _COUNT + ")")]
    for table, (columns, rows) in sample.rows.items():
        row = [_NUMBER if column == "number" else sql.Placeholder() for column in columns]
        values = sql.SQL(", ").join([sql.SQL("({})").format(sql.SQL(", ").join(row))] * len(rows))
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        insert = sql.SQL("{0} AS (INSERT INTO {0} ({1}) VALUES {2})")
        inserts.append(insert.format(sql.Identifier(table), names, values))
    return sql.SQL("WITH {} SELECT last FROM counted").format(sql.SQL(", ").join(inserts))


def _parameters(sample: Sample) -> Iterator[tuple[str, Any]]:
    for columns, rows in sample.rows.values():
        for row in rows:
            yield from ((name, value) for name, value in zip(columns, row, strict=True) if name != "number")


class _Fresh:
    """Ids of one more intake: equal ones stay equal, as between the rows of one."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}

    def value(self, column: str, value: Any) -> Any:
        if isinstance(value, dict) or (isinstance(value, list) and column in {"ids", "data"}):
            return Jsonb(value, _DUMPED.dumps)
        if column == "idempotency_key":
            return os.urandom(16).hex()
        if column in {"id", "contact_id", "case_id", "order_id", "subject_id"} and value:
            return self._ids.setdefault(value, new_id())
        return value


class _DUMPED:
    """JSON as the journal writes it; a sample's objects never change, so each is dumped once a process."""

    _kept: dict[int, str] = {}

    @classmethod
    def dumps(cls, value: Any) -> str:
        return cls._kept.setdefault(id(value), json.dumps(value, ensure_ascii=False))


def _child(pipe: Any, database: str, sample: Sample, clients: int, seconds: float) -> None:
    outcome, lock = Outcome(), threading.Lock()
    writers = [_Writer(database, sample) for _ in range(clients)]
    began, cpu = time.perf_counter(), time.process_time()

    def go(writer: _Writer) -> None:
        took = []
        while time.perf_counter() < began + seconds:
            started = time.perf_counter()
            writer.write()
            took.append(time.perf_counter() - started)
        with lock:
            outcome.seconds += took
            outcome.statuses[201] += len(took)

    threads = [threading.Thread(target=go, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.elapsed, outcome.cpu = time.perf_counter() - began, time.process_time() - cpu
    pipe.send(outcome)


def run_raw(database: str, sample: Sample, *, clients: int, seconds: float, processes: int = 2) -> Outcome:
    """Write for some seconds over `clients` connections, spread over processes so that none of them is the limit."""
    context = get_context("spawn")
    pipes = []
    for number in range(processes):
        ours, theirs = context.Pipe()
        share = clients // processes + (number < clients % processes)
        context.Process(target=_child, args=(theirs, database, sample, share, seconds)).start()
        pipes.append(ours)
    parts: list[Outcome] = [pipe.recv() for pipe in pipes]
    whole = Outcome(elapsed=max(part.elapsed for part in parts), cpu=sum(part.cpu for part in parts))
    for part in parts:
        whole.seconds += part.seconds
        whole.statuses.update(part.statuses)
    return whole
