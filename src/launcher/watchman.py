"""A second process that stops the services when the supervisor itself was killed.

Linux tells a child that its parent died, but a service may be slow to listen, or have children of its own.
The watchman holds a pipe from the supervisor, is told each process group as it starts, and acts when the pipe
closes unannounced.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from launcher import processes

OVER = "over"


class Watchman:
    """The supervisor's end of the pipe."""

    def __init__(self, patience: float) -> None:
        """Fork the watchman, before any service; `patience` is its seconds between asking and killing."""
        read, self._write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._write)
            _stand_watch(read, patience)
        os.close(read)

    def started(self, group: int, stop_signal: signal.Signals) -> None:
        self._tell(f"{group} {int(stop_signal)}")

    def ended(self, group: int) -> None:
        self._tell(f"{group} 0")

    def dismiss(self) -> None:
        """Everything was stopped in order; the watchman goes."""
        self._tell(OVER)
        os.close(self._write)
        os.waitpid(self.pid, 0)

    def _tell(self, line: str) -> None:
        # Without its reader the watchman was killed; the services still hear of our death from Linux.
        with suppress(BrokenPipeError):
            os.write(self._write, f"{line}\n".encode())


def _stand_watch(read: int, patience: float) -> None:
    os.setsid()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    groups: dict[int, int] = {}
    with os.fdopen(read) as pipe:
        for line in pipe:
            if line.strip() == OVER:
                os._exit(0)
            group, stop_signal = (int(word) for word in line.split())
            groups[group] = stop_signal
    _stop({group: sign for group, sign in groups.items() if sign}, patience)
    os._exit(0)


def _stop(groups: dict[int, int], patience: float) -> None:
    for group, sign in groups.items():
        signal_group(group, sign)
    processes.wait_until(lambda: not any(processes.group_is_alive(group) for group in groups), seconds=patience)
    for group in groups:
        signal_group(group, signal.SIGKILL)


def signal_group(group: int, sign: int) -> bool:
    """Whether anybody was left in the group to hear it."""
    try:
        os.killpg(group, sign)
    except (ProcessLookupError, PermissionError):
        return False
    return True
