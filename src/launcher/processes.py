"""Small questions to the operating system about processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For a child to call before it becomes another program: `sign` tells it when its parent is gone.

    However the parent went, kill -9 included. Linux only; elsewhere it does nothing. The parent must have one
    thread only, because this runs between fork and exec.
    """
    parent = os.getpid()

    def ask() -> None:
        hear_of_parents_death(sign)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def hear_of_parents_death(sign: signal.Signals) -> None:
    """Have Linux send us `sign` when the process that started us is gone."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie, which answers `kill(pid, 0)`, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _stat(pid)[:1] != ["Z"]


def group_is_alive(group: int) -> bool:
    """Whether anybody but zombies is left in a process group."""
    if not Path("/proc/self").exists():
        return _answers(group)
    stats = (_stat(int(entry.name)) for entry in Path("/proc").glob("[0-9]*"))
    return any(stat and stat[0] != "Z" and int(stat[2]) == group for stat in stats)


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process has `folder` as its working directory; a pid is reused, a data folder is not."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(folder.resolve())  # noqa: PTH115  (see `_cwd`)
    except PermissionError:
        return True
    except OSError:  # gone this moment; or a system without /proc, where the pid has to do
        return not Path("/proc/self").exists()


def all_working_in(folder: Path) -> list[int]:
    """Every process whose working directory is `folder` (empty where there is no /proc)."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _cwd(entry) == str(folder.resolve())]


def listeners(port: int) -> int:
    """How many sockets of this machine listen on a TCP port; processes that share one by SO_REUSEPORT count singly.

    Linux only (proc(5), /proc/net/tcp: `0A` is LISTEN).
    """
    rows = [line.split() for table in ("tcp", "tcp6") for line in _lines(Path("/proc/net") / table)]
    return sum(row[3] == "0A" and int(row[1].rsplit(":", 1)[1], 16) == port for row in rows)


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Look every 20 ms, at most for `seconds`; whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _cwd(entry: Path) -> str:
    try:
        return os.readlink(entry / "cwd")  # noqa: PTH115  (a link to a deleted folder must not be resolved)
    except OSError:
        return ""


def _lines(table: Path) -> list[str]:
    """Of a table in /proc, without its headings; empty where the system has none."""
    try:
        return table.read_text().splitlines()[1:]
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    """What /proc says after the name: state, parent, group, …; empty where it says nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _answers(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
