"""Doing: each act answers by drawing the page anew, so that what was typed elsewhere stays where a refusal left it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from qingting.conferences import forms, services
from qingting.conferences.permissions import CONVENE, VIEW
from qingting.core import time
from qingting.core.access import actor_of, requires


@requires(VIEW)
@require_POST
def reply(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Whether we come."""
    coming = request.POST.get("coming") == "yes"
    words = forms.words_from(request.POST, "words", 1000)
    services.reply(actor=actor_of(request), conference_id=conference_id, coming=coming, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def reply_by_hand(request: HttpRequest, seat_id: int) -> HttpResponse:
    """What a guest said by telephone or on paper."""
    coming = request.POST.get("coming") == "yes"
    words = forms.words_from(request.POST, "words", 1000)
    services.reply_by_hand(actor=actor_of(request), seat_id=seat_id, coming=coming, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def invite(request: HttpRequest, conference_id: int) -> HttpResponse:
    """One more organisation."""
    guest = forms.number_from(request.POST, "guest")
    services.invite(actor=actor_of(request), conference_id=conference_id, organisation_id=guest, at=time.now())
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def change(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Another time or place."""
    data = request.POST
    services.change(
        actor=actor_of(request),
        conference_id=conference_id,
        starts_at=forms.moment_from(data, "starts_at"),
        place=forms.words_from(data, "place", 100),
        words=forms.words_from(data, "words", 1000),
        at=time.now(),
    )
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def record(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Attendance and minutes."""
    said = forms.record(request.POST)
    services.record_meeting(actor=actor_of(request), conference_id=conference_id, record=said, at=time.now())
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def decide(request: HttpRequest, conference_id: int) -> HttpResponse:
    """A decision: an order for one of ours, or a referral to others."""
    actor, at, said = actor_of(request), time.now(), forms.decision(request.POST)
    if request.POST.get("way") == "REFERRAL":
        referral = forms.referral(request.POST)
        services.decide_referral(actor=actor, conference_id=conference_id, decision=said, referral=referral, at=at)
    else:
        wanted = forms.order_wanted(request.POST)
        services.decide_order(actor=actor, conference_id=conference_id, decision=said, wanted=wanted, at=at)
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def waive(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A decision is let go, with the reason."""
    words = forms.words_from(request.POST, "words", 1000)
    row = services.waive_decision(actor=actor_of(request), decision_id=decision_id, words=words, at=time.now())
    return HttpResponseClientRedirect(reverse("conferences:conference", args=[row.conference_id]))


@requires(CONVENE)
@require_POST
def cancel(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Call it off."""
    words = forms.words_from(request.POST, "words", 1000)
    services.cancel(actor=actor_of(request), conference_id=conference_id, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(CONVENE)
@require_POST
def close(request: HttpRequest, conference_id: int) -> HttpResponse:
    """End it; what was opened to the guests closes."""
    words = forms.words_from(request.POST, "words", 2000)
    services.close(actor=actor_of(request), conference_id=conference_id, words=words, at=time.now())
    return HttpResponseClientRefresh()
