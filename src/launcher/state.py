"""What the running platform tells other commands in the same folder: who runs, and where.

`var/run/platform.json` stays after the platform stopped, so that `./qingting` keeps using the ports and the
mode of the last start.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from launcher.locks import FileLock


@dataclass(frozen=True)
class State:
    """`pids` by the service's name; empty when nothing runs. `ready` when everything has been ready once."""

    http_port: int
    desk_port: int
    mode: str
    sip_port: int = 5060
    ari_port: int = 8088
    pid: int = 0
    ready: bool = False
    pids: dict[str, int] = field(default_factory=dict)

    def pids_of(self, kind: str) -> set[int]:
        """Of the service of that name, or of all that share it: `web` has `web-1` and `web-2`."""
        return {pid for name, pid in self.pids.items() if name == kind or name.rpartition("-")[0] == kind}


def lock(var: Path) -> FileLock:
    """Held by the one platform that runs in this folder."""
    return FileLock(var / "run" / "platform.lock")


def read(var: Path) -> State | None:
    """The last start's state; None before the first."""
    try:
        return State(**json.loads(_path(var).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write(var: Path, state: State) -> None:
    """Replace it at once: a reader finds the old or the new, never half of one."""
    draft = _path(var).with_suffix(".draft")
    draft.write_text(json.dumps(asdict(state), indent=1), "utf-8")
    draft.replace(_path(var))


def with_pids(state: State, pids: dict[str, int], *, ready: bool) -> State:
    return replace(state, pids=pids, ready=ready)


def _path(var: Path) -> Path:
    return var / "run" / "platform.json"
