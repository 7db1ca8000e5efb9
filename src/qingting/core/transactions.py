"""Taking part in a transaction that is under way."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


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
