"""Both sides of a call are heard together, in time with each other, for a reason, on the record."""

import io
import wave
from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from qingting.core.errors import Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import services
from qingting.telephony.mixing import RATE, Track, mixed, mixed_peaks
from qingting.telephony.services import Party, Sound, Voice


def sound(*pieces: tuple[float, int]) -> bytes:
    """A WAV file of pieces: (seconds, loudness)."""
    body = np.concatenate([np.full(round(seconds * RATE), level, "<i2") for seconds, level in pieces])
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(body.tobytes())
    return written.getvalue()


def at_second(wav: bytes, second: float) -> int:
    with wave.open(io.BytesIO(wav)) as file:
        return int(np.frombuffer(file.readframes(file.getnframes()), "<i2")[round(second * RATE)])


def track(wav: bytes, begins: float = 0, pauses=(), peaks: bytes = b"") -> Track:
    return Track(begins, (len(wav) - 44) / 2 / RATE, lambda: wav, peaks, tuple(pauses))


def test_both_are_heard_and_the_longer_side_goes_on_alone():
    both = mixed([track(sound((2, 100))), track(sound((3, 20)))])
    assert (at_second(both, 1), at_second(both, 2.5)) == (120, 20)


def test_a_hold_that_the_caller_s_file_leaves_out_is_put_back_in():
    both = mixed([track(sound((1, 100), (1, 200)), pauses=[(1.0, 3.0)]), track(sound((1, 1), (3, 2), (1, 3)))])
    assert [at_second(both, second) for second in (0.5, 2, 4.5)] == [101, 2, 203]


def test_whoever_comes_later_is_heard_from_then_on():
    whole = mixed([track(sound((4, 100))), track(sound((1, 20)), begins=2.0)])
    assert [at_second(whole, second) for second in (1, 2.5, 3.5)] == [100, 120, 100]


def test_two_loud_voices_stay_within_what_a_file_can_hold():
    assert at_second(mixed([track(sound((1, 30_000))), track(sound((1, 30_000)))]), 0.5) == 32_767


def test_a_file_whose_header_was_never_finished_is_heard_all_the_same():
    broken = b"RIFF" + b"\0" * 40 + sound((1, 100))[44:]
    assert at_second(mixed([track(broken), track(sound((1, 1)))]), 0.5) == 101


def test_the_drawing_shows_whoever_is_louder_at_their_time():
    drawn = mixed_peaks([track(sound((4, 1)), peaks=bytes([10] * 400)), track(sound((1, 1)), 2.0, peaks=bytes([200]))])
    assert (len(drawn), drawn[100], drawn[250], drawn[350]) == (400, 10, 200, 10)
    assert mixed_peaks([track(sound((1, 1)))]) == b""


@pytest.fixture
def recorded(talking, at, everything):
    for kind, level in (("CALLER", 100), ("SEAT", 20)):
        services.keep_recording(call_id=talking.id, sound=Sound(kind, sound((2, level))), at=at)
    services.hold_call(call_id=talking.id, at=at + timedelta(seconds=1))
    services.resume_call(call_id=talking.id, at=at + timedelta(seconds=3))
    return talking


@pytest.mark.django_db
def test_listening_to_both_asks_for_a_reason_and_stands_in_the_journal_once(recorded, leader_here, ready, at):
    with pytest.raises(Invalid):
        services.begin_listening_to_both(actor=leader_here, call_id=recorded.id, reason="", at=at)
    with pytest.raises(NotAllowed):
        services.begin_listening_to_both(actor=ready, call_id=recorded.id, reason="QUALITY", at=at)
    listening = services.begin_listening_to_both(actor=leader_here, call_id=recorded.id, reason="QUALITY", at=at)
    heard = services.read_both(actor=leader_here, call_id=recorded.id, listening=listening)
    assert [at_second(heard, second) for second in (0.5, 1.5)] == [120, 20]
    assert Entry.objects.get(name="telephony.recording-played").data["kind_label"] == "双方"
    with pytest.raises(NotAllowed):
        services.read_both(actor=leader_here, call_id=recorded.id, listening="stolen")


@pytest.fixture
def with_guardian(recorded, at):
    """A guardian was brought in from the second second on, and a leader whispered to the seat."""
    guardian = Party("GUARDIAN", "party-1")
    services.join_leg(call_id=recorded.id, party=guardian, at=at + timedelta(seconds=1))
    heard = Voice("party-1", at + timedelta(seconds=1))
    services.keep_recording(call_id=recorded.id, sound=Sound("MESSAGE", sound((1, 7)), heard), at=at)
    services.join_leg(call_id=recorded.id, party=Party("LEADER", "seat-9", 99, "WHISPER"), at=at)
    whisper = Voice("seat-9", at, whispered=True)
    services.keep_recording(call_id=recorded.id, sound=Sound("MESSAGE", sound((1, 5_000)), whisper), at=at)
    return recorded


@pytest.mark.django_db
def test_a_third_party_is_a_side_of_its_own_and_in_the_mix_and_a_whisper_is_in_no_mix(with_guardian, leader_here, at):
    kept = {row.kind: row for row in with_guardian.recordings.all()}
    assert set(kept) == {"CALLER", "SEAT", "GUARDIAN", "LEADER"}
    assert kept["LEADER"].whispered
    listening = services.begin_listening_to_both(actor=leader_here, call_id=with_guardian.id, reason="SAFETY", at=at)
    heard = services.read_both(actor=leader_here, call_id=with_guardian.id, listening=listening)
    assert [at_second(heard, second) for second in (0.5, 1.5)] == [120, 27]
    assert Entry.objects.get(name="telephony.recording-played").data["kind_label"] == "各方"


@pytest.mark.django_db
def test_the_same_voice_is_kept_once_and_one_that_comes_again_twice(with_guardian, at):
    for seconds in (1, 1, 60):
        voice = Voice("party-1", at + timedelta(seconds=seconds))
        services.keep_recording(call_id=with_guardian.id, sound=Sound("MESSAGE", sound((1, 7)), voice), at=at)
    assert with_guardian.recordings.filter(kind="GUARDIAN").count() == 2


@pytest.mark.django_db
def test_the_page_names_who_was_there_and_from_when_to_when(with_guardian, leader_here, browser):
    page = browser(leader_here).get(reverse("workbench:call-recordings", args=[with_guardian.id])).content.decode()
    assert "各方一起听" in page
    assert "值班长一侧（耳语，来电人听不到）" in page
    assert "监护人一侧" in page
    assert '<span class="muted">0:01—0:02</span>' in page


@pytest.mark.django_db
def test_where_one_side_is_gone_there_is_nothing_to_mix(talking, leader_here, at, everything):
    services.keep_recording(call_id=talking.id, sound=Sound("CALLER", sound((1, 1))), at=at)
    with pytest.raises(NotFound):
        services.begin_listening_to_both(actor=leader_here, call_id=talking.id, reason="QUALITY", at=at)


@pytest.mark.django_db
def test_the_page_offers_both_first_and_a_player_may_jump(recorded, leader_here, browser):
    client = browser(leader_here)
    page = client.get(reverse("workbench:call-recordings", args=[recorded.id])).content.decode()
    assert page.index("双方一起听") < page.index("来电人一侧") < page.index("坐席一侧")
    begun = client.post(reverse("telephony:listen-to-both", args=[recorded.id]), {"reason": "QUALITY"}).json()
    part = client.get(begun["sound"], headers={"Range": "bytes=0-43"})
    assert (part.status_code, part.content[:4], len(part.content)) == (206, b"RIFF", 44)
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="telephony.recording-played").count() == 1
