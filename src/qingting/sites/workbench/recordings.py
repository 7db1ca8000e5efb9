"""Recordings on pages: who may listen, how loud each side is drawn, how long it is kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qingting.core.access import actor_of, requires
from qingting.staff.selectors import display_names
from qingting.telephony import permissions, selectors, services
from qingting.telephony.models import Call, Recording
from qingting.telephony.states import Direction, ListeningReason, RecordingKind

HALF = 32  # units above and below the middle line of the drawing


@dataclass(frozen=True, slots=True)
class Part:
    """When somebody was there, below the drawing of all: from `x` on over `width`, of 1000 units; words: as it is read out."""

    kind: str
    label: str
    words: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Side:
    """One voice of a call, or all together (recording None), ready to be drawn: `outline` is an SVG path over `width` by 64
    units; listen: where a player asks for the sound; from_to: when this voice was there; parts: when each of them was."""

    recording: Recording | None
    label: str
    listen: str
    outline: str
    width: int
    seconds: int
    from_to: tuple[datetime, datetime] | None = None
    parts: list[Part] = field(default_factory=list)

    @property
    def lasts(self) -> str:
        return _clock(self.seconds)


@requires(permissions.LISTEN)
@require_GET
def recordings(request: HttpRequest, call_id: int) -> HttpResponse:
    """The recordings of a call with their players: a part of the call's page, or with `dialog` a dialog over the list."""
    call = selectors.call_for(actor_of(request), call_id)
    found = list(selectors.recordings_of(call))
    labels = _labels(call, found)
    sides = [*_together(call, labels), *(_side(recording, labels[recording.pk]) for recording in found)]
    template = "recordings_dialog.html" if request.GET.get("dialog") else "recordings.html"
    context = {"call": call, "sides": sides, "number": call.shown_number, "reasons": ListeningReason.choices}
    return render(request, f"workbench/telephone/{template}", context)


def _labels(call: Call, found: list[Recording]) -> dict[int, str]:
    """What each is called: whose side it is, and who that was where it is one of the staff."""
    names = display_names({recording.account_id or 0 for recording in found})
    return {recording.pk: _label(call, recording, names) for recording in found}


def _label(call: Call, recording: Recording, names: dict[int, str]) -> str:
    theirs = recording.kind == RecordingKind.CALLER and call.direction == Direction.OUT
    label = "对方一侧" if theirs else str(recording.get_kind_display())
    name = names.get(recording.account_id or 0, "")
    whispered = "（耳语，来电人听不到）" if recording.whispered else ""
    return " · ".join(part for part in (label + whispered, name) if part)


def _together(call: Call, labels: dict[int, str]) -> list[Side]:
    """All together, first of all, where there is more than one side."""
    mix = services.mix_of(call)
    if mix is None:
        return []
    listen = reverse("telephony:listen-to-both", args=[call.pk])
    parts = [_part(span, labels[span.recording.pk], mix.seconds) for span in mix.spans]
    label = f"{mix.label}一起听"
    return [Side(None, label, listen, outline(mix.peaks), max(1, len(mix.peaks)), mix.seconds, parts=parts)]


def _part(span: services.Span, label: str, seconds: int) -> Part:
    x = round(1000 * span.begins / max(1, seconds))
    width = max(4, round(1000 * (span.ends - span.begins) / max(1, seconds)))
    words = f"{_clock(span.begins)}—{_clock(min(span.ends, seconds))}"
    return Part(span.recording.kind, label, words, x, min(width, 1000 - x))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _side(recording: Recording, label: str) -> Side:
    peaks = bytes(recording.peaks)
    listen = reverse("telephony:listen", args=[recording.pk])
    began = recording.began_at
    from_to = (began, began + timedelta(seconds=recording.seconds)) if began else None
    return Side(recording, label, listen, outline(peaks), max(1, len(peaks)), recording.seconds, from_to)


def outline(peaks: bytes) -> str:
    """A stroke for each part of the sound, as high as it is loud; silence is a dot on the middle line."""
    heights = [max(1, peak * HALF // 255) for peak in peaks]
    return "".join(f"M{place} {HALF - height}V{HALF + height}" for place, height in enumerate(heights))
