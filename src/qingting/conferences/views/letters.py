"""邀请函: the printable invitation with its code, and the page behind the code."""

import segno
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from qingting.conferences import forms, selectors, services
from qingting.conferences.models import ConferenceSeat
from qingting.conferences.permissions import CONVENE
from qingting.conferences.states import ConferenceState
from qingting.core import time
from qingting.core.access import actor_of, open_to_all, requires
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, not_found
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import organisation

_SALT = "conferences.letter"


@requires(CONVENE)
@require_GET
def letter(request: HttpRequest, seat_id: int) -> HttpResponse:
    """The letter, ready to be printed. Opening it enters the journal."""
    seat = services.print_letter(actor=actor_of(request), seat_id=seat_id, at=time.now())
    token = signing.Signer(salt=_SALT).sign_object(seat.pk)
    address = request.build_absolute_uri(reverse("conferences:letter-reply", args=[token]))
    notes = selectors.notes_of(seat.conference)
    context = {
        "row": seat.conference,
        "kind": selectors.kind_of(seat.conference.kind),
        "guest": organisation(seat.guest_organisation_id),
        "station": organisation(seat.organisation_id),
        "told": selectors.told_lines(notes),
        "agenda": next((note.text for note in notes if note.kind == "agenda"), ""),
        "code": segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff"),
    }
    return render(request, "conferences/letter.html", context)


@require_http_methods(["GET", "POST"])
@open_to_all("whoever holds the letter has its code; the page names no person and shows nothing of the matter")
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the code: whether they come."""
    check_rate("letter-reply", client_address(request), limit=30, seconds=60, at=time.now())
    with acting(EVERYTHING):
        seat = _behind(token)
        refusal = None
        if request.method == "POST":
            try:
                coming = request.POST.get("coming") == "yes"
                words = forms.words_from(request.POST, "words", 1000)
                seat = services.reply_by_letter(seat=seat, coming=coming, words=words, at=time.now())
            except DomainError as error:
                refusal = error
        context = {
            "seat": seat,
            "row": seat.conference,
            "guest": organisation(seat.guest_organisation_id),
            "station": organisation(seat.organisation_id),
            "open": seat.conference.state == ConferenceState.CALLED,
            "said": request.method == "POST" and refusal is None,
            "refusal": refusal,
        }
        return render(request, "conferences/letter_reply.html", context, status=422 if refusal else 200)


def _behind(token: str) -> ConferenceSeat:
    try:
        seat_id = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        raise not_found("邀请函", "conferences.letter.not-found") from None
    found = ConferenceSeat.objects.select_related("conference").filter(pk=seat_id).first()
    if found is None or time.now() > found.conference.starts_at + selectors.READING:
        raise not_found("邀请函", "conferences.letter.not-found")
    return found
