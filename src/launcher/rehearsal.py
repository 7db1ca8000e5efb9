"""The whole platform for a test: real processes, a folder and a database of its own, free ports.

with rehearsal(tmp_path / "var") as platform:
    page.goto(platform.url)
    platform.kill("web")          # kill -9; returns when it was started again
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from launcher import desk, places, processes, state
from launcher.postgres import Cluster, platform_cluster

PATIENCE = 300  # seconds for a start, a restart, a stop, on a machine that does much else
OURS = ("DATABASE_URL", "QINGTING_", "POLICEDESK_", "DJANGO_SETTINGS_MODULE")


@dataclass
class Rehearsal:
    """A platform that runs, and what a test wants to know of it or do to it."""

    var: Path
    http_port: int = field(default_factory=places.any_free_port)
    desk_port: int = field(default_factory=places.any_free_port)
    sip_port: int = field(default_factory=places.any_free_port)
    ari_port: int = field(default_factory=places.any_free_port)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def desk_url(self) -> str:
        return f"http://127.0.0.1:{self.desk_port}"

    @property
    def desk_password(self) -> str:
        """Of the desk's demonstration operators."""
        return desk.demo_password(self.var)

    @property
    def cluster(self) -> Cluster:
        return platform_cluster(self.var)

    @property
    def environment(self) -> dict[str, str]:
        """For the platform and for commands beside it; nothing of the test run's own database and settings.

        Without telephone, which takes seconds to fetch and to start; `QINGTING_TELEPHONE="on"` asks for it.
        """
        clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ports = {"QINGTING_HTTP_PORT": str(self.http_port), "QINGTING_DESK_PORT": str(self.desk_port)}
        calls = {"QINGTING_SIP_PORT": str(self.sip_port), "QINGTING_ARI_PORT": str(self.ari_port)}
        return {**clean, **ports, **calls, "QINGTING_TELEPHONE": "off", "QINGTING_VAR": str(self.var), **self.settings}

    def pids(self, service: str) -> set[int]:
        """Of `database`, `desk`, `worker`, `asterisk`, `controller`, or all of `web`; without those that are down."""
        running = state.read(self.var)
        return running.pids_of(service) if running else set()

    def kill(self, service: str) -> None:
        """kill -9 of all its processes; returns when others run in their place (which may not be ready yet)."""
        killed = self.pids(service)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

        def replaced() -> bool:
            alive = self.pids(service)
            return len(alive) == len(killed) and alive.isdisjoint(killed)

        if not processes.wait_until(replaced, seconds=PATIENCE):
            raise TimeoutError(f"{service} was not started again")

    def command(self, *words: str) -> str:
        """What `./qingting WORDS` says; raises `CalledProcessError` where it fails."""
        asked = [sys.executable, "-m", "launcher", "command", *words]
        return subprocess.run(asked, env=self.environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def rehearsal(var: Path, **settings: str) -> Iterator[Rehearsal]:
    """Start a platform in `var`, and stop it at the end. Its data stay; `clear_away` removes them.

    `settings` are further environment variables.
    """
    platform = Rehearsal(var, settings=settings)
    with running(platform):
        yield platform


@contextmanager
def running(platform: Rehearsal) -> Iterator[subprocess.Popen[str]]:
    """The launcher's process while it runs; a platform may be run again after that."""
    (platform.var / "run" / "platform.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "launcher", "run", "--with-parent"]
    with subprocess.Popen(
        command, env=platform.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            _wait_until_it_stands(platform, process)
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def clear_away(platform: Rehearsal) -> None:
    """Remove the database, which may lie outside the folder."""
    platform.cluster.destroy()


def _wait_until_it_stands(platform: Rehearsal, process: subprocess.Popen[str]) -> None:
    def decided() -> bool:
        running = state.read(platform.var)
        return process.poll() is not None or bool(running and running.ready)

    processes.wait_until(decided, seconds=PATIENCE)
    if process.poll() is not None:
        raise RuntimeError(f"the platform did not start:\n{process.communicate()[0]}")
