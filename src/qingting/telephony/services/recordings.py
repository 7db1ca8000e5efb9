"""Recordings: taken from the engine when a call is over, encrypted, played by permission, deleted by rule.

Each file has a key of its own, sealed in its row: changing the vault's key seals a few bytes anew and no sound.
"""

import base64
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import signing
from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.crypto import key_version, keyring, seal, unseal
from qingting.core.errors import DomainError, Invalid, NotAllowed, not_found
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import permissions
from qingting.telephony.events import RecordingHeld, RecordingKept, RecordingPlayed
from qingting.telephony.models import Call, Recording
from qingting.telephony.states import LegKind, ListeningReason, RecordingKind
from qingting.telephony.waveform import peaks_of

KEY = "telephony_recording.key"
BYTES_A_SECOND = 16_000  # of the engine's files: 8 kHz, 16 bit, one channel
LISTENING_LASTS = timedelta(hours=1)  # the longest talk, with pauses
_NONCE = 12
_ROLES = {"seat": LegKind.SEAT, "police": LegKind.POLICE_110, "caller": LegKind.CALLER}
_LISTENING = "qingting.telephony.listening"


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose voice it is, by their channel, and from when; whispered: only the seat heard it."""

    channel: str
    began: datetime
    whispered: bool = False


@dataclass(frozen=True, slots=True)
class Sound:
    """What the engine recorded: which side or message, or whose voice, and the bytes of a WAV file."""

    kind: str
    wav: bytes
    voice: Voice | None = None


@transaction.atomic
def keep_recording(*, call_id: int, sound: Sound, at: datetime) -> Recording | None:
    """Encrypt and keep one recording. The same one twice is one; None where the call was never written down."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return None
    whose = _whose(call, sound)
    same = ("channel", "began_at") if sound.voice else ("kind", "began_at")
    existing = Recording.objects.filter(call=call, **{name: whose[name] for name in same}).first()
    if existing is not None:
        return existing
    key = secrets.token_bytes(32)
    envelope = seal(base64.b64encode(key).decode(), field=KEY)
    recording = Recording.objects.create(
        organisation_id=call.organisation_id,
        province=call.province,
        call=call,
        key_sealed=envelope,
        key_version=key_version(envelope),
        seconds=len(sound.wav) // BYTES_A_SECOND,
        peaks=peaks_of(sound.wav),
        recorded_at=at,
        delete_after=at + settings.RECORDINGS_KEPT,
        **whose,
    )
    _write(recording, key, sound.wav)
    told: dict[str, Any] = {"recording_id": recording.id, "kind": recording.kind, "seconds": recording.seconds}
    publish(RecordingKept(**call.facts(), **told), actor=system_for(call.organisation_id, call.province), at=at)
    return recording


def _whose(call: Call, sound: Sound) -> dict[str, Any]:
    """Whose voice it is by the record of who was in the call: whoever took the call over was its seat in the end."""
    voice = sound.voice
    if voice is None:
        return {"kind": sound.kind, "began_at": None}
    legs = list(call.legs.filter(channel=voice.channel).order_by("joined_at"))
    kinds = {leg.kind for leg in legs}
    kind = LegKind.SEAT if LegKind.SEAT in kinds else next(iter(kinds), _role(voice.channel))
    account = next((leg.account_id for leg in legs if leg.account_id), None)
    return {
        "kind": RecordingKind(kind),
        "channel": voice.channel,
        "account_id": account,
        "began_at": voice.began,
        "whispered": voice.whispered,
    }


def _role(channel: str) -> str:
    """Of a leg that was never written down: what the controller rang it as."""
    return _ROLES.get(channel.partition("-")[0], LegKind.OUTSIDE)


@transaction.atomic
def begin_listening(*, actor: Actor, recording_id: int, reason: str, at: datetime) -> str:
    """Tell the journal who listens and why; returns the pass that opens the sound to this person for an hour.

    Needs `telephony.listen-recordings`. A player asks for the same sound in many pieces: one entry stands for all of them.
    """
    label = require_reason(actor, reason)
    recording = _playable(actor, recording_id)
    told: dict[str, Any] = {
        "recording_id": recording.id,
        "kind_label": str(RecordingKind(recording.kind).label),
        "reason": reason,
        "reason_label": label,
    }
    publish(RecordingPlayed(**recording.call.facts(), **told), actor=actor, at=at)
    return signing.dumps([recording.id, actor.account_id], salt=_LISTENING)


