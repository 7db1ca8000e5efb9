"""Waiting, giving up, being turned away, leaving word: nobody is lost and nobody floods the line."""

import asyncio
import random

import pytest

from qingting.simulation.telephones.phone import Phone, Talk
from tests.calls.conftest import STRANGERS
from tests.calls.flood import Flood
from tests.calls.stage import CALLER, SEAT, Stage, hears, hears_the_beep, number_for, talk_together, until

pytestmark = pytest.mark.calls

CALLS = 1500  # of a flood: at its pace this is the first tenth of a minute, and a bit more


def test_the_second_caller_waits_with_music_and_is_next(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        first = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(first, seat)
        second = await stage.calls()
        await asyncio.sleep(4)
        assert second.voice.heard(1).any(), "who waits hears silence"
        assert not second.ended.is_set()
        first.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 10)
        await until(
            lambda: stage.platform.sql("SELECT 1 FROM duty_presence WHERE state = 'WRAP_UP'"), "time to write it down"
        )
        await stage.posts(counsellor, "/duty/presence/set", {"state": "READY"})
        again = await stage.rung("counsellor")
        await talk_together(second, again)

    played(scene)


def test_who_gives_up_while_waiting_is_called_back(played):
    async def scene(stage: Stage) -> None:
        number = f"137{random.randrange(10**8):08d}"
        caller = await stage.calls(number=number)
        await asyncio.sleep(3)
        caller.hang_up()
        assert await stage.outcome(number) == "ABANDONED"
        member = await stage.sits("counsellor")
        tasks = (await stage.reads(member, "/telephony/tasks"))["tasks"]
        task = max(tasks, key=lambda task: task["created_at"])
        assert task["number"].endswith(number[-2:])
        await stage.posts(member, f"/telephony/tasks/{task['id']}/call", {})
        seat = await stage.rung("counsellor")
        called = await stage.rung(number)
        await talk_together(seat, called)
        called.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 10)
        left = await until(
            lambda: "DONE" if stage.platform.sql("SELECT state FROM telephony_callbacktask WHERE id = %s", int(task["id"])) == [("DONE",)] else "",
            "the task to be done",
        )  # fmt: skip
        assert left == "DONE"

    played(scene)


def test_who_gives_up_while_a_seat_rings_leaves_no_ringing_seat(played):
    async def scene(stage: Stage) -> None:
        stage.moods["counsellor"] = lambda talk: None
        await stage.sits("counsellor")
        caller = await stage.calls()
        ringing = await asyncio.wait_for(stage.rang.setdefault("counsellor", asyncio.Queue()).get(), 30)
        caller.hang_up()
        await asyncio.wait_for(ringing.ended.wait(), 10)
        assert await stage.outcome("") == "ABANDONED"

    played(scene)


@pytest.mark.parametrize("status", [486, 603, 480])
def test_a_seat_that_does_not_take_it_makes_way_for_the_next(played, status):
    async def scene(stage: Stage) -> None:
        stage.moods["counsellor"] = lambda talk: talk.decline(status)
        await stage.sits("counsellor")
        caller = await stage.calls()
        await asyncio.wait_for(stage.rang.setdefault("counsellor", asyncio.Queue()).get(), 30)
        await stage.sits("counsellor2")
        taken = await stage.rung("counsellor2")
        await talk_together(caller, taken)

    played(scene)


def test_an_answering_machine_does_not_get_somebody_who_needs_help(played):
    async def scene(stage: Stage) -> None:
        stage.moods["counsellor"] = lambda talk: talk.answer()
        await stage.sits("counsellor")
        caller = await stage.calls()
        machine = await asyncio.wait_for(stage.rang.setdefault("counsellor", asyncio.Queue()).get(), 30)
        await asyncio.wait_for(machine.ended.wait(), 25)
        assert not caller.ended.is_set()
        await stage.sits("counsellor2")
        await talk_together(caller, await stage.rung("counsellor2"))

    played(scene)


def test_a_message_is_left_by_pressing_two(played):
    async def scene(stage: Stage) -> None:
        caller = await stage.calls()
        await stage.presses(caller, "2", until_state="MESSAGE")
        await hears_the_beep(caller)
        await asyncio.sleep(3)  # speaks
        caller.press("#")
        await asyncio.wait_for(caller.ended.wait(), 20)
        assert await stage.outcome("") == "MESSAGE_LEFT"

    played(scene)


