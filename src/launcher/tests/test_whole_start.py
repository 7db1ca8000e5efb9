"""`make run` from start to end, with stand-ins for the programs it starts and a real database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher import places, processes, state
from launcher.postgres import platform_cluster

PLATFORM = """
    import os, sys
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from pathlib import Path

    class Fine(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
        def log_message(self, *words):
            pass

    import psycopg
    what, *words = sys.argv[1:]
    if what == "prepare-database":
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
            connection.execute("INSERT INTO starts DEFAULT VALUES")
            print("start number", *connection.execute("SELECT count(*) FROM starts").fetchone())
    elif what == "demo-accounts":
        print("counsellor-demo")
    elif what == "serve-web":
        HTTPServer(("127.0.0.1", int(words[-1])), Fine).serve_forever()
    elif what == "serve-worker":
        __import__("signal").pause()
"""
DESK = """
    import sys
    from http.server import BaseHTTPRequestHandler, HTTPServer
    port = int(sys.argv[sys.argv.index("--port") + 1])
    HTTPServer(("127.0.0.1", port), type("Fine", (BaseHTTPRequestHandler,), {
        "do_GET": lambda self: (self.send_response(200), self.end_headers()),
        "log_message": lambda self, *words: None,
    })).serve_forever()
"""


@pytest.fixture
def station(tmp_path, monkeypatch) -> Iterator[Path]:
    """A folder for one platform, with stand-ins before the real programs on the path."""
    for package, text in (("qingting", PLATFORM), ("policedesk", DESK)):
        (tmp_path / "programs" / package).mkdir(parents=True)
        (tmp_path / "programs" / package / "__init__.py").touch()
        (tmp_path / "programs" / package / "__main__.py").write_text(textwrap.dedent(text))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "programs"))
    monkeypatch.setenv("QINGTING_VAR", str(tmp_path / "var"))
    for variable in ("QINGTING_HTTP_PORT", "QINGTING_DESK_PORT"):
        monkeypatch.setenv(variable, str(places.any_free_port()))
    for variable in ("DATABASE_URL", "QINGTING_MODE"):
        monkeypatch.delenv(variable, raising=False)
    yield tmp_path / "var"
    platform_cluster(tmp_path / "var").destroy()


def test_says_where_everything_is_stops_cleanly_and_finds_its_data_again(station):
    with platform(station) as process:
        os.kill(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    for expected in ("start number 1", f":{os.environ['QINGTING_HTTP_PORT']}/", "counsellor-demo"):
        assert expected in said
    assert processes.all_working_in(platform_cluster(station).data) == []
    with platform(station) as process:
        process.terminate()
        assert "start number 2" in process.communicate(timeout=60)[0]


def test_a_second_start_is_refused_and_the_first_goes_on(station):
    with platform(station) as first:
        second = subprocess.run([sys.executable, "-m", "launcher", "run"], capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert f"(pid {first.pid})" in second.stderr
        assert first.poll() is None


def test_a_killed_database_comes_back_on_the_same_port(station):
    with platform(station):
        cluster = platform_cluster(station)
        port, killed = cluster.port, cluster.running_pid()
        os.kill(killed, signal.SIGKILL)
        assert processes.wait_until(lambda: cluster.running_pid() not in (None, killed), seconds=30)
        assert processes.wait_until(cluster.answers, seconds=30)
        assert cluster.port == port


def test_nothing_stays_when_the_launcher_is_killed(station):
    with platform(station) as process:
        pids = state.read(station).pids.values()
        process.kill()
        assert processes.wait_until(lambda: not any(processes.is_alive(pid) for pid in pids), seconds=30)


@contextmanager
def platform(station: Path) -> Iterator[subprocess.Popen[str]]:
    """`python -m launcher run`, standing."""
    (station / "run" / "platform.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "launcher", "run"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert processes.wait_until(lambda: is_up(station) or process.poll() is not None, seconds=60)
            assert process.poll() is None, process.communicate()[0]
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def is_up(station: Path) -> bool:
    running = state.read(station)
    return running is not None and "worker" in running.pids
