"""Remembers what a result was made from, so that it is made again only when that changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Stamp:
    """A file beside a result, holding the fingerprint of its origin."""

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self.origin = origin

    def exists(self) -> bool:
        return self.path.exists()

    def fresh(self) -> bool:
        return self.path.exists() and self.path.read_text() == self.origin

    def write(self) -> None:
        if not self.fresh():
            self.path.write_text(self.origin)
