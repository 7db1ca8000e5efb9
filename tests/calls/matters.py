"""What a counsellor does beside the talk: a case is opened from the call in hand, and handed to 110."""

import re

from qingting.simulation.counsellor import Counsellor
from tests.platform import Platform, eventually


def opens_case(platform: Platform) -> int:
    """The counsellor opens a case from the call in hand; returns the case."""
    browser = platform.staff("counsellor").browser
    calls = eventually(lambda: browser.get("/telephony/mine").json()["calls"], "the call in hand")
    call = calls[0]["id"]
    found = re.search(r"/contacts/(\d+)/panel", browser.get(f"/workbench/calls/{call}/sheet").text)
    assert found
    about = {"urgency": "CRITICAL", "division": "440106", "category": "PSYCHOLOGY_SUICIDE"}
    return Counsellor(browser).open_case(int(found[1]), **about)


def hands_off(platform: Platform) -> int:
    """The counsellor opens a case from the call in hand and hands it to 110; returns the case."""
    case = opens_case(platform)
    Counsellor(platform.staff("counsellor").browser).hand_off(case, item=1, words="在楼顶，正在通话。")
    return case


def timeline(platform: Platform, case: int) -> str:
    """What the case tells its counsellor."""
    return platform.staff("counsellor").browser.get(f"/cases/{case}/timeline").text


def let_an_hour_pass(platform: Platform, subject_kind: str) -> None:
    """For the open clocks of such matters, so that a test need not wait a minute for what the clock rules say."""
    hour = "interval '1 hour'"
    platform.sql(
        f"UPDATE core_clock SET started_at = started_at - {hour}, warn_at = warn_at - {hour}, due_at = due_at - {hour},"
        f" next_check_at = next_check_at - {hour} WHERE subject_kind = %s AND met_at IS NULL AND cancelled_at IS NULL",
        subject_kind,
    )
