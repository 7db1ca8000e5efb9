"""Django's PostgreSQL backend that begins every outermost transaction by telling the database who is looking.

The settings live no longer than the transaction, so a pooled connection carries nothing from one request to the next.
"""

from typing import Any

from django.db.backends.postgresql import base

from qingting.core.scope import current_scope


class DatabaseWrapper(base.DatabaseWrapper):
    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> Any:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        scope = current_scope()
        if not autocommit and scope is not None:
            # Several statements in one round trip, which the extended protocol of prepared statements can't carry.
            self.connection.execute(scope.sql(), prepare=False)
