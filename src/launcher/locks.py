"""File locks: held by a living process only, so that a killed one leaves nothing behind."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BusyError(Exception):
    """Somebody else holds the lock."""


class FileLock:
    """One lock file; exclusive for one, shared for many."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def exclusive(self, *, wait: bool = True) -> Iterator[None]:
        """Hold it alone. Raises `BusyError` at once with `wait=False`."""
        with self._held(fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            try:
                fcntl.flock(file, how)
            except BlockingIOError as error:
                raise BusyError(self.path.name) from error
            yield
