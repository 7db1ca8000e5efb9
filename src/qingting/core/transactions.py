"""Taking part in a transaction that is under way, and writing into it without waiting for the answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, transaction

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def later(words: str, parameters: Any = None) -> None:
    """Run a statement whose answer nobody reads: it travels with the next one, or with COMMIT, and saves a round trip.

    What it violates is raised there, too: not for rows that the database may refuse and somebody hears the refusal of.
    """
    transaction.get_connection().later(words, parameters)


# SQLSTATE: deadlock detected, could not serialise, lock not available.
_LOST = frozenset({"40P01", "40001", "55P03"})


def lost_a_lock(error: BaseException) -> bool:
    """Whether the database ended a transaction only because another one was in the way: the same may be tried again."""
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", "") in _LOST


TRIES = 4


def until_it_holds(work: Callable[[], Answer]) -> Answer:
    """Do what is one transaction; again, a few times, where it lost a lock. Whatever else goes wrong is raised."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except DatabaseError as error:
            if not lost_a_lock(error):
                raise
    return work()


def joined(service: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Run inside the caller's transaction, without a savepoint of its own; where there is none, in a transaction of its own.

    For the small services that every act calls several times: a savepoint costs two round trips. Only for services that
    refuse before they write: whoever catches a refusal finds nothing half done.
    """

    @wraps(service)
    def joining(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        if transaction.get_connection().in_atomic_block:
            return service(*args, **kwargs)
        with transaction.atomic():
            return service(*args, **kwargs)

    return joining
