"""Somebody calls and can't speak, or only disturbs: keys answer for the voice, and whom two people turned away hears busy."""

import asyncio
from typing import Any

import pytest

from qingting.simulation.staff import StaffMember
from qingting.simulation.telephones.phone import Phone, Talk
from tests.calls.stage import Stage, hears_prompt, number_for, talk_together, until

pytestmark = pytest.mark.calls


async def answered(stage: Stage, number: str = "") -> tuple[StaffMember, Talk, Talk, str]:
    """A counsellor and whoever called, and the call's id."""
    counsellor = await stage.sits("counsellor")
    caller = await stage.calls(number=number)
    seat = await stage.rung("counsellor")
    await talk_together(caller, seat)
    call = await stage.call_of(counsellor)
    return counsellor, caller, seat, call["id"]


async def asked(stage: Stage, counsellor: StaffMember, call: str, question: str) -> None:
    assert (await stage.asks(counsellor, call, "ASK_KEYS", question=question))["state"] == "DONE"


async def answer_of(stage: Stage, counsellor: StaffMember, call: str, question: str, level: str = "") -> dict[str, Any]:
    """The call, once the last question was answered by a key or by none, and the call is as grave as that says: the page reads
    the two one after the other."""

    def told() -> dict[str, Any] | None:
        found = counsellor.browser.get(f"/telephony/calls/{call}").json()
        last = found["questions"][-1]
        grave = level in ("", found["danger_level"])
        return found if last["question"] == question and last["answer"] and grave else None

    return await until(told, f"an answer to {question}", seconds=60)


def test_who_cannot_speak_presses_for_help_and_both_hear_the_questions(played):
    async def scene(stage: Stage) -> None:
        counsellor, caller, seat, call = await answered(stage)
        caller.voice.sing(0)
        seat.voice.sing(0)
        await asked(stage, counsellor, call, "CANT_SPEAK")
        for telephone in (caller, seat):
            await hears_prompt(telephone, "zh", "silent-hello")
        caller.press("1")
        found = await answer_of(stage, counsellor, call, "CANT_SPEAK", "URGENT")
        assert (found["questions"][-1]["answer"], found["silent"]) == ("YES", True)

        await asked(stage, counsellor, call, "BESIDE")
        caller.press("2")
        await answer_of(stage, counsellor, call, "BESIDE", "URGENT")
        await asked(stage, counsellor, call, "POLICE")
        caller.press("1")
        await answer_of(stage, counsellor, call, "POLICE", "CRITICAL")

        await asked(stage, counsellor, call, "TEXT")
        caller.press("1")
        await answer_of(stage, counsellor, call, "TEXT")
        links = "SELECT state FROM telephony_textlink WHERE call_id = %s AND state <> 'WAITING'"
        # there is no gateway here
        await until(lambda: stage.platform.sql(links, int(call)) == [("KEPT",)], "the link to be kept")

        assert (await stage.asks(counsellor, call, "ADD_110", mode="SPEAK"))["state"] == "DONE"
        caller.hang_up()

    played(scene)


def test_silence_without_a_key_ends_kindly_and_is_recorded_as_a_silent_call(played):
    async def scene(stage: Stage) -> None:
        number = number_for()
        counsellor, caller, _, call = await answered(stage, number)
        await asked(stage, counsellor, call, "CANT_SPEAK")
        found = await answer_of(stage, counsellor, call, "CANT_SPEAK")
        assert found["questions"][-1]["answer"] == "NONE"
        assert not caller.ended.is_set(), "nobody hangs up on somebody who is silent but a person"
        assert (await stage.asks(counsellor, call, "END_SILENT"))["state"] == "DONE"
        await asyncio.wait_for(caller.ended.wait(), 40)
        assert await stage.outcome(number) == "SILENT"
        draft = "SELECT draft::text FROM contacts_contact WHERE call_id = %s"
        await until(lambda: "OTHER_SILENT" in str(stage.platform.sql(draft, int(call))), "the record to say so")
        assert not stage.platform.sql("SELECT 1 FROM telephony_callbacktask WHERE call_id = %s", int(call))

    played(scene)


def test_a_key_during_the_goodbye_keeps_the_call(played):
    async def scene(stage: Stage) -> None:
        counsellor, caller, seat, call = await answered(stage)
        await asked(stage, counsellor, call, "CANT_SPEAK")
        assert (await stage.asks(counsellor, call, "END_SILENT"))["state"] == "DONE"
        await asyncio.sleep(3)
        caller.press("1")
        await answer_of(stage, counsellor, call, "CANT_SPEAK", "URGENT")
        await asyncio.sleep(20)
        assert not caller.ended.is_set()
        await talk_together(caller, seat)

    played(scene)


async def rings_in(stage: Stage, number: str) -> int:
    """How an INVITE of this number is answered."""
    phone = await Phone().plug_in()
    stage.phones.append(phone)
    talk = phone.call("12355", stage.asterisk, caller=number)
    ends = asyncio.get_running_loop().time() + 20
    while talk.status < 200:
        assert asyncio.get_running_loop().time() < ends, "no answer to the INVITE"
        await asyncio.sleep(0.1)
    talk.hang_up()
    return talk.status


def test_whom_two_people_turned_away_hears_busy_until_it_is_lifted_or_there_is_danger(played):
    async def scene(stage: Stage) -> None:
        number = number_for()
        counsellor, caller, seat, call = await answered(stage, number)
        words = {"words": "连续三次辱骂", "days": "7"}
        await stage.posts(counsellor, f"/telephony/calls/{call}/block", words)
        caller.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 15)
        assert await rings_in(stage, number) == 200, "one person alone turns nobody away"

        leader = await asyncio.to_thread(stage.platform.staff, "leader", organisation="广东12355")
        block = stage.platform.sql("SELECT id FROM telephony_blockednumber ORDER BY id DESC LIMIT 1")[0][0]
        page = await asyncio.to_thread(leader.browser.get, "/workbench/calls/blocks")
        assert words["words"] in page.text
        assert number[-2:] in page.text
        assert number not in page.text
        await stage.posts(leader, f"/telephony/blocks/{block}/agree", {})
        await becomes(stage, number, 486)
        assert await rings_in(stage, number_for()) == 200, "somebody else is turned away"

        await stage.posts(counsellor, f"/telephony/calls/{call}/danger", {"level": "URGENT"})
        await becomes(stage, number, 200)
        await stage.posts(leader, f"/telephony/blocks/{block}/lift", {})
        lifted = "SELECT lifted_at IS NOT NULL FROM telephony_blockednumber WHERE id = %s"
        assert stage.platform.sql(lifted, block) == [(True,)]

    async def becomes(stage: Stage, number: str, status: int) -> None:
        """The list is looked at anew every few seconds; calls of one number are few a minute."""
        for _ in range(4):
            await asyncio.sleep(6)
            if await rings_in(stage, number) == status:
                return
        raise AssertionError(f"{number[-2:]} is never answered by {status}")

    played(scene)
