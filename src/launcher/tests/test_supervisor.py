"""The platform's processes start in order, come back after a crash, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import processes
from launcher.errors import LaunchError
from launcher.services import Service, Task
from launcher.supervisor import Supervisor

pytestmark = pytest.mark.slow

EVERYBODY = ("base", "parent", "parent-child", "speaking", "stubborn")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running company of processes; see `stage`."""
    with subprocess.Popen([sys.executable, "-m", "launcher.tests.stage", tmp_path]) as process:
        try:
            eventually((tmp_path / "ready").exists)
            yield process
        finally:
            process.kill()


def test_starts_in_order_and_runs_tasks_to_their_end(supervisor, tmp_path):
    moments = [(tmp_path / name).stat().st_mtime_ns for name in ("base", "task", "parent", "stubborn", "ready")]
    assert moments == sorted(moments)


def test_starts_a_killed_service_again(supervisor, tmp_path):
    before = pid_of(tmp_path, "base")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: pid_of(tmp_path, "base") != before)
    assert processes.is_alive(pid_of(tmp_path, "base"))
    assert supervisor.poll() is None


def test_replaces_one_that_hangs(supervisor, tmp_path):
    before = pid_of(tmp_path, "speaking")
    os.kill(before, signal.SIGSTOP)
    eventually(lambda: pid_of(tmp_path, "speaking") != before)
    assert is_gone(before)


def test_ends_what_a_killed_service_left_behind_before_it_starts_again(supervisor, tmp_path):
    left_behind = pid_of(tmp_path, "parent-child")
    os.kill(pid_of(tmp_path, "parent"), signal.SIGKILL)
    eventually(lambda: pid_of(tmp_path, "parent-child") != left_behind)
    eventually(lambda: is_gone(left_behind))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stops_everybody_and_leaves_no_orphan(supervisor, tmp_path, sign):
    supervisor.send_signal(sign)
    assert supervisor.wait(timeout=60) == 0
    assert all(is_gone(pid_of(tmp_path, name)) for name in EVERYBODY)


def test_leaves_no_orphan_when_it_is_killed_itself(supervisor, tmp_path):
    supervisor.kill()
    eventually(lambda: all(is_gone(pid_of(tmp_path, name)) for name in EVERYBODY))


def test_keeps_what_the_services_say(supervisor, tmp_path):
    assert "base speaks" in (tmp_path / "log" / "base.log").read_text()


def test_a_task_that_fails_ends_the_start_and_its_words_are_shown(tmp_path, capfd):
    plans = [sleeper("base"), Task("prepare", [sys.executable, "-ISc", "raise SystemExit('no such table')"])]
    with pytest.raises(LaunchError, match="no such table"):
        Supervisor(plans, log_folder=tmp_path).run(lambda: None)
    assert "no such table" in capfd.readouterr().out


def test_a_service_that_never_becomes_ready_ends_the_start(tmp_path):
    plans = [Service("web", [sys.executable, "-ISc", "raise SystemExit('bad setting')"], ready=lambda: False)]
    with pytest.raises(LaunchError, match="bad setting"):
        Supervisor(plans, log_folder=tmp_path).run(lambda: None)


def sleeper(name: str) -> Service:
    return Service(name, ["sleep", "1000"])


def pid_of(folder: Path, name: str) -> int:
    return int((folder / name).read_text() or "0")


def is_gone(pid: int) -> bool:
    return not processes.is_alive(pid)


def eventually(condition) -> None:
    assert processes.wait_until(condition, seconds=60)
