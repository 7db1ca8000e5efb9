"""The platform telephones somebody by itself: the duty person of an alert, and the desk that does not answer a handoff."""

import asyncio
import uuid

import pytest

from qingting.simulation.seeker import Seeker
from tests.calls.matters import hands_off, let_an_hour_pass, timeline
from tests.calls.stage import NUMBERS, Stage, until
from tests.platform import Platform

pytestmark = pytest.mark.calls
DANGER = "我站在楼顶的栏杆外面，刚吃了半瓶药，不想活了"
NIGHT_DUTY = ("counsellor", "counsellor2")
HAVING = "SELECT 1 FROM reception_target t JOIN staff_account s ON s.id = t.account_id"


def outcomes(stage: Stage, notice: str) -> list[str]:
    """What came of the announcements of this scene, in order; '' for one that is under way."""
    query = (
        "SELECT CASE state WHEN 'ENDED' THEN outcome ELSE '' END FROM telephony_announcement"
        " WHERE notice = %s AND asked_at >= %s ORDER BY asked_at, id"
    )
    return [row[0] for row in stage.platform.sql(query, notice, stage.began)]


async def on_it(stage: Stage) -> str:
    """Who has acknowledged the alert of this scene."""
    query = (
        "SELECT s.username FROM reception_alert a JOIN staff_account s ON s.id = a.acknowledged_by_account_id"
        " WHERE a.raised_at >= %s AND a.state = 'ACKNOWLEDGED'"
    )
    return (await until(lambda: stage.platform.sql(query, stage.began), "somebody to be on it"))[0][0]


@pytest.fixture
def on_watch(exchange: Platform):
    """Two on the watch at night, each with a telephone number that stands sealed."""
    ids = []
    for name in NIGHT_DUTY:
        browser = exchange.staff(name).browser
        if not exchange.sql(f"{HAVING} WHERE s.username = %s", name):
            browser.post("/reception/targets", {"kind": "PHONE", "label": "", "address": NUMBERS[name]})
        page = browser.get("/reception/targets").text
        assert NUMBERS[name] not in page
        assert f"尾号{NUMBERS[name][-2:]}的电话" in page
        ids.append(exchange.sql("SELECT id FROM staff_account WHERE username = %s", name)[0][0])
    exchange.staff("leader").browser.post("/reception/setting/watch", {"account": [str(pk) for pk in ids]})


def in_danger(stage: Stage) -> None:
    """Somebody writes at the portal while nobody is there."""
    seeker = Seeker(stage.platform.seeker())
    seeker.begin()
    seeker.say(DANGER, key=uuid.uuid4().hex)


def test_an_alert_rings_the_duty_person_and_the_key_acknowledges_it(played, on_watch):
    async def scene(stage: Stage) -> None:
        stage.moods["counsellor"] = lambda talk: talk.answer()
        await asyncio.to_thread(in_danger, stage)
        duty = await stage.rung("counsellor")
        await until(lambda: duty.voice.heard(1).any(), "a voice to say what it is about")
        duty.press("1")
        await asyncio.wait_for(duty.ended.wait(), 30)
        assert await on_it(stage) == "counsellor"
        assert outcomes(stage, "ALERT") == ["ACKNOWLEDGED"]
        assert "counsellor2" not in stage.rang

    played(scene)


def test_whoever_declines_or_does_not_press_makes_way_for_the_next_person(played, on_watch):
    async def scene(stage: Stage) -> None:
        stage.moods["counsellor"] = lambda talk: talk.answer()  # an answering machine presses nothing
        stage.moods["counsellor2"] = lambda talk: talk.answer()
        await asyncio.to_thread(in_danger, stage)
        machine = await stage.rung("counsellor")
        await asyncio.to_thread(let_an_hour_pass, stage.platform, "alert")  # the minute is over
        second = await stage.rung("counsellor2", seconds=60)
        second.press("1")
        await asyncio.wait_for(machine.ended.wait(), 30)
        assert await on_it(stage) == "counsellor2"

    played(scene)


def test_a_desk_that_does_not_answer_a_handoff_is_telephoned(played):
    async def scene(stage: Stage) -> None:
        stage.police.on_ring = lambda talk: talk.decline(603)
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        await stage.rung("counsellor")
        await stage.call_of(counsellor)
        case = await asyncio.to_thread(hands_off, stage.platform)
        await asyncio.to_thread(let_an_hour_pass, stage.platform, "handoff")
        await asyncio.wait_for(stage.police.rang.get(), 60)
        first = "SELECT outcome FROM telephony_announcementattempt WHERE began_at >= %s AND ended_at IS NOT NULL"
        tried = await until(lambda: stage.platform.sql(first, stage.began), "the first time to be written down")
        assert tried[0][0] == "DECLINED"
        assert outcomes(stage, "HANDOFF_LATE") == [""], "it is tried again later"

        stage.police.on_ring = lambda talk: talk.answer()
        await asyncio.to_thread(make_due, stage)
        officer = await asyncio.wait_for(stage.police.rang.get(), 60)
        await until(lambda: officer.voice.heard(1).any(), "a voice to say what it is about")
        officer.press("1")
        await asyncio.wait_for(officer.ended.wait(), 30)
        told = await until(lambda: "已接听并按键确认" in timeline(stage.platform, case), "the case to tell of it")
        assert told
        assert "系统电话（催办签收）第1次：对方拒接" in timeline(stage.platform, case)
        caller.hang_up()

    played(scene)


def make_due(stage: Stage) -> None:
    """Let the two minutes between two times be over."""
    stage.platform.sql("UPDATE telephony_announcement SET not_before = asked_at WHERE state = 'ASKED'")
