"""The desk's SQLite database: one connection per thread, one writer at a time, every commit on the disk."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path


class Changes:
    """Counts committed writes, so that open pages and the sender notice at once that something is new."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._version = 0

    @property
    def version(self) -> int:
        """How many writes were committed since start."""
        return self._version

    def bump(self) -> None:
        """Say that something was committed."""
        with self._condition:
            self._version += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> int:
        """Wait until there is more than `seen`, or the time is up; return the version then."""
        with self._condition:
            self._condition.wait_for(lambda: self._version != seen, seconds)
            return self._version


class Database:
    """Opens `desk.sqlite3` in a directory that only its owner may read. WAL, synchronous=FULL."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = directory / "desk.sqlite3"
        self._local = threading.local()
        self.changes = Changes()
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        script = resources.files("policedesk").joinpath("schema.sql").read_text("utf-8")
        self._connection().executescript(script)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Open a consistent view of what is committed."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open the one writing transaction; an exception undoes it, leaving it commits to the disk."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            found.row_factory = sqlite3.Row
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = FULL")
            found.execute("PRAGMA foreign_keys = ON")
            found.execute("PRAGMA secure_delete = ON")
            self._local.connection = found
        return found
