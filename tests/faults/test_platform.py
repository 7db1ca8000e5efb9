"""The platform that the other tests kill and walk through stands, and people can sign in."""

import os
import signal

import httpx
import pytest

from launcher import processes

pytestmark = pytest.mark.faults


def test_people_sign_in_and_a_killed_web_comes_back(platform):
    counsellor = platform.staff("counsellor")
    assert counsellor.browser.get("/workbench/").status_code == 200
    leader = platform.staff("leader", organisation="12355")
    assert leader.browser.get("/duty/room/").status_code == 200
    assert platform.operator().browser.get("/").status_code == 200
    platform.kill("web")
    assert counsellor.browser.get("/workbench/").status_code == 200
    platform.wait_healthy()
    assert platform.sql("select count(*) from staff_account where is_demo") != [(0,)]


def test_pages_are_answered_while_one_web_process_is_down(platform):
    rehearsal = platform.rehearsal
    assert processes.wait_until(lambda: processes.listeners(rehearsal.http_port) == 2, seconds=60)
    fallen = min(rehearsal.pids("web"))
    os.kill(fallen, signal.SIGKILL)
    assert processes.wait_until(lambda: not processes.is_alive(fallen), seconds=10)
    for _ in range(40):
        assert httpx.get(platform.http).is_success
    platform.wait_healthy()
