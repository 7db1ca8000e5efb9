"""The pytest plugin that gives every test run a PostgreSQL of its own, and keeps it on this machine.

It must act before Django's settings load, hence a plugin (`-p launcher.testbed`) and not a conftest. It
starts the disposable cluster, or uses `QINGTING_TEST_DATABASE_URL`, and puts the result into `DATABASE_URL`.
Workers of pytest-xdist inherit it and add their own suffix to the test database; runs at the same time in one
checkout get databases of different names. All are copies of one that is `migrated` already.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from launcher import loopback, places
from launcher.errors import LaunchError
from launcher.locks import BusyError, FileLock
from launcher.migrated import migrated
from launcher.postgres import disposable_cluster

SLOTS = 32
TEMPLATE = "QINGTING_TEST_TEMPLATE"
_held = ExitStack()
# How fast a machine draws examples says nothing about what they are to show.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """A wrapper runs before every plain hook, so before the one in which pytest-django loads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        try:
            os.environ["DATABASE_URL"] = url = _held.enter_context(database())
            os.environ[TEMPLATE] = migrated(_server(url), places.var_folder() / "run")
        except LaunchError as error:
            raise pytest.UsageError(str(error)) from error
    loopback.keep_to_loopback()
    return (yield)


def pytest_unconfigure() -> None:
    loopback.release()
    _held.close()


@contextmanager
def database() -> Iterator[str]:
    """The URL of a database for this run alone; tests create `test_<its name>` beside it."""
    var = places.var_folder()
    with _slot(var / "run") as slot:
        if given := os.environ.get("QINGTING_TEST_DATABASE_URL"):
            yield _renamed(given, slot)
            return
        with disposable_cluster(var).in_use() as url:
            yield _renamed(url, slot)


@contextmanager
def _slot(folder: Path) -> Iterator[int]:
    """The first number no other run holds."""
    with ExitStack() as stack:
        for slot in range(SLOTS):
            try:
                stack.enter_context(FileLock(folder / f"tests-{slot}.lock").exclusive(wait=False))
            except BusyError:
                continue
            yield slot
            return
    raise LaunchError(
        f"{SLOTS} 个测试运行已在进行。{SLOTS} test runs are going on in this folder.",
        do_next="Wait for one to end, or choose another folder in QINGTING_VAR.",
    )


def _server(url: str) -> str:
    """The same login to the database that every server has."""
    return re.sub(r"/[^/?]+(\?|$)", r"/postgres\1", url)


def _renamed(url: str, slot: int) -> str:
    """The URL with a database name of this slot: `…/qingting` stays, then `…/qingting_1`, `…/qingting_2`."""
    return re.sub(r"/([^/?]+)(\?|$)", rf"/\1_{slot}\2", url) if slot else url
