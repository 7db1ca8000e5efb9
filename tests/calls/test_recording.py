"""Each side of a call is recorded by itself, encrypted at rest, and played to whoever may listen, on the record."""

import asyncio
import io
import wave

import numpy as np
import pytest

from qingting.simulation.browser import RefusedError
from qingting.simulation.telephones.voice import level
from tests.calls.stage import CALLER, SEAT, Stage, talk_together, until

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
