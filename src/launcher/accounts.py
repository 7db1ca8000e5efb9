"""Which operating-system account runs PostgreSQL.

PostgreSQL refuses to run as root. When we are root we start it as an unprivileged account that is already
there (no account is created, no folder of anybody else is opened up); otherwise it runs as ourselves.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from launcher.errors import LaunchError

CANDIDATES = ("postgres", "nobody")


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that make a child run as somebody else; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An account by name, and what `subprocess` needs to become it."""

    name: str
    uid: int
    gid: int
    is_ourselves: bool

    @property
    def identity(self) -> Identity:
        if self.is_ourselves:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        """Give one file or folder to this account."""
        if not self.is_ourselves:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        asked = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)]
        return subprocess.run(asked, cwd="/", check=False, **self.identity).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether the program starts at all: reachable, executable, and its libraries found."""
        try:
            done = subprocess.run(
                [program, "--version"], capture_output=True, cwd="/", timeout=30, check=False, **self.identity
            )
        except OSError:
            return False
        return done.returncode == 0


def ourselves() -> Account:
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        name = str(os.geteuid())
    return Account(name, os.geteuid(), os.getegid(), is_ourselves=True)


def database_account(home: Path) -> Account:
    """The account that runs the cluster in `home`: the owner of its data, or the first that will do."""
    if os.geteuid() != 0:
        return ourselves()
    names = [_owner_of(home / "data"), os.environ.get("QINGTING_PG_ACCOUNT"), *CANDIDATES]
    for name in names:
        entry = _entry(name)
        if entry and entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_ourselves=False)
    raise LaunchError(
        "以 root 运行，但没有可供 PostgreSQL 使用的普通账户。"
        "Running as root, and PostgreSQL found no unprivileged account to run as.",
        do_next="Create one and name it in QINGTING_PG_ACCOUNT, or start as an ordinary user.",
    )


def _owner_of(folder: Path) -> str | None:
    try:
        return pwd.getpwuid(folder.stat().st_uid).pw_name
    except (FileNotFoundError, KeyError):
        return None


def _entry(name: str | None) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name) if name else None
    except KeyError:
        return None
