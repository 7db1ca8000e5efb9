"""One migrated database that those of all test runs are copied from: a copy takes a moment, the migrations take seconds.

Its name says which migrations it was made of, so a changed one makes another, and those of before are removed.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from launcher.errors import LaunchError
from launcher.locks import FileLock

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "migrated_"


def migrated(url: str, folder: Path) -> str:
    """Name of a migrated database on the server of `url`, made if it was not there. `folder`: for the lock."""
    name = PREFIX + fingerprint()
    with FileLock(folder / "migrated.lock").exclusive(), psycopg.connect(url, autocommit=True) as server:
        there = [row[0] for row in server.execute(_LISTED, (f"{PREFIX}%",))]
        if name not in there:
            for stale in there:
                server.execute(_statement("DROP DATABASE IF EXISTS {}", stale))
            _make(server, url, name)
    return name


_LISTED = "SELECT datname FROM pg_database WHERE datname LIKE %s"


def fingerprint() -> str:
    """What the migrations are, ours and the libraries'."""
    told = hashlib.sha256((ROOT / "requirements" / "dev.txt").read_bytes())
    for path in sorted(ROOT.glob("src/**/migrations/**/*")):
        if path.is_file() and "__pycache__" not in path.parts:
            told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _make(server: psycopg.Connection, url: str, name: str) -> None:
    """Under another name until it is whole: one that was broken off is never taken for it."""
    draft = f"{PREFIX}draft"
    server.execute(_statement("DROP DATABASE IF EXISTS {}", draft))
    server.execute(_statement("CREATE DATABASE {} TEMPLATE template0", draft))
    settings = {
        "DATABASE_URL": re.sub(r"/[^/?]+(\?|$)", rf"/{draft}\1", url),
        "DJANGO_SETTINGS_MODULE": "qingting.config.settings.test",
    }
    command = [sys.executable, "-m", "qingting", "migrate", "--verbosity", "0"]
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LaunchError(
            f"测试数据库迁移失败。The migrations failed:\n{done.stderr.strip()[-3000:]}",
            do_next="Mend the migration it names.",
        )
    server.execute(_statement("ALTER DATABASE {} RENAME TO {}", draft, name))


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))