def test_a_callback_is_promised_by_pressing_one(played):
    async def scene(stage: Stage) -> None:
        caller = await stage.calls()
        await stage.presses(caller, "1", until_state="ENDED")
        await asyncio.wait_for(caller.ended.wait(), 20)
        assert await stage.outcome("") == "CALLBACK_WANTED"

    played(scene)


def test_the_one_key_of_the_greeting_chooses_law_and_lets_the_others_off(played):
    async def scene(stage: Stage) -> None:
        stage.moods["counsellor"] = lambda talk: None
        await stage.sits("counsellor")
        caller = await stage.calls()
        counsellor = await asyncio.wait_for(stage.rang.setdefault("counsellor", asyncio.Queue()).get(), 30)
        caller.press("2")
        await asyncio.wait_for(counsellor.ended.wait(), 20)
        assert stage.recorded("WAITING", "LAW") == 1

    played(scene)


def test_a_hidden_number_is_let_in(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls(number="anonymous")
        await talk_together(caller, await stage.rung("counsellor"))

    played(scene)


def test_a_flood_from_one_number_is_turned_away_and_others_get_through(played):
    async def scene(stage: Stage) -> None:
        flooding = await Phone(listens=False).plug_in()
        stage.phones.append(flooding)
        number, answered, refused = f"136{random.randrange(10**8):08d}", 0, 0
        for _ in range(20):
            talks = [flooding.call("12355", stage.asterisk, caller=number) for _ in range(10)]
            await asyncio.sleep(0.3)
            answered += sum(talk.status == 200 for talk in talks)
            refused += sum(talk.status == 486 for talk in talks)
            for talk in talks:
                talk.hang_up()
        assert answered <= 6
        assert refused >= 180
        await stage.sits("counsellor")
        caller = await stage.calls()
        await talk_together(caller, await stage.rung("counsellor"))

    played(scene)


def test_what_is_no_sip_harms_nobody(played):
    async def scene(stage: Stage) -> None:
        chance, phone = random.Random(7), await Phone(CALLER).plug_in()
        stage.phones.append(phone)
        whole = b"INVITE sip:12355@x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:12355@x>\r\n"
        for _ in range(300):
            cut = bytearray(whole[: chance.randrange(1, len(whole))] + chance.randbytes(chance.randrange(80)))
            cut[chance.randrange(len(cut))] = chance.randrange(256)
            phone._transport.sendto(bytes(cut), stage.asterisk)
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await hears(caller, SEAT)
        await talk_together(caller, seat)

    played(scene)


async def redialled(stage: Stage, number: str) -> Talk:
    """Somebody calls, and calls again where a line that is full of refusals says busy by itself."""
    phone = await Phone(CALLER).plug_in()
    stage.phones.append(phone)
    for _ in range(45):
        talk = phone.call("12355", stage.asterisk, caller=number)
        waiting = (talk.answered.wait(), talk.ended.wait())
        await asyncio.wait([asyncio.ensure_future(one) for one in waiting], timeout=10, return_when="FIRST_COMPLETED")
        if talk.answered.is_set():
            return talk
        talk.hang_up()
        await asyncio.sleep(2)
    raise AssertionError("somebody never gets through")


@pytest.mark.parametrize("changing", [False, True], ids=["one number", "ever-changing numbers"])
def test_ten_thousand_calls_a_minute_leave_the_line_to_whoever_is_known(played, changing):
    async def scene(stage: Stage) -> None:
        in_danger, one = number_for(), number_for()
        counsellor = await stage.sits("counsellor")
        first = await stage.calls(number=in_danger)
        await talk_together(first, await stage.rung("counsellor"))
        call = await stage.call_of(counsellor)
        await stage.posts(counsellor, f"/telephony/calls/{call['id']}/danger", {"level": "CRITICAL"})
        first.hang_up()
        assert await stage.outcome(in_danger) == "TALKED"
        await stage.posts(counsellor, "/duty/presence/set", {"state": "READY"})

        flood = await Flood(stage.asterisk).begin()
        raging = asyncio.create_task(flood.rage(CALLS, a_second=167, number=number_for if changing else lambda: one))
        await until(lambda: flood.answers[486] > 100, "callers to be turned away", seconds=60)
        again = await redialled(stage, in_danger)
        await talk_together(again, await stage.rung("counsellor", seconds=60))
        await raging
        flood.end()
        written = "SELECT count(*) FROM telephony_call WHERE started_at >= %s"
        assert stage.platform.sql(written, stage.began)[0][0] <= (2 * STRANGERS if changing else 6) + 2
        # A minute after it, whoever is unknown gets through again as well.
        (await redialled(stage, number_for())).hang_up()

    played(scene, seconds=360)
