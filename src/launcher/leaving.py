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

from launcher import processes

GRACE = 5.0  # seconds; whoever holds the lock after that really uses the database


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
    # The kernel may close a dying process's pipe a moment before it lets go of its lock: ask more than once.
    processes.wait_until(Cluster(home).stop_unless_used, seconds=GRACE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
