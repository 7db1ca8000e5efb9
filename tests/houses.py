"""Two installations that know each other by nothing but the wire: each a database, keys, a web process and a worker of its own.

They stand on the test run's own PostgreSQL, in databases copied from the migrated one, which is what makes two of them cheap.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from launcher import places
from launcher.rehearsal import OURS
from launcher.testbed import TEMPLATE
from qingting.simulation.accounts import read_table
from qingting.simulation.browser import Browser
from qingting.simulation.staff import StaffMember, sign_in
from tests.platform import eventually

LONGEST = 300  # seconds that a start is waited for where everything else runs as well
PARTS = {"web": ("serve-web", "--host", "127.0.0.1", "--port"), "worker": ("serve-worker",)}


@dataclass
class House:
    """One installation. code and region: who it is on the wire."""

    code: str
    region: str
    var: Path
    port: int = field(default_factory=places.any_free_port)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _people: dict[str, StaffMember] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def name(self) -> str:
        """Of its database and of its role."""
        return f"house_{self.region}_{os.getpid()}"

    @property
    def database(self) -> str:
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ours = {
            "DATABASE_URL": self.database,
            "QINGTING_APPLICATION_ROLE": self.name,
            "QINGTING_MODE": "demo",
            "QINGTING_VAR": str(self.var),
            "QINGTING_DESK_ID": self.code,
            "QINGTING_DESK_REGION": self.region,
            "QINGTING_DESK_PORT": "9",  # nobody answers there: these houses have no 110
            "QINGTING_HTTP_PORT": str(self.port),
        }
        return {**clean, **ours, "PYTHONUNBUFFERED": "1"}

    def create(self) -> None:
        """An empty house: every table, no data."""
        _on_server("CREATE DATABASE {} TEMPLATE {}", self.name, os.environ[TEMPLATE])

    def remove(self) -> None:
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        _on_server("DROP ROLE IF EXISTS {}", self.name)

    def furnish(self) -> subprocess.Popen[bytes]:
        """Begin to fill it with reference and demonstration data; wait for what comes back."""
        each = [f"{sys.executable} -m qingting {words}" for words in ("prepare-database", "demo-data --once")]
        return subprocess.Popen(["/bin/sh", "-c", " && ".join(each)], env=self.environment, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Web and worker; returns at once."""
        (self.var / "log").mkdir(exist_ok=True)
        for part, words in PARTS.items():
            command = [sys.executable, "-m", "qingting", *words, *([str(self.port)] if part == "web" else [])]
            with (self.var / "log" / part).open("ab") as log:
                self._running[part] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9 of both at once."""
        for process in self._running.values():
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)
        self._running.clear()

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code in {200, 503}
        except httpx.TransportError:
            return False

    def staff(self, username: str, *, organisation: str = "") -> StaffMember:
        """Somebody signed in; the same session each time."""
        if username not in self._people:
            asked = [sys.executable, "-m", "qingting", "demo-accounts"]
            told = subprocess.run(asked, env=self.environment, check=True, capture_output=True, text=True).stdout
            browser = Browser(self.url, patience=LONGEST)
            self._people[username] = sign_in(read_table(told)[username], browser, organisation=organisation)
        return self._people[username]

    def sql(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask its database, with sight of everything."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("SET app.everything = 'on'")
            result = connection.execute(query, parameters or None)
            return result.fetchall() if result.description else []

    def public_keys(self) -> str:
        return (self.var / "keys" / "12355.pub.json").read_text("utf-8")

    def gets_to_know(self, other: House, *, as_: str, run_by: str, regions: str) -> None:
        """Register another house on the page for it. as_: who does; run_by: whose it is; regions: who works in it."""
        (partner,) = self.sql("select id from directory_organisation where name = %s", run_by)
        filled = {
            "partner": partner[0],
            "manner": "WIRE",
            "code": other.code,
            "phone": "12355",
            "url": other.url,
            "region": other.region,
            "regions": regions,
            "keys": other.public_keys(),
        }
        self.staff(as_).browser.get("/linkage/desks/new")
        self.staff(as_).browser.post("/linkage/desks/new", filled)
        assert self.sql("select code from linkage_desk where code = %s", other.code), "the house was not registered"


def _on_server(statement: str, *names: str) -> None:
    server = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def standing(*houses: House) -> Iterator[None]:
    """Furnish and start houses side by side, and clear them away at the end."""
    try:
        for house in houses:
            house.var.mkdir(parents=True)
            house.create()
        waiting = [house.furnish() for house in houses]
        assert all(process.wait(timeout=LONGEST) == 0 for process in waiting), "a house could not be furnished"
        for house in houses:
            house.start()
        for house in houses:
            eventually(house.answers, f"{house.code} to answer", seconds=LONGEST)
        yield
    finally:
        for house in houses:
            house.kill()
            house.remove()


def private_key(house: House) -> dict[str, Any]:
    """What only that house should sign with."""
    read: dict[str, Any] = json.loads((house.var / "keys" / "12355.key.json").read_text("utf-8"))
    return read
