"""A database of its own beside the platform's: made ready as an installation is, measured in, and dropped afterwards."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql


@contextmanager
def scratch_database() -> Iterator[dict[str, str]]:
    """The environment for commands that shall work in it."""
    name = f"qingting_bench_{secrets.token_hex(4)}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            environment = {
                **os.environ,
                "DATABASE_URL": urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl(),
            }
            for words in (["prepare-database"], ["demo-data"]):
                run_inside(environment, *words)
            yield environment
        finally:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run_inside(environment: dict[str, str], *words: str) -> str:
    """What `./qingting WORDS` says there."""
    asked = [sys.executable, "-m", "qingting", *words]
    return subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
