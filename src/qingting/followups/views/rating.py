"""The page that the young person opens by their own link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qingting.core import time
from qingting.core.access import open_to_all
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, Invalid
from qingting.core.rate_limits import check_rate
from qingting.followups import forms, selectors, services
from qingting.followups.states import SCORES, Helped

_TRIES = {"limit": 60, "seconds": 600}


@open_to_all("whoever holds the link; it carries 192 random bits and shows nothing of the case")
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The young person's own word: one question a screen, then thanks. A spent or expired link explains itself."""
    check_rate("rating-page", client_address(request), at=time.now(), **_TRIES)
    if request.method == "POST":
        return _answer(request, token)
    try:
        invitation = selectors.invitation_behind(token)
    except DomainError:
        return render(request, "followups/rate_over.html", {"why": "unknown"}, status=404)
    if invitation.rated_at is not None:
        return render(request, "followups/rate_over.html", {"why": "thanks", "token": token})
    if not selectors.is_open(invitation, at=time.now()):
        return render(request, "followups/rate_over.html", {"why": "expired", "token": token}, status=410)
    return render(request, "followups/rate.html", _question())


def _question(error: str = "") -> dict[str, object]:
    return {"scores": sorted(SCORES.items(), reverse=True), "answers": Helped.choices, "error": error}


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        services.rate(token=token, rating=forms.rating_from(request.POST), at=time.now())
    except Invalid as error:
        return render(request, "followups/rate.html", _question(error.message), status=422)
    except DomainError as error:
        why = error.code.rpartition(".")[2]
        return render(
            request, "followups/rate_over.html", {"why": why, "error": error, "token": token}, status=error.status
        )
    return redirect("followups:rate", token)
