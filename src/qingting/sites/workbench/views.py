"""The shell's own pages: start page, search, the bell, and the next push token."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from qingting.core import time
from qingting.core.access import actor_of, signed_in
from qingting.sites.addresses import address
from qingting.sites.workbench import cards, push_permits, searching, selectors
from qingting.sites.workbench import home as start_page
from qingting.staff.models import Session


def _session(request: HttpRequest) -> Session:
    session: Session = request.session_row  # type: ignore[attr-defined]
    return session


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and where they can go."""
    at = time.now()
    context = {
        "cards": start_page.composed(actor_of(request), at=at),
        "greeting": start_page.greeting(at),
        "today": start_page.date_in_words(at),
    }
    return render(request, "workbench/home.html", context)


@signed_in
@require_GET
def card(request: HttpRequest, key: str) -> HttpResponse:
    """One region of the start page again, after something happened."""
    shown = cards.card_called(key, actor_of(request), at=time.now())
    return render(request, "workbench/cards/card.html", {"card": shown}) if shown else HttpResponse(status=204)


@signed_in
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """POST takes the words and leads to an address without them; GET shows what was found."""
    session = _session(request)
    if request.method == "POST":
        word = searching.sealed(request.POST.get("q", ""), session.pk)
        return redirect(f"{reverse('workbench:search')}?s={word}")
    text = searching.unsealed(request.GET.get("s", ""), session.pk)
    groups = searching.found(actor_of(request), text, at=time.now())
    context = {"text": text, "groups": groups, "too_short": len(text) < searching.SHORTEST}
    return render(request, "workbench/search.html", context)


@signed_in
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with its count, drawn again when something happened; what is urgent and new since `seen` is said as well."""
    url = address("staff:notices")
    ring = selectors.ring(actor_of(request), seen=request.GET.get("seen", ""))
    answer = render(request, "workbench/bell.html", {"unread": ring.unread, "newest": ring.newest, "url": url})
    if ring.urgent is None:
        return answer
    told = {"text": ring.urgent.text, "level": ring.urgent.urgency, "url": url}
    return trigger_client_event(answer, "toast", told)


@signed_in
@require_POST
def push_token(request: HttpRequest) -> JsonResponse:
    """The next token for the page that holds this permit."""
    permit = request.POST.get("permit", "")
    return JsonResponse({"token": push_permits.renewed_token(permit, actor_of(request), _session(request).pk)})


@signed_in
@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for whoever writes pages."""
    return render(request, "workbench/style.html", {"at": time.now()})
