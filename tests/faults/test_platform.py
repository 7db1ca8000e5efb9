"""The platform that the other tests kill and walk through stands, and people can sign in."""

import pytest

from tests.platform import eventually

pytestmark = pytest.mark.faults


def test_people_sign_in_and_a_killed_web_comes_back(platform):
    counsellor = platform.staff("counsellor")
    assert counsellor.browser.get("/workbench/").status_code == 200
    leader = platform.staff("leader", organisation="12355")
    assert leader.browser.get("/duty/room/").status_code == 200
    assert platform.operator().browser.get("/").status_code == 200
    before = platform.rehearsal.pid("web")
    platform.kill("web")
    eventually(lambda: platform.rehearsal.pid("web") not in (0, before), "another web process")
    assert counsellor.browser.get("/workbench/").status_code == 200
    platform.wait_healthy()
    assert platform.sql("select count(*) from staff_account where is_demo") != [(0,)]
