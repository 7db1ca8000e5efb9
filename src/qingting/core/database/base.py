"""Django's PostgreSQL backend that begins every outermost transaction by telling the database who is looking.

The settings live no longer than the transaction, so a pooled connection carries nothing from one request to the next. Round
trips cost more here than statements: BEGIN travels together with the settings, and a connection is asked whether it lives
only when there is a sign that it does not.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.postgresql import base

from qingting.core.scope import current_scope


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        """The driver stays in autocommit, where it sends nothing of its own; the transaction begins with our BEGIN."""
        if autocommit:
            super()._set_autocommit(True)  # type: ignore[misc]  # not in the published types
            return
        scope = current_scope()
        words = f"BEGIN;{scope.sql()}" if scope is not None else "BEGIN"
        with self.wrap_database_errors:
            # Several statements in one round trip, which the extended protocol of prepared statements can't carry.
            self.connection.execute(words, prepare=False)

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
