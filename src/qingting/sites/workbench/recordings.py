"""Recordings on pages: who may listen, how loud each side is drawn, how long it is kept."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qingting.core.access import actor_of, requires
from qingting.telephony import permissions, selectors, services
from qingting.telephony.models import Call, Recording
from qingting.telephony.states import Direction, ListeningReason, RecordingKind

HALF = 32  # units above and below the middle line of the drawing


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a call, or both together (recording None), ready to be drawn: `outline` is an SVG path over `width` by 64
    units; listen: where a player asks for the sound."""

    recording: Recording | None
    label: str
    listen: str
    outline: str
    width: int
    seconds: int

    @property
    def lasts(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes}:{seconds:02d}"


@requires(permissions.LISTEN)
@require_GET
def recordings(request: HttpRequest, call_id: int) -> HttpResponse:
    """The recordings of a call with their players: a part of the call's page, or with `dialog` a dialog over the list."""
    call = selectors.call_for(actor_of(request), call_id)
    sides = [*_both(call), *(_side(call, recording) for recording in selectors.recordings_of(call))]
    template = "recordings_dialog.html" if request.GET.get("dialog") else "recordings.html"
    context = {"call": call, "sides": sides, "number": call.shown_number, "reasons": ListeningReason.choices}
    return render(request, f"workbench/telephone/{template}", context)


def _both(call: Call) -> list[Side]:
    """The two together, first of all, where both are there."""
    found = services.peaks_of_both(call)
    if found is None:
        return []
    peaks, seconds = found
    listen = reverse("telephony:listen-to-both", args=[call.pk])
    return [Side(None, "双方一起听", listen, outline(peaks), max(1, len(peaks)), seconds)]


def _side(call: Call, recording: Recording) -> Side:
    peaks = bytes(recording.peaks)
    listen = reverse("telephony:listen", args=[recording.pk])
    theirs = recording.kind == RecordingKind.CALLER and call.direction == Direction.OUT
    label = "对方一侧" if theirs else str(recording.get_kind_display())
    return Side(recording, label, listen, outline(peaks), max(1, len(peaks)), recording.seconds)


def outline(peaks: bytes) -> str:
    """A stroke for each part of the sound, as high as it is loud; silence is a dot on the middle line."""
    heights = [max(1, peak * HALF // 255) for peak in peaks]
    return "".join(f"M{place} {HALF - height}V{HALF + height}" for place, height in enumerate(heights))
