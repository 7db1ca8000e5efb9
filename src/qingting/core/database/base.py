"""Django's PostgreSQL backend that begins every outermost transaction by telling the database who is looking.

The settings live no longer than the transaction, so a pooled connection carries nothing from one request to the next. Round
trips cost more here than statements: what nobody reads the answer of (BEGIN, the settings, savepoints, entries of the
journal) travels with the next statement, and a connection is asked whether it lives only when there is a sign that it does
not.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import debug_transaction  # type: ignore[attr-defined]  # not in the published types
from django.db.backends.postgresql import base

from qingting.core.database.waiting import Statement, Waiting, attend, send, waiting_on
from qingting.core.scope import SCOPE_SQL, Scope, current_scope

MOST_WAITING = 200


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        attend(connection)
        return connection

    @property
    def waiting(self) -> Waiting:
        """What has not been sent yet; empty where there is no connection."""
        return waiting_on(self.connection) if self.connection is not None else Waiting()

    def later(self, words: str, parameters: Any = None) -> None:
        """Run a statement whose answer nobody reads: with the next statement, or at the latest with COMMIT."""
        if not self.in_atomic_block:
            with self.cursor() as cursor:
                cursor.execute(words, parameters)
            return
        self.validate_no_broken_transaction()
        if self.queries_logged:
            self.queries_log.append({"sql": f"(later) {words}", "time": "0.000"})
        self.waiting.add(Statement(words, parameters))
        if len(self.waiting) >= MOST_WAITING:  # a long job that never asks anything must not gather them for ever
            with self.wrap_database_errors:
                send(self.connection)

    def look_as(self, scope: Scope) -> None:
        """Tell the transaction that is open who is looking from now on."""
        self.waiting.add(Statement(SCOPE_SQL, scope.settings(), quiet=True), instead_of=SCOPE_SQL)

    def _set_autocommit(self, autocommit: bool) -> None:
        """The driver stays in autocommit, where it sends nothing of its own; the transaction begins with our BEGIN."""
        if autocommit:
            super()._set_autocommit(True)  # type: ignore[misc]  # not in the published types
            return
        self.waiting.clear()
        self.waiting.add(Statement("BEGIN", quiet=True))
        scope = current_scope()
        if scope is not None:
            self.look_as(scope)

    def _commit(self) -> None:
        waiting = self.waiting
        if waiting and waiting[0].words == "BEGIN" and all(statement.quiet for statement in waiting):
            waiting.clear()  # the database was never asked anything
            return
        if not waiting:
            super()._commit()  # type: ignore[misc]
            return
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            send(self.connection, "COMMIT")

    def _rollback(self) -> None:
        self.waiting.clear()
        super()._rollback()  # type: ignore[misc]

    def _savepoint(self, sid: str) -> None:
        self._quietly(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._quietly(self.ops.savepoint_commit_sql(sid))

    def _quietly(self, words: str) -> None:
        if self.queries_logged:
            self.queries_log.append({"sql": words, "time": "0.000"})
        self.waiting.add(Statement(words, quiet=True))

    def _savepoint_rollback(self, sid: str) -> None:
        if not self.waiting.back_to(self.ops.savepoint_create_sql(sid)):
            super()._savepoint_rollback(sid)  # type: ignore[misc]

    def create_cursor(self, name: str | None = None) -> Any:
        if name and self.waiting:  # a cursor that stays open on the server cannot take others along
            with self.wrap_database_errors:
                send(self.connection)
        return super().create_cursor(name)

    def is_usable(self) -> bool:
        """A server that has gone leaves something to read (the end); only then it is worth asking."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(super().is_usable()) if waiting.poll(0) else True

    @contextmanager
    def together(self) -> Iterator[None]:
        """Statements inside travel in one go; asking one for its rows waits for all that were sent. Each is still checked,
        and the first that fails fails all behind it."""
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.pipeline():
            yield
