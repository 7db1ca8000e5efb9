"""Parts are killed while people call: who talks goes on talking, who waits goes on waiting, who is cut off is called back."""

import asyncio
import contextlib
import os
import random
import signal
import zlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

import psycopg
import pytest

from launcher import state
from qingting.simulation.staff import StaffMember
from tests.calls.conftest import telephone_is_heard
from tests.calls.stage import Stage, hears_prompt, hears_the_beep, number_for, talk_together, until

pytestmark = pytest.mark.calls

KEPT = """SELECT r.kind FROM telephony_recording r JOIN telephony_call c ON c.id = r.call_id
    WHERE c.started_at >= %s AND r.seconds >= 2"""


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


def test_a_controller_that_hangs_is_replaced_and_who_calls_meanwhile_is_kept(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        talking = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(talking, seat)
        hanging = stage.platform.rehearsal.pids("controller")
        send(signal.SIGSTOP, hanging)
        caller = await stage.calls()
        assert not talking.ended.is_set()
        await until(lambda: stage.platform.rehearsal.pids("controller") - hanging, "another controller", seconds=60)
        await talk_together(talking, seat)
        await stage.sits("counsellor2")
        await talk_together(caller, await stage.rung("counsellor2", seconds=90))

    played(scene)


def test_nobody_hears_silence_while_a_controller_hangs_and_nobody_replaces_it(played):
    async def scene(stage: Stage) -> None:
        early, late = number_for(), number_for()
        await asyncio.sleep(1.1)  # when they called is known by the channel's name, in whole seconds
        async with hanging_controller(stage):
            at_once = await stage.calls(number=early)  # into the hands of one who does nothing
            later = await stage.calls(number=late)  # and when it is known that nobody is there
            for caller in (at_once, later):
                await until(lambda caller=caller: caller.voice.heard(1).any(), "music instead of dead air", seconds=30)
            assert not stage.recorded(), "somebody is at work after all"
            at_once.hang_up()
            later.hang_up()
        await heard_again(stage)
        await until(lambda: stage.recorded("ENDED") == 2, "both calls to be written down", seconds=90)
        tasks = await tasks_since(stage, await stage.sits("counsellor"))
        assert {tail: task["reason"] for tail, task in tasks.items()} == {
            early[-2:]: "ABANDONED",
            late[-2:]: "ABANDONED",
        }

    played(scene)


@contextlib.asynccontextmanager
async def hanging_controller(stage: Stage) -> AsyncIterator[None]:
    """The controller hangs, and so does whoever would replace it."""
    rehearsal = stage.platform.rehearsal
    launcher = state.read(rehearsal.var)
    assert launcher is not None
    everybody = [launcher.pid, *rehearsal.pids("controller")]
    send(signal.SIGSTOP, everybody)
    try:
        yield
    finally:
        send(signal.SIGCONT, everybody)


def send(sign: signal.Signals, pids: Iterable[int]) -> None:
    for pid in pids:
        os.kill(pid, sign)


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


@contextlib.asynccontextmanager
async def no_controller(stage: Stage) -> AsyncIterator[None]:
    """None is at work until the block is over: its lock is ours. The lock belongs to the connection, which must stay open, and
    we ask for it before the kill, so that no other controller is faster."""
    key = zlib.crc32(b"qingting.telephony.asterisk")
    take = "SELECT pg_advisory_lock(hashtext('qingting.controller'), %s)"
    async with await psycopg.AsyncConnection.connect(stage.platform.application_database, autocommit=True) as ours:
        taking = asyncio.create_task(ours.execute(take, [key - 2**32 if key >= 2**31 else key]))
        asked = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        await until(lambda: stage.platform.sql(asked), "us to stand behind the controller")
        await kill(stage, "controller")
        await asyncio.wait_for(taking, 30)
        yield


def test_without_any_controller_callers_hear_music_then_leave_word_and_are_called_back(played):
    async def scene(stage: Stage) -> None:
        patient, hasty = number_for(), number_for()
        await asyncio.sleep(1.1)  # when they called is known by the channel's name, in whole seconds
        async with no_controller(stage):
            speaking, leaving = await stage.calls(number=patient), await stage.calls(number=hasty)
            await asyncio.sleep(4)
            for caller in (speaking, leaving):
                assert caller.voice.heard(1).any(), "dead air instead of music"
            leaving.hang_up()
            await hears_prompt(speaking, "zh", "away-leave-word", seconds=120)
            await hears_the_beep(speaking)
            await asyncio.sleep(3)  # speaks, and hangs up without another key
            speaking.hang_up()
            assert not stage.recorded(), "somebody is at work after all"
        await heard_again(stage)
        await until(lambda: stage.recorded("ENDED") == 2, "both calls to be written down", seconds=90)
        member = await stage.sits("counsellor")
        tasks = await tasks_since(stage, member)
        assert {tail: task["reason"] for tail, task in tasks.items()} == {
            patient[-2:]: "MESSAGE",
            hasty[-2:]: "ABANDONED",
        }
        assert [row[0] for row in stage.platform.sql(KEPT, stage.began)] == ["MESSAGE"]
        folder = stage.platform.rehearsal.var / "asterisk" / "spool"
        await until(lambda: not list(folder.rglob("away-*")), "no file that bears a number to stay with Asterisk")

        await stage.posts(member, f"/telephony/tasks/{tasks[patient[-2:]]['id']}/call", {})
        seat = await stage.rung("counsellor")
        await talk_together(seat, await stage.rung(patient))

    played(scene, seconds=400)


async def tasks_since(stage: Stage, member: StaffMember) -> dict[str, dict[str, Any]]:
    """Who is to be called back because of this scene, by the end of the number."""
    rows = (await stage.reads(member, "/telephony/tasks"))["tasks"]
    return {row["number"][-2:]: row for row in rows if datetime.fromisoformat(row["created_at"]) >= stage.began}


async def heard_again(stage: Stage) -> None:
    """Until a controller has looked around: its heartbeat is younger than the kill."""
    await asyncio.sleep(1)
    await until(lambda: telephone_is_heard(stage.platform), "Asterisk to be heard again", seconds=60)
