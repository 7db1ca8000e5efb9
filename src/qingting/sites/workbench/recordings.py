"""Recordings on pages: who may listen, how loud each side is drawn, how long it is kept."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingting.core.access import actor_of, requires
from qingting.telephony import permissions, selectors
from qingting.telephony.models import Recording
from qingting.telephony.states import ListeningReason

HALF = 32  # units above and below the middle line of the drawing


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a call, ready to be drawn: `outline` is an SVG path over `width` by 64 units."""

    recording: Recording
    outline: str
    width: int
    lasts: str


@requires(permissions.LISTEN)
@require_GET
def recordings(request: HttpRequest, call_id: int) -> HttpResponse:
    """The recordings of a call with their players: a part of the call's page, or with `dialog` a dialog over the list."""
    call = selectors.call_for(actor_of(request), call_id)
    sides = [_side(recording) for recording in selectors.recordings_of(call)]
    template = "recordings_dialog.html" if request.GET.get("dialog") else "recordings.html"
    context = {"call": call, "sides": sides, "number": call.shown_number, "reasons": ListeningReason.choices}
    return render(request, f"workbench/telephone/{template}", context)


def _side(recording: Recording) -> Side:
    peaks = bytes(recording.peaks)
    minutes, seconds = divmod(recording.seconds, 60)
    return Side(recording, outline(peaks), max(1, len(peaks)), f"{minutes}:{seconds:02d}")


def outline(peaks: bytes) -> str:
    """A stroke for each part of the sound, as high as it is loud; silence is a dot on the middle line."""
    heights = [max(1, peak * HALF // 255) for peak in peaks]
    return "".join(f"M{place} {HALF - height}V{HALF + height}" for place, height in enumerate(heights))