def require_reason(actor: Actor, reason: str) -> str:
    """What a reason is called. Raises NotAllowed without the right to listen, Invalid without a reason."""
    actor.require(permissions.LISTEN)
    if reason not in ListeningReason.values:
        raise Invalid("请先选择为什么要听。", code="telephony.recording.reason", do_next="理由会和您的姓名一起留痕。")
    return str(ListeningReason(reason).label)


def read_recording(*, actor: Actor, recording_id: int, listening: str) -> bytes:
    """The WAV file, for whoever holds the pass of `begin_listening`. Raises NotAllowed where it is not theirs or too old."""
    actor.require(permissions.LISTEN)
    recording = _playable(actor, recording_id)
    try:
        given = signing.loads(listening, salt=_LISTENING, max_age=LISTENING_LASTS)
    except signing.BadSignature:
        given = None
    if given != [recording.id, actor.account_id]:
        raise NotAllowed(
            "这段录音要先说明理由才能听。", code="telephony.recording.not-begun", do_next="请选择理由后再点播放。"
        )
    return read_sound(recording)


def _playable(actor: Actor, recording_id: int) -> Recording:
    recording = _of(actor, recording_id)
    if recording.deleted_at is not None:
        raise DomainError(
            "这段录音已按规定期限删除。", code="telephony.recording.deleted", do_next="登记和个案里的记录仍在。"
        )
    return recording


@transaction.atomic
def hold_recording(*, actor: Actor, recording_id: int, hold: bool, at: datetime) -> None:
    """Keep a recording beyond its time because law asks for it (保全), or let the rule have it again."""
    actor.require(permissions.HOLD_RECORDINGS)
    recording = _of(actor, recording_id)
    Recording.objects.filter(pk=recording.pk).update(legal_hold=hold)
    words = "开始" if hold else "解除"
    event = RecordingHeld(**recording.call.facts(), recording_id=recording.id, state_label=words)
    publish(event, actor=actor, at=at)


@transaction.atomic
def delete_due(*, at: datetime) -> int:
    """Delete what has been kept long enough and is not held. The row stays, without key and drawing."""
    with acting(EVERYTHING):
        due = Recording.objects.select_for_update(skip_locked=True).filter(deleted_at=None, legal_hold=False)
        rows = list(due.filter(delete_after__lte=at)[:100])
        for recording in rows:
            _path(recording).unlink(missing_ok=True)
            Recording.objects.filter(pk=recording.pk).update(deleted_at=at, key_sealed=b"", peaks=b"")
    return len(rows)


@transaction.atomic
def rotate_keys(*, batch: int = 500, at: datetime) -> int:
    """Seal the keys of recordings with the vault's current key. Returns how many; 0 when done."""
    with acting(EVERYTHING):
        stale = Recording.objects.filter(deleted_at=None, key_version__lt=keyring().current)
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for recording in rows:
            recording.key_sealed = seal(unseal(bytes(recording.key_sealed), field=KEY), field=KEY)
            recording.key_version = key_version(recording.key_sealed)
        Recording.objects.bulk_update(rows, ["key_sealed", "key_version"])
    return len(rows)


def _of(actor: Actor, recording_id: int) -> Recording:
    here = Recording.objects.select_related("call").filter(organisation_id__in=sorted(actor.scope.organisations))
    recording = here.filter(pk=recording_id).first()
    if recording is None:
        raise not_found("录音", "telephony.recording.not-found")
    return recording


def _path(recording: Recording) -> Path:
    return Path(settings.VAR) / "recordings" / f"{recording.id}.sealed"


def _write(recording: Recording, key: bytes, wav: bytes) -> None:
    """Beside its place first: half a file is never mistaken for a whole one. The id is sealed in, so files can't swap."""
    path, nonce = _path(recording), os.urandom(_NONCE)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(nonce + AESGCM(key).encrypt(nonce, wav, str(recording.id).encode()))
    draft.replace(path)


def read_sound(recording: Recording) -> bytes:
    """The plain WAV file, for a service that has checked the right to it."""
    key = base64.b64decode(unseal(bytes(recording.key_sealed), field=KEY))
    body = _path(recording).read_bytes()
    return AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], str(recording.id).encode())
