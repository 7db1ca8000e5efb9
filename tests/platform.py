"""The whole platform as real processes, for tests that kill it and for journeys through it.

One start serves a whole test run: see the fixture `platform` in `tests/conftest.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

from launcher.rehearsal import Rehearsal
from qingting.simulation.accounts import DemoAccount, DeskAccount, read_table
from qingting.simulation.browser import Browser
from qingting.simulation.operators import Operator, sign_in_at_desk
from qingting.simulation.staff import StaffMember, sign_in

PATIENCE = 90  # seconds that a request is repeated while a killed process is being started again


def eventually(condition: Callable[[], Any], what: str, *, seconds: float = 60) -> Any:
    """What `condition` gives once it is something; AssertionError naming `what` after `seconds`."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {seconds} s in vain for: {what}"
        time.sleep(0.05)
    return found


@dataclass
class Platform:
    """A platform that runs: where it is, who may sign in, what it stores, and how to kill a part of it."""

    rehearsal: Rehearsal
    accounts: dict[str, DemoAccount] = field(default_factory=dict)
    _signed_in: dict[tuple[str, str], StaffMember] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.accounts = read_table(self.rehearsal.command("demo-accounts"))

    @property
    def http(self) -> str:
        """Address of the platform."""
        return self.rehearsal.url

    @property
    def desk(self) -> str:
        """Address of the reference desk."""
        return self.rehearsal.desk_url

    @property
    def database(self) -> str:
        """The database's address, for its owner."""
        return self.rehearsal.cluster.url

    @property
    def application_database(self) -> str:
        """The same, for the role that the platform works with."""
        secret = (self.rehearsal.var / "keys" / "application-role").read_text("ascii").strip()
        parts = urlsplit(self.database)
        return parts._replace(netloc=f"qingting_app:{secret}@{parts.hostname}:{parts.port}").geturl()

    @property
    def desk_operator(self) -> DeskAccount:
        return DeskAccount("110001", self.rehearsal.desk_password)

    def kill(self, name: str) -> None:
        """kill -9 of `database`, `desk`, `web` or `worker`; returns when another process runs in its place."""
        self.rehearsal.kill(name)

    def healthy(self) -> bool:
        """Whether the health page says that every part is well, and the desk answers."""
        try:
            return httpx.get(f"{self.http}/healthz").is_success and httpx.get(f"{self.desk}/healthz").is_success
        except httpx.TransportError:
            return False

    def wait_healthy(self, seconds: float = 90) -> None:
        """Until every part is well again."""
        eventually(self.healthy, "the platform to be well", seconds=seconds)

    def sql(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the platform's database, as its owner and with sight of everything; waits for a database that restarts."""
        return eventually(lambda: _ask(self.database, query, parameters), "the database")[0]

    def command(self, *words: str) -> str:
        """What `./qingting WORDS` says; raises `CalledProcessError` where it fails."""
        return self.rehearsal.command(*words)

    def staff(self, username: str, *, organisation: str = "") -> StaffMember:
        """Somebody signed in, at one of their posts where it is named; the same session each time, since one code of an
        authenticator opens one session only."""
        known = (post for post in self._signed_in if post[0] == username and organisation in ("", post[1]))
        post = next(known, (username, organisation))
        if post not in self._signed_in:
            browser = Browser(self.http, patience=PATIENCE)
            self._signed_in[post] = sign_in(self.accounts[username], browser, organisation=organisation)
        return self._signed_in[post]

    def seeker(self) -> Browser:
        """Somebody new at the portal."""
        return Browser(self.http, patience=PATIENCE)

    def operator(self) -> Operator:
        """The 110 operator, signed in at the desk."""
        return sign_in_at_desk(self.desk_operator, Browser(self.desk, patience=PATIENCE))


def _ask(url: str, query: str, parameters: tuple[Any, ...]) -> tuple[list[tuple[Any, ...]]] | None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET app.everything = 'on'")
            result = connection.execute(query, parameters or None)
            return (result.fetchall() if result.description else [],)
    except psycopg.OperationalError:
        return None
