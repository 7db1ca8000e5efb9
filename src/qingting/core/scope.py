"""Who is looking: set once per request, job or desk message; the database backend copies it into every transaction.

Nothing set means nothing seen: row-level security compares rows with these settings, and an empty scope matches no row.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

# Holds until the transaction ends; the order is that of `Scope.settings`.
SCOPE_SQL = (
    "SELECT set_config('app.everything', %s, true), set_config('app.organisations', %s, true),"
    " set_config('app.visit', %s, true)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What rows a transaction may touch.

    organisations: ids whose rows are visible; visit: the one anonymous portal visit whose own chat is visible;
    everything: only for the platform's own loops and for sealing, counting and rotating.
    """

    organisations: frozenset[int] = field(default_factory=frozenset)
    visit: int = 0
    everything: bool = False

    def settings(self) -> tuple[str, str, str]:
        """What SCOPE_SQL asks for."""
        ids = ",".join(str(int(i)) for i in sorted(self.organisations))
        return ("on" if self.everything else "off", f"{{{ids}}}", str(int(self.visit)))

    def sql(self) -> str:
        """The same as plain statements. Built from integers and a flag only, so there is nothing to escape."""
        everything, organisations, visit = self.settings()
        return (
            f"SET LOCAL app.everything='{everything}';SET LOCAL app.organisations='{organisations}';"
            f"SET LOCAL app.visit='{visit}'"
        )

    def widened(self, organisations: Iterable[int]) -> "Scope":
        """The same scope with more organisations in it."""
        return Scope(self.organisations | frozenset(organisations), self.visit, self.everything)


NOBODY = Scope()
EVERYTHING = Scope(everything=True)

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """The scope in force, or None where nobody has said who is looking."""
    return _current.get()


def _apply(scope: Scope) -> None:
    """Tell the transactions that are already open."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql" and connection.in_atomic_block and not connection.needs_rollback:
            connection.look_as(scope)  # type: ignore[attr-defined]  # our own backend


@contextmanager
def acting(scope: Scope) -> Iterator[None]:
    """Look as `scope` inside the block, also in a transaction that is already open; afterwards as before."""
    before = _current.get()
    if scope == before:
        yield  # the open transaction has been told already
        return
    token = _current.set(scope)
    try:
        _apply(scope)
        yield
    finally:
        _current.reset(token)
        _apply(before or NOBODY)
