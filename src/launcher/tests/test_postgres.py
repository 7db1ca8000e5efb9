"""The platform's own database: made, stopped, killed and started again without losing a row."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from launcher import places, processes
from launcher.cluster_home import home_for
from launcher.errors import LaunchError
from launcher.postgres import Cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    """A durable cluster of this file's own. Its folder is closed to others, as a home is."""
    cluster = Cluster(home_for(tmp_path_factory.mktemp("station") / "postgres"))
    yield cluster
    cluster.destroy()


def test_the_owner_may_create_but_is_no_superuser(cluster):
    with cluster.in_use() as url, psycopg.connect(url) as connection:
        rights = connection.execute(RIGHTS).fetchone()
    assert rights == (False, False, True, True)


RIGHTS = """
    SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user
"""


def test_nobody_enters_without_the_password(cluster):
    with cluster.in_use() as url, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace("qingting_owner:", "qingting_owner:x"))


def test_listens_on_this_machine_only_and_keeps_words_out_of_its_log(cluster):
    with cluster.in_use() as url, psycopg.connect(url) as connection:
        shown = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in SETTINGS}
    assert shown == SETTINGS


SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "on",
    "idle_in_transaction_session_timeout": "1min",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def test_passwords_are_readable_by_ourselves_only(cluster):
    with cluster.in_use():
        modes = {stat.S_IMODE((cluster.home / f"{who}.password").stat().st_mode) for who in ("owner", "superuser")}
    assert modes == {0o600}


def test_the_last_one_out_stops_it_and_data_are_there_again(cluster):
    with cluster.in_use() as url:
        with cluster.in_use(), psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT '青听' AS word")
        assert cluster.running_pid()
    assert cluster.running_pid() is None
    with cluster.in_use() as url:
        assert word_kept(url) == "青听"


def test_stops_when_the_command_that_used_it_was_killed(cluster):
    command = [sys.executable, "-c", USING, str(cluster.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"1\n"
        assert cluster.running_pid()
        process.kill()
    assert processes.wait_until(lambda: cluster.running_pid() is None, seconds=60)


def test_a_killed_server_starts_again_with_everything_that_was_committed(cluster):
    with cluster.in_use() as url:
        with psycopg.connect(url) as connection:
            connection.execute("DROP TABLE IF EXISTS kept")
            connection.execute("CREATE TABLE kept AS SELECT '没有丢失' AS word")
        killed = cluster.running_pid()
        os.kill(killed, signal.SIGKILL)
        assert processes.wait_until(lambda: cluster.running_pid() is None, seconds=60)
        cluster.start()
        assert cluster.running_pid() != killed
        assert word_kept(url) == "没有丢失"


def test_a_stranger_with_the_old_pid_is_not_taken_for_the_server(cluster):
    with cluster.in_use():
        pass
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with cluster.in_use() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_keeps_its_port_and_takes_another_when_it_is_taken(cluster):
    with cluster.in_use():
        first = cluster.port
    with cluster.in_use():
        assert cluster.port == first
    with listening(first), cluster.in_use() as url, psycopg.connect(url):
        assert cluster.port != first


def test_a_chosen_port_that_is_taken_is_named_with_its_variable(tmp_path, monkeypatch):
    port = places.any_free_port()
    monkeypatch.setenv("QINGTING_PG_PORT", str(port))
    cluster = Cluster(home_for(tmp_path / "postgres"), port_variable="QINGTING_PG_PORT")
    with listening(port), pytest.raises(LaunchError, match=f"{port}.*") as refused:
        cluster.prepare()
    cluster.destroy()
    assert "QINGTING_PG_PORT" in str(refused.value)


def test_a_supervisor_may_not_take_it_from_a_command_that_uses_it(cluster):
    with cluster.in_use(), pytest.raises(LaunchError, match="Another command"), cluster.reserved():
        pass


USING = """
import pathlib, sys
from launcher.postgres import Cluster
with Cluster(pathlib.Path(sys.argv[1])).in_use():
    print(1, flush=True)
    input()
"""


def word_kept(url):
    with psycopg.connect(url) as connection:
        (word,) = connection.execute("SELECT word FROM kept").fetchone() or ("",)
    return word


def listening(port: int):
    import socket

    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken
