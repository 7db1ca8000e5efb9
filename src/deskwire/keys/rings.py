"""Keyrings: a fixed one, and one that follows files as they appear and change."""

import threading
from collections.abc import Iterable
from pathlib import Path

from deskwire.keys.files import load_public_set
from deskwire.keys.model import PublicKey

_Stamp = tuple[int, int, int]


class StaticKeyring:
    """Holds the keys it was given."""

    def __init__(self, keys: Iterable[PublicKey] = ()) -> None:
        self._keys = {(key.desk, key.key_id): key for key in keys}

    def add(self, key: PublicKey) -> None:
        """Know one more key."""
        self._keys[key.desk, key.key_id] = key

    def knows(self, desk: str) -> bool:
        """Say whether any key of this desk is known."""
        return any(owner == desk for owner, _ in self._keys)

    def find(self, desk: str, key_id: str) -> PublicKey | None:
        """Find one key of one desk, or None."""
        return self._keys.get((desk, key_id))


class FileKeyring:
    """Follows public key files, or directories of `*.pub.json`: read again whenever one changes.

    A file may appear later; until then its desk is unknown. A file that cannot be read keeps what it said
    before, so a half-made edit does not cut a line between desks.
    """

    def __init__(self, *paths: Path) -> None:
        self._paths = paths
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[_Stamp, list[PublicKey]]] = {}

    def knows(self, desk: str) -> bool:
        """Say whether any key of this desk is known now."""
        return any(key.desk == desk for key in self._keys())

    def find(self, desk: str, key_id: str) -> PublicKey | None:
        """Find one key of one desk as published now, or None."""
        return next((k for k in self._keys() if k.desk == desk and k.key_id == key_id), None)

    def _keys(self) -> list[PublicKey]:
        with self._lock:
            files = list(self._files())
            for gone in self._read.keys() - set(files):
                del self._read[gone]
            return [key for path in files for key in self._of(path)]

    def _files(self) -> Iterable[Path]:
        for path in self._paths:
            if path.is_dir():
                yield from sorted(path.glob("*.pub.json"))
            elif path.is_file():
                yield path

    def _of(self, path: Path) -> list[PublicKey]:
        before = self._read.get(path)
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if before is None or before[0] != stamp:
                before = (stamp, load_public_set(path))
                self._read[path] = before
        except (OSError, ValueError):
            pass
        return before[1] if before else []
