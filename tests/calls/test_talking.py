"""People talk: what each of them hears is measured on every leg."""

import asyncio

import pytest

from qingting.simulation.staff import StaffMember
from tests.calls.stage import CALLER, LEADER, POLICE, SEAT, Stage, hears, hears_nothing_of, talk_together, until

pytestmark = pytest.mark.calls


def test_a_caller_is_answered_and_both_hear_each_other(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        assert caller.answer_seconds < 2
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = await stage.call_of(counsellor)
        assert call["state"] == "TALKING"
        assert call["number"].startswith("*")
        seat.hang_up()
        await asyncio.wait_for(caller.ended.wait(), 10)
        assert await stage.outcome("") == "TALKED"

    played(scene)


def test_the_caller_hangs_up_and_the_seat_is_free(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        caller.hang_up()
        await asyncio.wait_for(seat.ended.wait(), 10)
        assert await stage.outcome("") == "TALKED"

    played(scene)


def test_on_hold_the_caller_hears_music_and_then_the_counsellor_again(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = await stage.call_of(counsellor)
        assert (await stage.asks(counsellor, call["id"], "HOLD"))["state"] == "DONE"
        await hears_nothing_of(caller, SEAT)
        await hears_nothing_of(seat, CALLER)
        assert caller.voice.heard(1).any(), "the caller hears silence instead of music"
        assert (await stage.asks(counsellor, call["id"], "RESUME"))["state"] == "DONE"
        await talk_together(caller, seat)

    played(scene)


def test_a_call_is_passed_on_when_the_colleague_picks_up(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        colleague = await stage.sits("counsellor2")
        call = await stage.call_of(counsellor)
        to = await asyncio.to_thread(_account_of, stage, "counsellor2")
        assert (await stage.asks(counsellor, call["id"], "SEND_TO", to_account_id=to))["state"] == "DONE"
        taken = await stage.rung("counsellor2")
        await talk_together(caller, taken)
        await asyncio.wait_for(seat.ended.wait(), 10)
        assert (await stage.call_of(colleague))["id"] == call["id"]

    played(scene)


def test_a_call_nobody_picks_up_stays_where_it_was(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        await stage.sits("counsellor2")
        stage.moods["counsellor2"] = lambda talk: talk.decline(486)
        call = await stage.call_of(counsellor)
        to = await asyncio.to_thread(_account_of, stage, "counsellor2")
        result = await stage.asks(counsellor, call["id"], "SEND_TO", to_account_id=to)
        assert result["state"] == "REFUSED"
        assert "忙" in result["problem"]
        await talk_together(caller, seat)

    played(scene)


def test_a_colleague_is_consulted_while_the_caller_hears_music_and_then_takes_over(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        await stage.sits("counsellor2")
        call = await stage.call_of(counsellor)
        to = await asyncio.to_thread(_account_of, stage, "counsellor2")
        assert (await stage.asks(counsellor, call["id"], "CONSULT", to_account_id=to))["state"] == "DONE"
        asked = await stage.rung("counsellor2")
        await talk_together(seat, asked)
        await hears_nothing_of(caller, SEAT)
        assert (await stage.asks(counsellor, call["id"], "HAND_OVER"))["state"] == "DONE"
        await talk_together(caller, asked)
        await asyncio.wait_for(seat.ended.wait(), 10)

    played(scene)


def test_three_talk_with_110_which_may_also_only_listen_and_stays_when_the_counsellor_leaves(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = await stage.call_of(counsellor)
        assert (await stage.asks(counsellor, call["id"], "ADD_110", mode="LISTEN"))["state"] == "DONE"
        officer = await asyncio.wait_for(stage.police.rang.get(), 10)
        await hears(officer, CALLER)
        await hears(officer, SEAT)
        await hears_nothing_of(caller, POLICE)
        leg = next(leg for leg in (await stage.call_of(counsellor))["legs"] if leg["kind"] == "POLICE_110")
        await stage.asks(counsellor, call["id"], "SET_MODE", leg_id=leg["id"], mode="SPEAK")
        await hears(caller, POLICE)
        await hears(seat, POLICE)
        assert (await stage.asks(counsellor, call["id"], "LEAVE"))["state"] == "DONE"
        await asyncio.wait_for(seat.ended.wait(), 10)
        await talk_together(caller, officer)

        present = "SELECT state FROM duty_presence WHERE reachable AND state <> 'OFFLINE'"
        await until(lambda: stage.platform.sql(present) == [("WRAP_UP",)], "time to write it down, before 110 is done")
        await stage.posts(counsellor, "/duty/presence/set", {"state": "READY"})
        next_caller = await stage.calls()
        await talk_together(next_caller, await stage.rung("counsellor"))
        caller.hang_up()
        await asyncio.wait_for(officer.ended.wait(), 15)
        assert stage.platform.sql(present) == [("READY",)], "the end of the former call disturbs the next one"

    played(scene)


def test_nobody_leaves_a_caller_alone_by_accident(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        call = await stage.call_of(counsellor)
        refused = await stage.asks(counsellor, call["id"], "LEAVE")
        assert refused["state"] == "REFUSED"
        await talk_together(caller, seat)

    played(scene)


def test_a_leader_listens_whispers_joins_and_takes_over(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        leader = await stage.sits("leader")
        call = await stage.call_of(counsellor)
        assert (await stage.asks(leader, call["id"], "MONITOR", mode="LISTEN"))["state"] == "DONE"
        listening = await stage.rung("leader")
        await hears(listening, CALLER)
        await hears(listening, SEAT)
        await hears_nothing_of(caller, LEADER)
        await hears_nothing_of(seat, LEADER)
        leg = next(leg for leg in (await stage.call_of(counsellor))["legs"] if leg["kind"] == "LEADER")
        await stage.asks(leader, call["id"], "SET_MODE", leg_id=leg["id"], mode="WHISPER")
        await hears(seat, LEADER)
        await hears_nothing_of(caller, LEADER)
        await stage.asks(leader, call["id"], "SET_MODE", leg_id=leg["id"], mode="SPEAK")
        await hears(caller, LEADER)
        assert (await stage.asks(leader, call["id"], "TAKE_OVER"))["state"] == "DONE"
        await asyncio.wait_for(seat.ended.wait(), 10)
        await talk_together(caller, listening)

    played(scene)


def test_a_whisper_is_heard_after_110_has_come_and_gone_during_a_hold_and_after_it(played):
    async def scene(stage: Stage) -> None:
        counsellor, leader = await stage.sits("counsellor"), await stage.sits("leader")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = (await stage.call_of(counsellor))["id"]
        assert (await stage.asks(counsellor, call, "ADD_110", mode="SPEAK"))["state"] == "DONE"
        await hears(caller, POLICE, seconds=40)
        await _asks_of_leg(stage, counsellor, call, "POLICE_110", "DROP")
        await hears_nothing_of(caller, POLICE)

        assert (await stage.asks(leader, call, "MONITOR", mode="WHISPER"))["state"] == "DONE"
        listening = await stage.rung("leader")
        await hears(seat, LEADER)
        await hears(listening, CALLER)
        await hears(listening, SEAT)
        await hears_nothing_of(caller, LEADER)
        await stage.asks(counsellor, call, "HOLD")
        seat.voice.forget()
        await hears(seat, LEADER)
        await stage.asks(counsellor, call, "RESUME")
        for listener, tone in ((seat, LEADER), (seat, CALLER), (listening, CALLER), (caller, SEAT)):
            listener.voice.forget()
            await hears(listener, tone)
        await hears_nothing_of(caller, LEADER)

        await _asks_of_leg(stage, leader, call, "LEADER", "SET_MODE", mode="LISTEN")
        await hears_nothing_of(seat, LEADER)
        await _asks_of_leg(stage, leader, call, "LEADER", "SET_MODE", mode="SPEAK")
        await hears(caller, LEADER)
        caller.hang_up()
        await asyncio.wait_for(listening.ended.wait(), 15)

    played(scene)


async def _asks_of_leg(stage: Stage, who: StaffMember, call: str, kind: str, act: str, **more: str) -> None:
    """Ask something about somebody in the call, and have it done."""
    legs = (await stage.reads(who, f"/telephony/calls/{call}"))["legs"]
    leg = next(leg["id"] for leg in legs if leg["kind"] == kind)
    assert (await stage.asks(who, call, act, leg_id=leg, **more))["state"] == "DONE"


def test_keys_reach_the_other_side(played):
    async def scene(stage: Stage) -> None:
        await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        caller.press("42#")
        for _ in range(50):
            await asyncio.sleep(0.1)
            if "".join(seat.voice.keys_heard).endswith("42#"):
                return
        raise AssertionError(f"the seat heard {seat.voice.keys_heard}")

    played(scene)


def _account_of(stage: Stage, name: str) -> str:
    rows = stage.platform.sql("SELECT id FROM staff_account WHERE username = %s", name)
    return str(rows[0][0])
