"""Listening to both sides of a call at once: for a reason that stands in the journal, like listening to one."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed, not_found
from qingting.core.events import publish
from qingting.core.models import Entry
from qingting.telephony import permissions
from qingting.telephony.events import RecordingPlayed
from qingting.telephony.mixing import mixed, mixed_peaks
from qingting.telephony.models import Call, Recording
from qingting.telephony.selectors import call_for, recordings_of
from qingting.telephony.services.recordings import LISTENING_LASTS, read_sound, require_reason
from qingting.telephony.states import Direction, RecordingKind

_LISTENING = "qingting.telephony.listening-to-both"
BOTH = "双方"


@transaction.atomic
def begin_listening_to_both(*, actor: Actor, call_id: int, reason: str, at: datetime) -> str:
    """Tell the journal who listens to both sides, and why; returns the pass that opens the sound to this person for an hour."""
    label = require_reason(actor, reason)
    call = call_for(actor, call_id)
    caller, _ = _sides_of(call)
    told: dict[str, Any] = {"kind_label": BOTH, "reason": reason, "reason_label": label}
    publish(RecordingPlayed(**call.facts(), recording_id=caller.pk, **told), actor=actor, at=at)
    return signing.dumps([call.pk, actor.account_id], salt=_LISTENING)


def read_both(*, actor: Actor, call_id: int, listening: str) -> bytes:
    """The WAV file with both voices, for whoever holds the pass."""
    actor.require(permissions.LISTEN)
    call = call_for(actor, call_id)
    try:
        given = signing.loads(listening, salt=_LISTENING, max_age=LISTENING_LASTS)
    except signing.BadSignature:
        given = None
    if given != [call.pk, actor.account_id]:
        raise NotAllowed(
            "这段录音要先说明理由才能听。", code="telephony.recording.not-begun", do_next="请选择理由后再点播放。"
        )
    caller, seat = _sides_of(call)
    return mixed(read_sound(caller), read_sound(seat), pauses=_pauses_of(call))


def _sides_of(call: Call) -> tuple[Recording, Recording]:
    """The two sides; NotFound where one was never recorded or is deleted."""
    kept = {recording.kind: recording for recording in recordings_of(call)}
    caller, seat = kept.get(RecordingKind.CALLER), kept.get(RecordingKind.SEAT)
    if caller is None or seat is None:
        raise not_found("双方的录音", "telephony.recording.not-both")
    return caller, seat


def _pauses_of(call: Call) -> list[tuple[float, float]]:
    """When the caller of a call that came in was on hold: (seconds after the answer, for how long). Their own recording
    leaves these times out; of a call that went out it does not."""
    if call.direction == Direction.OUT or call.answered_at is None:
        return []
    names = ["telephony.call-held", "telephony.call-resumed", "telephony.call-ended"]
    entries = Entry.objects.filter(subject_kind="call", subject_id=call.pk, name__in=names).order_by("at", "id")
    pauses: list[tuple[float, float]] = []
    held: datetime | None = None
    for name, moment in entries.values_list("name", "at"):
        if name == names[0]:
            held = held or moment
        elif held is not None:
            pauses.append(((held - call.answered_at).total_seconds(), (moment - held).total_seconds()))
            held = None
    return pauses


def peaks_of_both(call: Call) -> tuple[bytes, int] | None:
    """The drawing of both sides together and how many seconds they last; None where there are not both."""
    kept = {recording.kind: recording for recording in recordings_of(call)}
    caller, seat = kept.get(RecordingKind.CALLER), kept.get(RecordingKind.SEAT)
    if caller is None or seat is None:
        return None
    return mixed_peaks(bytes(caller.peaks), bytes(seat.peaks)), max(caller.seconds, seat.seconds)
