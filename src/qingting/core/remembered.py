"""Answers that seldom change, kept in the process for some seconds, so that a busy road does not ask them each time."""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings

Answer = TypeVar("Answer")
_MOST = 10_000


def remembered(seconds: float) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Keep what a function answered for the same arguments. Refusals (exceptions) are asked again.

    `seconds` is how late this process may notice a change; tests notice at once (setting REMEMBERING).
    """

    def decorate(ask: Callable[..., Answer]) -> Callable[..., Answer]:
        kept: dict[Hashable, tuple[float, Answer]] = {}

        @wraps(ask)
        def answer(*asked: Any) -> Answer:
            moment = time.monotonic()
            found = kept.get(asked)
            if found is not None and found[0] > moment and settings.REMEMBERING:
                return found[1]
            fresh = ask(*asked)
            if settings.REMEMBERING:
                if len(kept) >= _MOST:
                    kept.clear()
                kept[asked] = (moment + seconds, fresh)
            return fresh

        return answer

    return decorate
