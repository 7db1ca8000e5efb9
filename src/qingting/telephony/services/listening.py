"""Listening to all voices of a call at once: for a reason that stands in the journal, like listening to one."""

from collections.abc import Callable
from dataclasses import dataclass
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
from qingting.telephony.mixing import Pause, Track, mixed, mixed_peaks
from qingting.telephony.models import Call, Recording
from qingting.telephony.selectors import call_for, recordings_of
from qingting.telephony.services.recordings import LISTENING_LASTS, read_sound, require_reason
from qingting.telephony.states import Direction, LegKind, RecordingKind

_LISTENING = "qingting.telephony.listening-to-both"
TOGETHER = "双方", "各方"  # of two voices; of more
_IN = frozenset({"telephony.call-taken", "telephony.call-resumed", "telephony.call-passed-on"})
_OUT = frozenset({"telephony.call-held", "telephony.seat-lost", "telephony.call-waiting", "telephony.call-ended"})


@transaction.atomic
def begin_listening_to_both(*, actor: Actor, call_id: int, reason: str, at: datetime) -> str:
    """Tell the journal who listens to all sides, and why; returns the pass that opens the sound to this person for an hour."""
    label = require_reason(actor, reason)
    call = call_for(actor, call_id)
    voices = _voices_of(call)
    told: dict[str, Any] = {"kind_label": together(voices), "reason": reason, "reason_label": label}
    publish(RecordingPlayed(**call.facts(), recording_id=voices[0].pk, **told), actor=actor, at=at)
    return signing.dumps([call.pk, actor.account_id], salt=_LISTENING)


def read_both(*, actor: Actor, call_id: int, listening: str) -> bytes:
    """The WAV file with all voices, for whoever holds the pass."""
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
    return mixed(_tracks_of(call, _voices_of(call)))


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where of the whole a voice is there, in seconds; recording: whose."""

    recording: Recording
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Mix:
    """All voices together, ready to be drawn: peaks over `seconds`, and when each of them was there."""

    label: str
    peaks: bytes
    seconds: int
    spans: list[Span]


def mix_of(call: Call) -> Mix | None:
    """The drawing of all voices together; None where there are not two sides to mix."""
    voices = _mixable(call)
    if voices is None:
        return None
    tracks = _tracks_of(call, voices)
    seconds = round(max(track.ends for track in tracks))
    spans = [Span(voice, track.begins, track.ends) for voice, track in zip(voices, tracks, strict=True)]
    return Mix(together(voices), mixed_peaks(tracks), seconds, spans)


def together(voices: list[Recording]) -> str:
    """What the mix of these is called: of a caller and one seat 双方, of more kinds 各方."""
    return TOGETHER[len({voice.kind for voice in voices}) > 2]


def _mixable(call: Call) -> list[Recording] | None:
    """What is heard together: every voice that more than one heard, in the order in which they came. A whisper is none of
    them, since the caller never heard it. None where fewer than two sides are there."""
    kept = [row for row in recordings_of(call) if row.kind != RecordingKind.MESSAGE and not row.whispered]
    if len({row.kind for row in kept}) < 2:
        return None
    first = call.answered_at or call.started_at
    return sorted(kept, key=lambda row: (row.kind != RecordingKind.CALLER, row.began_at or first))


def _voices_of(call: Call) -> list[Recording]:
    voices = _mixable(call)
    if voices is None:
        raise not_found("双方的录音", "telephony.recording.not-both")
    return voices


def _tracks_of(call: Call, voices: list[Recording]) -> list[Track]:
    """Each voice at its time: from the answer on, or from the first that was recorded."""
    begins = [voice.began_at or call.answered_at or call.started_at for voice in voices]
    zero = min(begins)
    return [
        Track(
            begins=(began - zero).total_seconds(),
            seconds=voice.seconds,
            read=_reader(voice),
            peaks=bytes(voice.peaks),
            pauses=tuple(_pauses_of(call)) if voice.began_at is None and voice.kind == RecordingKind.CALLER else (),
        )
        for voice, began in zip(voices, begins, strict=True)
    ]


def _reader(recording: Recording) -> Callable[[], bytes]:
    return lambda: read_sound(recording)


def _pauses_of(call: Call) -> list[Pause]:
    """When the caller of a call that came in was connected with nobody: (seconds after the answer, for how long). Their own
    recording leaves these times out; of a call that went out it does not."""
    if call.direction == Direction.OUT or call.answered_at is None:
        return []
    entries = Entry.objects.filter(subject_kind="call", subject_id=call.pk, name__in=_IN | _OUT).order_by("at", "id")
    pauses: list[Pause] = []
    out: datetime | None = None
    for name, moment in entries.filter(at__gte=call.answered_at).values_list("name", "at"):
        if name in _OUT and out is None and not (name == "telephony.seat-lost" and _others_there(call, moment)):
            out = moment
        elif name in _IN and out is not None:
            pauses.append(((out - call.answered_at).total_seconds(), (moment - out).total_seconds()))
            out = None
    return pauses


def _others_there(call: Call, moment: datetime) -> bool:
    """Whether somebody else stayed with the caller when the seat was lost: then no music, and no pause."""
    others = call.legs.exclude(kind__in=[LegKind.CALLER, LegKind.SEAT]).filter(joined_at__lte=moment)
    return any(leg.left_at is None or leg.left_at > moment for leg in others)
