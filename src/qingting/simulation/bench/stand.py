"""The platform under measurement: one of its own in a folder of its own, or one that runs already."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from qingting.simulation.accounts import DemoAccount, DeskAccount, desk_account, read_table

PATIENCE = 120
_OURS = ("DATABASE_URL", "QINGTING_", "POLICEDESK_", "DJANGO_SETTINGS_MODULE")


@dataclass
class Stand:
    """var: its folder; environment: for commands beside it; database: the owner's address."""

    var: Path
    http_port: int
    desk_port: int
    environment: dict[str, str]
    database: str = ""

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.desk_port}"

    @property
    def as_application(self) -> str:
        """The database's address for the role that the platform works with."""
        secret = (self.var / "keys" / "application-role").read_text("ascii").strip()
        parts = urlsplit(self.database)
        return parts._replace(
            netloc=f"{settings.APPLICATION_ROLE}:{secret}@{parts.hostname}:{parts.port or 5432}"
        ).geturl()

    def command(self, *words: str) -> str:
        """What `./qingting WORDS` says."""
        return self._launcher("command", *words)

    def _launcher(self, *words: str) -> str:
        asked = [sys.executable, "-m", "launcher", *words]
        return subprocess.run(asked, env=self.environment, check=True, capture_output=True, text=True).stdout

    def find_database(self) -> None:
        """Ask where its own database is."""
        self.database = self._launcher("database", "url").strip()

    def accounts(self) -> dict[str, DemoAccount]:
        return read_table(self.command("demo-accounts"))

    def desk_operator(self) -> DeskAccount:
        return desk_account(self.var)

    def state(self) -> dict[str, Any]:
        """What the launcher says of itself; empty while it has not said anything."""
        try:
            said: dict[str, Any] = json.loads((self.var / "run" / "platform.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return said

    def pids(self, name: str) -> dict[str, int]:
        """Process ids of the services of that name, `web` also of `web-1`, `web-2`."""
        return {one: pid for one, pid in self.state().get("pids", {}).items() if one.partition("-")[0] == name}

    def kill(self, name: str) -> None:
        """kill -9 of all processes of a service."""
        for pid in self.pids(name).values():
            os.kill(pid, signal.SIGKILL)

    def is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.http}/healthz", timeout=5) as answer:  # noqa: S310  (loopback)
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_until_well(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.is_well():
            if time.monotonic() > until:
                raise TimeoutError("the platform is not well")
            time.sleep(0.2)

    def ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """A question to the database, as its owner, with sight of everything."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("SET app.everything = 'on'")
            result = connection.execute(query, parameters or None)
            return result.fetchall() if result.description else []


def free_port() -> int:
    """A port that nobody listens on."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311  (a port is no secret)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def running_stand() -> Stand:
    """The platform that runs in this installation's folder."""
    stand = Stand(settings.VAR, settings.HTTP_PORT, settings.DESK_PORT, dict(os.environ), settings.DATABASE_URL)
    stand.wait_until_well()
    return stand


@contextmanager
def own_stand(**more: str) -> Iterator[Stand]:
    """A platform of its own, started by the launcher in a temporary folder and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="qingting-bench-") as folder:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        stand = Stand(Path(folder) / "var", free_port(), free_port(), {})
        ports = {"QINGTING_HTTP_PORT": str(stand.http_port), "QINGTING_DESK_PORT": str(stand.desk_port)}
        quiet = {"QINGTING_VAR": str(stand.var), "QINGTING_TELEPHONE": "off"}
        stand.environment = {**clean, **ports, **quiet, **more}
        launcher = subprocess.Popen(
            [sys.executable, "-m", "launcher", "run", "--with-parent"],
            env=stand.environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_it_stands(stand, launcher)
            yield stand
        finally:
            launcher.terminate()
            launcher.wait(PATIENCE)


def _wait_until_it_stands(stand: Stand, launcher: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while not stand.state().get("ready"):
        if launcher.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the platform did not start")
        time.sleep(0.1)
    stand.wait_until_well()
    stand.find_database()
