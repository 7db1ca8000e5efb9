"""Recordings are unreadable on the disk, played on the record, deleted by rule, kept by law."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from qingting.core.crypto import add_key
from qingting.core.errors import DomainError, NotAllowed, NotFound
from qingting.core.ids import new_id
from qingting.core.models import Clock, Entry
from qingting.telephony import services
from qingting.telephony.models import CallbackTask, Recording
from qingting.telephony.services import Arrival, Sound

pytestmark = pytest.mark.django_db

WAV = b"RIFF....WAVE" + b"a word of somebody " * 5000


@pytest.fixture
def kept(talking, at, everything):
    return services.keep_recording(call_id=talking.id, sound=Sound("CALLER", WAV), at=at)


def file_of(recording) -> Path:
    return Path(settings.VAR) / "recordings" / f"{recording.id}.sealed"


def heard(actor, recording, at) -> bytes:
    """Listen as a page does: say why, then fetch the sound."""
    listening = services.begin_listening(actor=actor, recording_id=recording.id, reason="QUALITY", at=at)
    return services.read_recording(actor=actor, recording_id=recording.id, listening=listening)


def test_a_file_shows_nothing_and_gives_back_every_byte(kept, leader_here, at):
    assert b"somebody" not in file_of(kept).read_bytes()
    assert heard(leader_here, kept, at) == WAV
    assert Entry.objects.filter(name="telephony.recording-played", account_id=leader_here.account_id).count() == 1


def test_keeping_twice_keeps_once(kept, talking, at):
    services.keep_recording(call_id=talking.id, sound=Sound("CALLER", WAV), at=at)
    assert Recording.objects.count() == 1


def test_only_whoever_may_listens_and_only_at_their_own_station(kept, ready, agent_elsewhere, tree, at):
    with pytest.raises(NotAllowed):
        heard(ready, kept, at)
    stranger = tree.person("SHIFT_LEADER", tree.elsewhere_station, "外省值班长")
    with pytest.raises(NotFound):
        heard(stranger, kept, at)


def test_one_file_does_not_pass_for_another(kept, talking, leader_here, at):
    other = services.keep_recording(call_id=talking.id, sound=Sound("SEAT", WAV), at=at)
    file_of(kept).write_bytes(file_of(other).read_bytes())
    with pytest.raises(Exception):  # noqa: B017, PT011  (whatever the cipher says, it must not play)
        heard(leader_here, kept, at)


def test_time_deletes_it_and_the_law_keeps_it(kept, talking, leader_here, at):
    held = services.keep_recording(call_id=talking.id, sound=Sound("SEAT", WAV), at=at)
    services.hold_recording(actor=leader_here, recording_id=held.id, hold=True, at=at)
    late = at + settings.RECORDINGS_KEPT + timedelta(days=1)
    assert services.delete_due(at=late) == 1
    assert not file_of(kept).exists()
    assert heard(leader_here, held, late) == WAV
    with pytest.raises(DomainError, match="已按规定"):
        heard(leader_here, kept, late)


def test_a_new_key_seals_the_keys_and_touches_no_sound(kept, leader_here, at):
    before = file_of(kept).read_bytes()
    add_key()
    assert services.rotate_keys(at=at) == 1
    assert file_of(kept).read_bytes() == before
    assert heard(leader_here, kept, at) == WAV


def called_while_away(sound, at, *, channel="1772596800.7"):
    arrival = Arrival(new_id(), "asterisk", channel, "12355", "13800138000")
    return services.keep_of_away(arrival=arrival, sound=sound, began=at - timedelta(minutes=2), at=at)


def test_a_message_left_while_no_controller_was_there_is_kept_and_answered_by_the_next_day(
    line, reply_by_tomorrow, at, everything
):
    call = called_while_away(Sound("MESSAGE", WAV), at)
    again = called_while_away(Sound("MESSAGE", WAV), at)
    assert again.pk == call.pk
    call.refresh_from_db()
    assert (call.state, call.outcome, call.started_at) == ("ENDED", "MESSAGE_LEFT", at - timedelta(minutes=2))
    assert Recording.objects.get().kind == "MESSAGE"
    task = CallbackTask.objects.get()
    clock = Clock.objects.get(subject_kind="callback_task", subject_id=task.pk)
    assert (task.reason, clock.kind, clock.due_at) == ("MESSAGE", "MESSAGE_REPLY", at + timedelta(hours=24))


def test_who_hung_up_while_no_controller_was_there_is_called_back(line, at, everything):
    called_while_away(None, at)
    assert CallbackTask.objects.get().reason == "ABANDONED"
    assert not Recording.objects.exists()
    called_while_away(Sound("MESSAGE", WAV), at, channel="1772596801.8")
    assert CallbackTask.objects.get().reason == "MESSAGE"


def test_the_next_day_clock_stops_when_the_message_is_answered(line, reply_by_tomorrow, at, everything):
    called_while_away(Sound("MESSAGE", WAV), at)
    services.note_attempt(task_id=CallbackTask.objects.get().pk, outcome="TALKED", at=at)
    assert Clock.objects.get(subject_kind="callback_task").met_at == at
