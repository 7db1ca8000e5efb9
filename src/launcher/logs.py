"""What the services say: into one file each, rotated, and before the service's name onto the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

LARGEST = 5_000_000  # bytes of one file
KEPT = 3  # older files


class ServiceLog:
    """The lines of one service. A line that is not finished yet waits for its end."""

    def __init__(self, folder: Path, name: str, *, width: int, hide: Callable[[str], str] = str) -> None:
        self._hide = hide
        self.path = folder / f"{name}.log"
        self._prefix = f"{name:<{width}} │ "
        self._rest = b""
        self._file: TextIO | None = None

    def write(self, chunk: bytes, *, screen: bool) -> None:
        """Take what came out of the service's pipe; an empty chunk is its end."""
        *lines, self._rest = (self._rest + (chunk or b"\n" * bool(self._rest))).split(b"\n")
        for line in lines:
            text = self._hide(line.decode("utf-8", "replace").rstrip("\r"))
            self._keep(text)
            if screen:
                print(self._prefix + text, flush=True)

    def last_lines(self, count: int) -> list[str]:
        if not self.path.exists():
            return []
        return self.path.read_text("utf-8").splitlines()[-count:]

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _keep(self, text: str) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8")
        self._file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}\n")
        self._file.flush()
        if self._file.tell() > LARGEST:
            self._rotate()

    def _rotate(self) -> None:
        self.close()
        for number in range(KEPT - 1, 0, -1):
            older = self.path.with_suffix(f".log.{number}")
            if older.exists():
                older.rename(self.path.with_suffix(f".log.{number + 1}"))
        self.path.rename(self.path.with_suffix(".log.1"))
