"""Each side of a call is recorded by itself, encrypted at rest, and played to whoever may listen, on the record."""

import asyncio
import io
import wave
from typing import Any

import numpy as np
import pytest

from qingting.simulation.browser import RefusedError
from qingting.simulation.staff import StaffMember
from qingting.simulation.telephones.voice import level
from tests.calls.stage import (
    CALLER,
    COLLEAGUE,
    LEADER,
    POLICE,
    SEAT,
    Stage,
    hears,
    hears_nothing_of,
    talk_together,
    until,
)

pytestmark = pytest.mark.calls


def samples(wav: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(wav)) as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), np.int16)


def test_both_sides_are_kept_apart_and_playing_them_is_on_the_record(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = await stage.call_of(counsellor)
        await asyncio.sleep(2)
        caller.hang_up()
        leader = await asyncio.to_thread(stage.platform.staff, "leader")
        path = f"/telephony/calls/{call['id']}/recordings"

        def both() -> list[dict[str, str]]:
            found = leader.browser.get(path).json()["recordings"]
            return found if len(found) == 2 else []

        kept = {row["kind"]: row["id"] for row in await until(both, "both recordings")}
        heard = {}
        for kind, pk in kept.items():
            begun = await stage.posts(leader, f"/telephony/recordings/{pk}/listen", {"reason": "QUALITY"})
            heard[kind] = samples((await asyncio.to_thread(leader.browser.get, begun.json()["sound"])).content)
        middle = {kind: sound[len(sound) // 2 : len(sound) // 2 + 6000] for kind, sound in heard.items()}
        assert level(middle["CALLER"], CALLER) > 1000
        assert level(middle["CALLER"], SEAT) < 200
        assert level(middle["SEAT"], SEAT) > 1000
        assert level(middle["SEAT"], CALLER) < 200
        told = stage.platform.sql("SELECT count(*) FROM core_entry WHERE name = 'telephony.recording-played'")
        assert told[0][0] >= 2
        for file in (stage.platform.rehearsal.var / "recordings").iterdir():
            assert b"RIFF" not in file.read_bytes()
        with pytest.raises(RefusedError):
            await asyncio.to_thread(counsellor.browser.get, path)
        left = list((stage.platform.rehearsal.var / "asterisk/spool/recording").glob("call-*"))
        assert not left, "a recording in the clear stayed with Asterisk"

    played(scene)


def test_after_a_hold_both_voices_are_heard_in_time_with_each_other(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = await stage.call_of(counsellor)
        await stage.asks(counsellor, call["id"], "HOLD")
        await asyncio.sleep(4)
        await stage.asks(counsellor, call["id"], "RESUME")
        await talk_together(caller, seat)
        await asyncio.sleep(2)
        caller.hang_up()
        leader = await asyncio.to_thread(stage.platform.staff, "leader")
        path = f"/telephony/calls/{call['id']}/recordings"
        rows = "SELECT kind, seconds FROM telephony_recording WHERE call_id = %s"
        await until(lambda: len(leader.browser.get(path).json()["recordings"]) == 2, "both recordings")
        lasted = dict(stage.platform.sql(rows, int(call["id"])))
        begun = await stage.posts(leader, f"/telephony/calls/{call['id']}/both/listen", {"reason": "QUALITY"})
        both = samples((await asyncio.to_thread(leader.browser.get, begun.json()["sound"])).content)
        assert abs(len(both) / 8000 - lasted["SEAT"]) < 2.5, lasted
        end = both[-2 * 8000 : -1 * 8000]
        assert min(level(end, CALLER), level(end, SEAT)) > 1000, "the end of the talk is the end of both"

    played(scene)


def test_110_is_a_side_of_its_own_and_speaks_in_the_mix_while_the_others_do(played):
    async def scene(stage: Stage) -> None:
        counsellor, leader = await stage.sits("counsellor"), await stage.sits("leader")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = (await stage.call_of(counsellor))["id"]
        assert (await stage.asks(leader, call, "MONITOR", mode="LISTEN"))["state"] == "DONE"
        assert (await stage.asks(counsellor, call, "ADD_110", mode="SPEAK"))["state"] == "DONE"
        await hears(caller, POLICE, seconds=40)
        await asyncio.sleep(3)
        await leg_is(stage, counsellor, call, "POLICE_110", "DROP")
        await hears_nothing_of(caller, POLICE)
        caller.hang_up()
        kept = await all_kept(stage, leader, call, 3)
        assert [row["kind"] for row in kept] == ["CALLER", "SEAT", "POLICE_110"], "who only listens is not recorded"
        police = await played_to(stage, leader, f"/telephony/recordings/{kept[2]['id']}/listen")
        middle = police[len(police) // 2 : len(police) // 2 + 6000]
        assert level(middle, POLICE) > 1000
        assert max(level(middle, tone) for tone in (CALLER, SEAT)) < 200
        whole = await played_to(stage, leader, f"/telephony/calls/{call}/both/listen")
        there = [piece for piece in seconds_of(whole) if level(piece, POLICE) > 1000]
        assert there, "110 is not in the mix"
        assert min(level(there[len(there) // 2], tone) for tone in (CALLER, SEAT)) > 1000

    played(scene)


def test_a_leader_s_whisper_is_kept_apart_and_is_in_no_mix(played):
    async def scene(stage: Stage) -> None:
        counsellor = await stage.sits("counsellor")
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        leader = await stage.sits("leader")
        call = (await stage.call_of(counsellor))["id"]
        assert (await stage.asks(leader, call, "MONITOR", mode="WHISPER"))["state"] == "DONE"
        await hears(seat, LEADER, seconds=40)
        await asyncio.sleep(2)
        await leg_is(stage, leader, call, "LEADER", "SET_MODE", mode="LISTEN")
        await asyncio.sleep(3)
        await leg_is(stage, leader, call, "LEADER", "SET_MODE", mode="SPEAK")
        await hears(caller, LEADER, seconds=40)
        await asyncio.sleep(3)
        caller.hang_up()
        kept = await all_kept(stage, leader, call, 4)
        told = [(row["kind"], row["whispered"]) for row in kept]
        assert told == [("CALLER", False), ("SEAT", False), ("LEADER", True), ("LEADER", False)]
        whisper = await played_to(stage, leader, f"/telephony/recordings/{kept[2]['id']}/listen")
        assert level(whisper[len(whisper) // 2 : len(whisper) // 2 + 6000], LEADER) > 1000
        whole = await played_to(stage, leader, f"/telephony/calls/{call}/both/listen")
        heard = [level(piece, LEADER) > 1000 for piece in seconds_of(whole)]
        assert any(heard), "the leader who joined is not in the mix"
        assert heard.index(True) > 6, "the whisper came in the first seconds, and the caller never heard it"

    played(scene)


async def leg_is(stage: Stage, who: StaffMember, call: str, kind: str, act: str, **more: str) -> None:
    """Ask something about somebody in the call, and have it done."""
    legs = (await stage.reads(who, f"/telephony/calls/{call}"))["legs"]
    leg = next(leg["id"] for leg in legs if leg["kind"] == kind)
    assert (await stage.asks(who, call, act, leg_id=leg, **more))["state"] == "DONE"


async def all_kept(stage: Stage, who: StaffMember, call: str, number: int) -> list[dict[str, Any]]:
    """The recordings of a call, once so many are there."""

    def found() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = who.browser.get(f"/telephony/calls/{call}/recordings").json()["recordings"]
        return rows if len(rows) >= number else []

    kept: list[dict[str, Any]] = await until(found, f"{number} recordings", seconds=60)
    return kept


def seconds_of(sound: np.ndarray) -> list[np.ndarray]:
    """A second from each half second on."""
    return [sound[start : start + 8000] for start in range(0, len(sound) - 8000, 4000)]


async def played_to(stage: Stage, who: StaffMember, listen: str) -> np.ndarray:
    """What a player gets once its person has said why they listen."""
    begun = await stage.posts(who, listen, {"reason": "QUALITY"})
    return samples((await asyncio.to_thread(who.browser.get, begun.json()["sound"])).content)


def test_whoever_takes_the_call_over_is_recorded_on(played):
    async def scene(stage: Stage) -> None:
        counsellor, colleague = await stage.sits("counsellor"), await stage.sits("counsellor2")
        await stage.posts(colleague, "/duty/presence/set", {"state": "BREAK"})
        caller = await stage.calls()
        seat = await stage.rung("counsellor")
        await talk_together(caller, seat)
        call = (await stage.call_of(counsellor))["id"]
        to = stage.platform.sql("SELECT account_id FROM telephony_sipaccount WHERE kind = 'PHONE' AND ended_at IS NULL"
                                " ORDER BY created_at DESC LIMIT 1")[0][0]  # fmt: skip
        assert (await stage.asks(counsellor, call, "SEND_TO", to_account_id=str(to)))["state"] == "DONE"
        other = await stage.rung("counsellor2")
        await talk_together(caller, other)
        await asyncio.sleep(3)
        caller.hang_up()
        leader = await asyncio.to_thread(stage.platform.staff, "leader")

        kept = await all_kept(stage, leader, call, 3)
        assert [row["kind"] for row in kept] == ["CALLER", "SEAT", "SEAT"]
        assert kept[1]["name"] != kept[2]["name"]
        whole = await played_to(stage, leader, f"/telephony/calls/{call}/both/listen")
        end = whole[-2 * 8000 : -1 * 8000]
        assert min(level(end, CALLER), level(end, COLLEAGUE)) > 1000, "who took over speaks with the caller, in time"

    played(scene)
