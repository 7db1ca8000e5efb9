"""Recordings on pages: who finds a player, how long it is kept, and that listening begins with a reason."""

import io
import math
import struct
import wave

import pytest
from django.urls import reverse

from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.sites.workbench.recordings import outline
from qingting.telephony import services
from qingting.telephony.services import Sound
from qingting.telephony.states import Outcome
from qingting.telephony.tests.conftest import engine, line, ready, rings, talking  # noqa: F401


def spoken(seconds: int = 2) -> bytes:
    """A WAV file: a second of a tone, and silence after it."""
    tone = [int(12_000 * math.sin(i / 3)) for i in range(8_000)]
    samples = tone + [0] * (8_000 * (seconds - 1))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8_000, len(samples), "NONE", ""))
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


@pytest.fixture
def kept(talking, at):  # noqa: F811
    """The caller's side of a call that is over."""
    with acting(EVERYTHING):
        services.end_call(call_id=talking.id, outcome=Outcome.TALKED, at=at)
        return services.keep_recording(call_id=talking.id, sound=Sound("CALLER", spoken()), at=at)


@pytest.fixture
def leader(sign_in, leader_here):
    return sign_in(leader_here)


def begun(client, recording, reason="QUALITY"):
    return client.post(reverse("telephony:listen", args=[recording.id]), {"reason": reason})


def test_a_leader_finds_the_player_and_how_long_it_is_kept(leader, kept):
    page = leader.get(reverse("workbench:call-recordings", args=[kept.call_id])).content.decode()
    assert reverse("telephony:listen", args=[kept.id]) in page
    assert "到期自动删除" in page
    assert "来电人一侧" in page


def test_the_list_of_calls_leads_to_it(leader, kept):
    page = leader.get(reverse("workbench:calls")).content.decode()
    assert reverse("workbench:call-recordings", args=[kept.call_id]) in page


def test_a_counsellor_finds_no_player_and_is_refused(sign_in, ready, kept):  # noqa: F811
    client = sign_in(ready)
    assert reverse("workbench:call-recordings", args=[kept.call_id]) not in (
        client.get(reverse("workbench:calls")).content.decode()
    )
    assert client.get(reverse("workbench:call-recordings", args=[kept.call_id])).status_code == 403
    assert begun(client, kept).status_code == 403


def test_listening_begins_with_a_reason_and_is_told_once_however_many_parts_are_asked_for(leader, kept):
    assert begun(leader, kept, "").status_code == 422
    sound = begun(leader, kept).json()["sound"]
    whole = leader.get(sound)
    assert (whole.status_code, whole.content) == (200, spoken())
    part = leader.get(sound, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, spoken()[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(spoken())}"
    with acting(EVERYTHING):
        told = list(Entry.objects.filter(name="telephony.recording-played"))
    assert [entry.data["reason"] for entry in told] == ["QUALITY"]


def test_the_address_of_a_sound_opens_it_to_nobody_else(leader, kept, sign_in, tree):
    sound = begun(leader, kept).json()["sound"]
    colleague = sign_in(tree.person("SHIFT_LEADER", tree.station), "another-leader")
    assert colleague.get(sound).status_code == 403
    assert leader.get(reverse("telephony:sound", args=[kept.id])).status_code == 403


def test_what_is_held_says_so_and_can_be_let_go(leader, kept):
    leader.post(reverse("telephony:hold-recording", args=[kept.id]), {"hold": "on"})
    page = leader.get(reverse("workbench:call-recordings", args=[kept.call_id])).content.decode()
    assert "已保全" in page
    leader.post(reverse("telephony:hold-recording", args=[kept.id]), {"hold": "off"})
    page = leader.get(reverse("workbench:call-recordings", args=[kept.call_id])).content.decode()
    assert "已保全" not in page


def test_the_drawing_is_high_where_somebody_speaks(kept):
    peaks = bytes(kept.peaks)
    assert min(peaks[5 : len(peaks) // 2 - 5]) > 80
    assert max(peaks[len(peaks) // 2 + 5 :]) == 0
    assert outline(bytes([0, 255])) == "M0 31V33M1 0V64"
