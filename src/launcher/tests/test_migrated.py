"""Tests begin with a copy of a migrated database: made once, made anew when a migration changes, never taken half made."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from launcher import migrated as module
from launcher.cluster_home import home_for
from launcher.errors import LaunchError
from launcher.migrated import migrated
from launcher.postgres import Cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    cluster = Cluster(home_for(tmp_path_factory.mktemp("station") / "postgres"), durable=False)
    with cluster.in_use() as url:
        yield url
    cluster.destroy()


class Migrations:
    """Stands for the migrations, which run in earnest before every other test of the house."""

    def __init__(self) -> None:
        self.runs, self.fail = 0, False

    def __call__(self, _command, **_options) -> subprocess.CompletedProcess[str]:
        self.runs += 1
        return subprocess.CompletedProcess([], returncode=int(self.fail), stderr="relation is missing")


@pytest.fixture
def migrations(monkeypatch) -> Migrations:
    standing = Migrations()
    monkeypatch.setattr("launcher.migrated.subprocess.run", standing)
    return standing


def names(url: str) -> set[str]:
    with psycopg.connect(url) as server:
        return {row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated%'")}


def test_it_is_made_once_and_anew_when_a_migration_changes(url, migrations, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "fingerprint", lambda: "before")
    assert migrated(url, tmp_path) == migrated(url, tmp_path) == "migrated_before"
    assert migrations.runs == 1
    monkeypatch.setattr(module, "fingerprint", lambda: "after")
    assert migrated(url, tmp_path) == "migrated_after"
    assert names(url) == {"migrated_after"}


def test_a_migration_that_fails_is_named_and_its_database_never_used(url, migrations, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "fingerprint", lambda: "broken")
    migrations.fail = True
    with pytest.raises(LaunchError, match="relation is missing"):
        migrated(url, tmp_path)
    assert "migrated_broken" not in names(url)
    migrations.fail = False
    assert migrated(url, tmp_path) == "migrated_broken"
