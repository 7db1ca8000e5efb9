"""What the tests of the whole house stand on."""

import logging
from collections.abc import Iterator

import pytest

from launcher.rehearsal import clear_away, rehearsal
from tests.platform import Platform

logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each request would bury what a failing test says


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform with its database, worker and reference desk, started once for the whole run, in a folder of its own."""
    with rehearsal(tmp_path_factory.mktemp("platform") / "var") as started:
        standing = Platform(started)
        standing.wait_healthy()
        yield standing
    clear_away(started)
