"""A follow-up is called by one click from its page; what came of it stands on the follow-up, whoever forgets to write it down."""

import asyncio

import pytest

from qingting.core.ids import new_id
from qingting.simulation.staff import StaffMember
from tests.calls.matters import opens_case, timeline
from tests.calls.stage import Stage, number_for, talk_together, until
from tests.platform import Platform

pytestmark = pytest.mark.calls
THEIRS = "13900000004"  # the telephone of whoever makes the follow-up
PLANNED = """
INSERT INTO followups_followup (id, organisation_id, province, case_id, kind, channel, script, on_low, most_attempts,
  spacing_hours, state, due_at, attempts, means, helped, words, planned_at)
SELECT %s, organisation_id, province, id, 'AFTER_WORK', 'PHONE', 'USUAL', 'REVIEW', 3, 4, 'DUE', now() + interval '1 day', 0,
  '', '', '', now() FROM cases_case WHERE id = %s
"""


async def due(stage: Stage) -> tuple[int, int, str]:
    """A follow-up that is due, as if the work were done; its case; and the number of whoever called."""
    number = number_for()
    counsellor = await stage.sits("counsellor")
    caller = await stage.calls(number=number)
    await stage.rung("counsellor")
    await stage.call_of(counsellor)
    case, follow_up = await asyncio.to_thread(opens_case, stage.platform), new_id()
    stage.platform.sql(PLANNED, follow_up, case)
    caller.hang_up()
    assert await stage.outcome("") == "TALKED"
    await stage.posts(counsellor, "/duty/presence/set", {"state": "OFFLINE"})
    return follow_up, case, number


async def sits(stage: Stage) -> StaffMember:
    """Somebody who had no part in the work, with a telephone of their own; they take no calls that come in."""
    third = await asyncio.to_thread(stage.platform.staff, "followup")
    await stage.posts(third, "/telephony/own-telephone", {"number": THEIRS})
    return third


def state_of(platform: Platform, follow_up: int) -> tuple:
    """Attempts, whether there is a pause before the next, and how the callback task of the last call stands."""
    query = (
        "SELECT f.attempts, f.not_before > now(), t.attempts, t.state FROM followups_followup f"
        " LEFT JOIN telephony_callbacktask t ON t.id = f.callback_task_id WHERE f.id = %s"
    )
    return platform.sql(query, follow_up)[0]


def test_the_person_is_reached_by_one_click_and_both_talk(played):
    async def scene(stage: Stage) -> None:
        follow_up, case, number = await due(stage)
        third = await sits(stage)
        await stage.posts(third, f"/follow-ups/{follow_up}/call", {})
        seat, person = await stage.rung(THEIRS), await stage.rung(number)
        await talk_together(seat, person)
        page = (await asyncio.to_thread(third.browser.get, f"/follow-ups/{follow_up}/")).text
        assert number not in page
        seat.hang_up()
        await asyncio.wait_for(person.ended.wait(), 20)
        await until(lambda: "回访电话：已接通" in timeline(stage.platform, case), "the case to tell of it")
        assert state_of(stage.platform, follow_up)[0] == 0
        said = {"means": "PHONE", "helped": "YES", "words": "好多了，已经回学校。"}
        await stage.posts(third, f"/follow-ups/{follow_up}/record", said)
        assert stage.platform.sql("SELECT state FROM followups_followup WHERE id = %s", follow_up) == [("DONE",)]

    played(scene)


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        (lambda talk: talk.decline(486), "对方占线"),
        (lambda talk: talk.decline(603), "对方拒接"),
        (lambda talk: talk.decline(404), "未能接通"),
        (lambda talk: None, "无人接听"),
    ],
)
def test_whoever_is_not_reached_is_an_attempt_with_its_reason_and_a_pause(played, mood, words):
    async def scene(stage: Stage) -> None:
        follow_up, case, number = await due(stage)
        stage.moods[number] = mood
        third = await sits(stage)
        await stage.posts(third, f"/follow-ups/{follow_up}/call", {})
        await stage.rung(THEIRS)
        await until(lambda: state_of(stage.platform, follow_up)[0] == 1, "the attempt to be written down", seconds=90)
        assert state_of(stage.platform, follow_up) == (1, True, 1, "CLOSED")
        assert f"回访电话：{words}" in await asyncio.to_thread(timeline, stage.platform, case)
        page = (await asyncio.to_thread(third.browser.get, f"/follow-ups/{follow_up}/")).text
        assert f"上次拨打：{words}" in page
        with pytest.raises(Exception, match="too-soon"):
            await stage.posts(third, f"/follow-ups/{follow_up}/call", {})

    played(scene)
