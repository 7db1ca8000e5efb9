"""`make run` from start to end, with stand-ins for the programs it starts and a real database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from launcher import processes
from launcher.rehearsal import Rehearsal, clear_away, running

pytestmark = pytest.mark.faults

PLATFORM = """
    import os, sys
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from pathlib import Path

    class Fine(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"components": {"worker": {"ok": true}}}')
        def log_message(self, *words):
            pass

    class Shared(HTTPServer):
        allow_reuse_port = True

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
        Shared(("127.0.0.1", int(words[-1])), Fine).serve_forever()
    elif what in ("serve-worker", "run-controller"):
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
def station(tmp_path) -> Iterator[Rehearsal]:
    """A folder for one platform, with stand-ins before the real programs on the path."""
    for package, text in (("qingting", PLATFORM), ("policedesk", DESK)):
        (tmp_path / "programs" / package).mkdir(parents=True)
        (tmp_path / "programs" / package / "__init__.py").touch()
        (tmp_path / "programs" / package / "__main__.py").write_text(textwrap.dedent(text))
    station = Rehearsal(tmp_path / "var", settings={"PYTHONPATH": str(tmp_path / "programs")})
    yield station
    clear_away(station)


def test_says_where_everything_is_stops_cleanly_and_finds_its_data_again(station):
    with running(station) as process:
        os.kill(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    for expected in ("start number 1", f"{station.url}/", "counsellor-demo", station.desk_password):
        assert expected in said
    assert processes.all_working_in(station.cluster.data) == []
    with running(station) as process:
        process.terminate()
        assert "start number 2" in process.communicate(timeout=60)[0]


def test_a_second_start_is_refused_and_the_first_goes_on(station):
    with running(station) as first:
        command = [sys.executable, "-m", "launcher", "run"]
        second = subprocess.run(command, env=station.environment, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert f"(pid {first.pid})" in second.stderr
        assert first.poll() is None


def test_a_killed_database_comes_back_on_the_same_port(station):
    with running(station):
        port = station.cluster.port
        station.kill("database")
        assert processes.wait_until(station.cluster.answers, seconds=60)
        assert station.cluster.port == port


def test_nothing_stays_when_the_launcher_is_killed(station):
    with running(station) as process:
        pids = [pid for name in ("database", "desk", "web", "worker") for pid in station.pids(name)]
        process.kill()
        assert processes.wait_until(lambda: not any(processes.is_alive(pid) for pid in pids), seconds=60)


def test_commands_use_the_running_platforms_database_and_start_it_where_none_runs(station):
    with running(station):
        assert "start number 2" in station.command("prepare-database")
        assert station.cluster.running_pid()
    assert "start number 3" in station.command("prepare-database")
    assert station.cluster.running_pid() is None
