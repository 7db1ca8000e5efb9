"""函: the printable letter to an organisation without a system, its QR code, and the page behind the code."""

import segno
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from qingting.core import time
from qingting.core.access import actor_of, open_to_all, requires
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, not_found
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import organisation
from qingting.linkage import selectors, services
from qingting.linkage.disclosure import in_words
from qingting.linkage.forms import AnswerForm
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import HAND_OFF
from qingting.linkage.states import Manner, Outcome
from qingting.linkage.views.shown import follow_up_choices

_SALT = "linkage.letter"


def _token(handoff: Handoff) -> str:
    return signing.Signer(salt=_SALT).sign_object(handoff.pk)


@requires(HAND_OFF)
@require_GET
def letter(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """The letter, ready to be printed: what is told, on which basis, how to answer. Opening it enters the journal."""
    handoff = services.print_letter(actor=actor_of(request), handoff_id=handoff_id, at=time.now())
    address = request.build_absolute_uri(reverse("linkage:letter-reply", args=[_token(handoff)]))
    context = {
        "row": handoff,
        "partner": organisation(handoff.desk.partner_id),
        "station": organisation(handoff.organisation_id),
        "lines": in_words(selectors.body_of(handoff), clear=True),
        "code": segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff"),
        "at": time.now(),
    }
    return render(request, "linkage/letter.html", context)


@require_http_methods(["GET", "POST"])
@open_to_all("whoever holds the letter has its code; the page names no person and shows nothing of the matter")
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the code: say that the letter has arrived, and later how it went."""
    check_rate("letter-reply", client_address(request), limit=30, seconds=60, at=time.now())
    with acting(EVERYTHING):
        handoff = _behind(token)
        said, refusal = "", None
        if request.method == "POST":
            try:
                services.answer_by_letter(handoff=handoff, answer=AnswerForm(request.POST).answer(), at=time.now())
                said = "已记录，谢谢。"
            except DomainError as error:
                refusal = error
        context = {
            "row": handoff,
            "station": organisation(handoff.organisation_id),
            "partner": organisation(handoff.desk.partner_id),
            "outcomes": Outcome.choices,
            "entry": follow_up_choices(handoff),
            "said": said,
            "refusal": refusal,
            "token": token,
        }
        return render(request, "linkage/letter_reply.html", context, status=422 if refusal else 200)


def _behind(token: str) -> Handoff:
    try:
        handoff_id = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        raise not_found("函件", "linkage.letter.not-found") from None
    found = Handoff.objects.select_related("desk").filter(pk=handoff_id, desk__manner=Manner.LETTER).first()
    if found is None or found.retain_until < time.now().date():
        raise not_found("函件", "linkage.letter.not-found")
    return found


@requires(HAND_OFF)
@require_POST
def by_hand(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """登记回执: what the other side said by telephone or on paper."""
    said = AnswerForm(request.POST).answer()
    services.answer_by_hand(actor=actor_of(request), handoff_id=handoff_id, answer=said, at=time.now())
    return HttpResponseClientRefresh()
