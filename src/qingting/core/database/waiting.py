"""Statements whose answer nobody reads: they wait, and travel with the next statement in one round trip (ADR 13).

The server still runs each of them, in the order given and before whatever comes after; a refusal of one is raised by the
statement it travelled with.
"""

from dataclasses import dataclass
from typing import Any, Self

import psycopg


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters. quiet: it changes no row (a transaction begins, a scope is told, a savepoint is set)."""

    words: str
    parameters: Any = None
    quiet: bool = False


class Waiting(list[Statement]):
    """What has not been sent yet on one connection, in order."""

    def taken(self) -> list[Statement]:
        """All of it, which then waits no more, whatever becomes of it."""
        statements = list(self)
        self.clear()
        return statements

    def add(self, statement: Statement, *, instead_of: str = "") -> None:
        """Put one at the end; in the place of the last, where that begins with `instead_of` and nothing has seen it."""
        if instead_of and self and self[-1].words.startswith(instead_of):
            self.pop()
        self.append(statement)

    def back_to(self, words: str) -> bool:
        """Forget what came after a statement that still waits. False where it was sent already: then all of it is forgotten."""
        for place, statement in enumerate(self):
            if statement.words == words:
                del self[place + 1 :]
                return True
        self.clear()
        return False


def waiting_on(connection: psycopg.Connection[Any]) -> Waiting:
    """The list of a connection that `attend` was called for."""
    waiting: Waiting = connection.waiting  # type: ignore[attr-defined]
    return waiting


def attend(connection: psycopg.Connection[Any]) -> None:
    """Let statements wait on this connection."""
    connection.waiting = Waiting()  # type: ignore[attr-defined]
    connection.cursor_factory = Cursor


def send(connection: psycopg.Connection[Any], *more: str) -> None:
    """Send what waits, and these behind it, in one round trip."""
    statements = waiting_on(connection).taken()
    with connection.pipeline():
        for statement in (*statements, *map(Statement, more)):
            connection.execute(statement.words, statement.parameters)


class Cursor(psycopg.Cursor[Any]):
    """A cursor that takes along what waits."""

    def execute(self, query: Any, params: Any = None, **told: Any) -> Self:
        if params is None and waiting_on(self.connection):
            send(
                self.connection
            )  # without parameters it may be several statements, as in migrations: they can't be piped
        statements = waiting_on(self.connection).taken()
        if not statements:
            return super().execute(query, params, **told)
        with self.connection.pipeline():
            for statement in statements:
                self.connection.execute(statement.words, statement.parameters)
            return super().execute(query, params, **told)

    def executemany(self, query: Any, params_seq: Any, **told: Any) -> None:
        if waiting_on(self.connection):
            send(self.connection)
        super().executemany(query, params_seq, **told)

    def copy(self, *asked: Any, **told: Any) -> Any:
        if waiting_on(self.connection):
            send(self.connection)
        return super().copy(*asked, **told)
