"""`./qingting …`: a management command in the project's environment.

Uses the running platform's database; where none runs, starts it for as long as the command takes. With
`DATABASE_URL` it uses that one. A few commands need none at all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from launcher import places, state
from launcher.postgres import platform_cluster

NEEDS_NO_DATABASE = (
    ["screen"],
    ["bench", "screen"],
    ["bench", "answers"],
    ["train-screening"],
    ["train-answers"],
)  # they read words, and nothing that is stored


def main(words: list[str]) -> int:
    """Run the command to its end; returns its exit code."""
    if any(words[: len(each)] == each for each in NEEDS_NO_DATABASE):
        return finished(words, {**defaults(), **os.environ})
    with database_url() as url:
        return finished(words, {**defaults(), **os.environ, "DATABASE_URL": url})


def finished(words: list[str], settled: dict[str, str]) -> int:
    """The exit code of the command, run in this environment."""
    try:
        return subprocess.run([sys.executable, "-m", "qingting", *words], env=settled, check=False).returncode
    except KeyboardInterrupt:
        return 130


@contextmanager
def database_url() -> Iterator[str]:
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with platform_cluster(places.var_folder()).in_use() as url:
        yield url


def defaults() -> dict[str, str]:
    """The folder, and the mode and ports of the last `make run` there."""
    var = places.var_folder()
    last = state.read(var)
    if last is None:
        return {"QINGTING_VAR": str(var)}
    return {
        "QINGTING_VAR": str(var),
        "QINGTING_MODE": last.mode,
        "QINGTING_HTTP_PORT": str(last.http_port),
        "QINGTING_DESK_PORT": str(last.desk_port),
        "QINGTING_SIP_PORT": str(last.sip_port),
        "QINGTING_ARI_PORT": str(last.ari_port),
    }
