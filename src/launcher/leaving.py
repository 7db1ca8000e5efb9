"""Stops a database in the background when the command that used it was killed before it could.

`python -m launcher.leaving HOME` waits for the end of its standard input, which the command holds open while it
lives, and then stops the cluster in HOME unless somebody else uses it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def stopped_if_we_are_killed(home: Path) -> Iterator[None]:
    """While the block runs, somebody waits for our death."""
    command = [sys.executable, "-m", "launcher.leaving", str(home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as waiting:
        try:
            yield
        finally:
            waiting.kill()


def main(home: Path) -> None:
    from launcher.postgres import Cluster

    sys.stdin.read()
    Cluster(home).stop_unless_used()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
