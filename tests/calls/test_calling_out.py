"""Calling out from a case, by telephone and by browser: 110, 120, a guardian; both sides are recorded, and nobody sees a number."""

import asyncio

import pytest

from qingting.simulation.counsellor import Counsellor
from qingting.simulation.telephones.voice import level
from tests.calls.matters import opens_case, timeline
from tests.calls.stage import CALLER, POLICE, SEAT, Stage, hears, number_for, talk_together, until
from tests.calls.test_recording import samples
from tests.platform import Platform

pytestmark = pytest.mark.calls


async def case_of_a_call(stage: Stage) -> tuple[int, str]:
    """A case from a call that is over, with a guardian's number in the vault; and that number."""
    counsellor = await stage.sits("counsellor")
    caller = await stage.calls()
    await stage.rung("counsellor")
    await stage.call_of(counsellor)
    guardian = number_for()
    case = await asyncio.to_thread(opens_case, stage.platform)
    await asyncio.to_thread(keep_guardian, stage.platform, case, guardian)
    caller.hang_up()
    assert await stage.outcome("") == "TALKED"
    return case, guardian


def keep_guardian(platform: Platform, case: int, number: str) -> None:
    """The counsellor writes the guardian's number into the vault of the case's young person."""
    browser = platform.staff("counsellor").browser
    contact = platform.sql("SELECT contact_id FROM cases_case WHERE id = %s", case)[0][0]
    Counsellor(browser).fill_in(contact, level="URGENT", summary="持续跟进", division="440106")
    seeker = platform.sql("SELECT seeker_id FROM contacts_contact WHERE id = %s", contact)[0][0]
    browser.post(f"/seekers/{seeker}/data/GUARDIAN_PHONE", {"value": number})


def calls_from(stage: Stage, case: int, party: str, **more: str) -> None:
    stage.platform.staff("counsellor").browser.post(f"/cases/{case}/call", {"party": party, **more})


def panel(stage: Stage, case: int) -> str:
    return str(stage.platform.staff("counsellor").browser.get(f"/cases/{case}/calling").text)


async def hears_them_recorded(stage: Stage, case: int, rows: list) -> None:
    """A leader listens: each side by itself has one voice, both together have two."""
    leader = await asyncio.to_thread(stage.platform.staff, "leader")
    for (pk, kind, _), own, other in zip(rows, (CALLER, SEAT), (SEAT, CALLER), strict=True):
        begun = await stage.posts(leader, f"/telephony/recordings/{pk}/listen", {"reason": "QUALITY"})
        sound = samples((await asyncio.to_thread(leader.browser.get, begun.json()["sound"])).content)
        middle = sound[len(sound) // 2 : len(sound) // 2 + 6000]
        assert level(middle, own) > 1000, kind
        assert level(middle, other) < 200, kind
    call = stage.platform.sql("SELECT id FROM telephony_call WHERE case_id = %s", case)[0][0]
    begun = await stage.posts(leader, f"/telephony/calls/{call}/both/listen", {"reason": "QUALITY"})
    both = samples((await asyncio.to_thread(leader.browser.get, begun.json()["sound"])).content)
    middle = both[len(both) // 2 : len(both) // 2 + 6000]
    assert min(level(middle, CALLER), level(middle, SEAT)) > 1000, "both are heard together"


def test_a_guardian_is_called_unseen_told_of_the_recording_and_recorded_on_both_sides(played):
    async def scene(stage: Stage) -> None:
        case, number = await case_of_a_call(stage)
        await asyncio.to_thread(calls_from, stage, case, "GUARDIAN")
        seat, guardian = await stage.rung("counsellor"), await stage.rung(number)
        await talk_together(seat, guardian)
        assert number not in await asyncio.to_thread(panel, stage, case)
        await asyncio.sleep(2)
        guardian.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 20)
        kept = (
            "SELECT r.id, r.kind, c.notice_played_at IS NOT NULL FROM telephony_recording r JOIN telephony_call c"
            " ON c.id = r.call_id WHERE c.case_id = %s ORDER BY r.kind"
        )

        def both() -> list:
            rows = stage.platform.sql(kept, case)
            return rows if len(rows) == 2 else []

        rows = await until(both, "both recordings", seconds=60)
        assert [row[1] for row in rows] == ["GUARDIAN", "SEAT"]
        assert all(row[2] for row in rows), "they were told of the recording"
        await hears_them_recorded(stage, case, rows)
        told = await asyncio.to_thread(timeline, stage.platform, case)
        assert "拨打监护人" in told
        assert "致电监护人：已接通" in told
        assert number not in told

    played(scene)


@pytest.mark.parametrize(("status", "words"), [(486, "对方占线"), (603, "对方拒接"), (404, "未能接通")])
def test_who_is_not_reached_is_told_apart_on_the_case(played, status, words):
    async def scene(stage: Stage) -> None:
        case, number = await case_of_a_call(stage)
        stage.moods[number] = lambda talk: talk.decline(status)
        await asyncio.to_thread(calls_from, stage, case, "GUARDIAN")
        seat = await stage.rung("counsellor")
        await asyncio.wait_for(seat.ended.wait(), 30)
        assert await until(lambda: words in panel(stage, case), f"{words} on the case")
        assert f"致电监护人：{words}" in await asyncio.to_thread(timeline, stage.platform, case)

    played(scene)


def test_110_and_120_are_called_from_the_case(played):
    async def scene(stage: Stage) -> None:
        case, _ = await case_of_a_call(stage)
        await asyncio.to_thread(calls_from, stage, case, "POLICE_110")
        seat = await stage.rung("counsellor")
        officer = await asyncio.wait_for(stage.police.rang.get(), 30)
        officer.voice.sing(POLICE)
        await talk_together(seat, officer)
        seat.hang_up()
        await asyncio.wait_for(officer.ended.wait(), 20)
        await until(lambda: not stage.platform.sql("SELECT 1 FROM telephony_call WHERE state <> 'ENDED'"), "its end")
        await asyncio.to_thread(calls_from, stage, case, "AMBULANCE")
        seat, ambulance = await stage.rung("counsellor"), await stage.rung("120")
        await talk_together(seat, ambulance)
        ambulance.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 20)
        told = await asyncio.to_thread(timeline, stage.platform, case)
        assert "致电110：已接通" in told
        assert "致电120急救：已接通" in told

    played(scene)


def test_a_guardian_is_brought_into_the_call_in_hand_and_never_left_alone_with_the_child(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        call = await stage.call_of(counsellor)
        case, number = await asyncio.to_thread(opens_case, stage.platform), number_for()
        await asyncio.to_thread(keep_guardian, stage.platform, case, number)
        await talk_together(caller, seat)
        await asyncio.to_thread(calls_from, stage, case, "GUARDIAN", joins=call["id"])
        guardian = await stage.rung(number)
        guardian.voice.sing(POLICE)
        await hears(guardian, CALLER)
        await hears(caller, POLICE)
        await hears(seat, POLICE)
        legs = {leg["kind_label"] for leg in (await stage.call_of(counsellor))["legs"]}
        assert "监护人" in legs
        assert (await stage.asks(counsellor, call["id"], "LEAVE"))["state"] == "REFUSED"
        assert "请进通话：监护人" in await asyncio.to_thread(timeline, stage.platform, case)
        caller.hang_up()
        await asyncio.wait_for(guardian.ended.wait(), 20)

    played(scene)
