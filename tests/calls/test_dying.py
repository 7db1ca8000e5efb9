"""Parts are killed while people call: who talks goes on talking, who waits goes on waiting, who is cut off is called back."""

import asyncio
import random

import pytest

from tests.calls.conftest import telephone_is_heard
from tests.calls.stage import Stage, talk_together, until

pytestmark = pytest.mark.calls


async def kill(stage: Stage, part: str) -> None:
    await asyncio.to_thread(stage.platform.kill, part)


def test_the_controller_dies_in_the_middle_of_a_talk(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = await stage.call_of(counsellor)
        await kill(stage, "controller")
        await talk_together(caller, seat)
        await heard_again(stage)
        assert (await stage.asks(counsellor, call["id"], "HOLD"))["state"] == "DONE"
        assert (await stage.asks(counsellor, call["id"], "RESUME"))["state"] == "DONE"
        await talk_together(caller, seat)
        caller.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 15)
        assert await stage.outcome("") == "TALKED"

    played(scene)


def test_the_controller_dies_while_somebody_waits(played):
    async def scene(stage: Stage) -> None:
        caller = await stage.calls()
        await until(
            lambda: stage.platform.sql("SELECT 1 FROM telephony_call WHERE state = 'WAITING'"), "the call to wait"
        )
        await kill(stage, "controller")
        await heard_again(stage)
        assert not caller.ended.is_set()
        await stage.sits("counsellor")
        await talk_together(caller, await stage.rung("counsellor"))

    played(scene)


def test_who_calls_while_the_controller_is_away_is_kept(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        await kill(stage, "controller")
        caller = await stage.calls()
        await talk_together(caller, await stage.rung("counsellor", seconds=60))

    played(scene)


@pytest.mark.parametrize("part", ["web", "worker"])
def test_pages_or_worker_die_in_the_middle_of_a_talk(played, part):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        await kill(stage, part)
        await talk_together(caller, seat)
        caller.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 15)

    played(scene)


def test_the_database_dies_in_the_middle_of_a_talk_and_what_happened_is_written_down_later(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        await kill(stage, "database")
        await talk_together(caller, seat)
        caller.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 15)
        assert await stage.outcome("") == "TALKED"
        await asyncio.to_thread(stage.platform.wait_healthy)

    played(scene)


def test_asterisk_dies_and_whoever_was_cut_off_is_to_be_called_back(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        number = f"137{random.randrange(10**8):08d}"
        caller = await stage.calls(number=number)
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        await kill(stage, "asterisk")
        assert await stage.outcome(number) == "LOST"
        await heard_again(stage)
        reasons = stage.platform.sql("SELECT reason FROM telephony_callbacktask ORDER BY created_at DESC LIMIT 1")
        assert reasons == [("LOST",)]
        await stage.sits("counsellor")
        again = await stage.calls(number=number)
        await talk_together(again, await stage.rung("counsellor"))

    played(scene)


async def heard_again(stage: Stage) -> None:
    """Until a controller has looked around: its heartbeat is younger than the kill."""
    await asyncio.sleep(1)
    await until(lambda: telephone_is_heard(stage.platform), "Asterisk to be heard again", seconds=60)
