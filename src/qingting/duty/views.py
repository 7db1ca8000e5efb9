"""Presence, offers, and the duty room's overview."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.duty import permissions, selectors, services
from qingting.duty.states import PresenceState
from qingting.duty.subjects import SUBJECTS
from qingting.staff.models import Account

CHOICES = (PresenceState.READY, PresenceState.NOT_READY, PresenceState.BREAK, PresenceState.WRAP_UP)


def _presence(request: HttpRequest) -> HttpResponse:
    presence = selectors.presence_of(actor_of(request))
    state = presence.state if presence else PresenceState.OFFLINE
    choices = [(choice.value, choice.label, choice == state) for choice in (*CHOICES, PresenceState.OFFLINE)]
    context = {"state": state, "state_label": PresenceState(state).label, "choices": choices}
    return render(request, "duty/presence.html", context)


@requires(permissions.TAKE)
@require_GET
def presence(request: HttpRequest) -> HttpResponse:
    """The control in the top bar."""
    return _presence(request)


@requires(permissions.TAKE)
@require_POST
def set_presence(request: HttpRequest) -> HttpResponse:
    """Say what one is doing."""
    services.set_presence(actor=actor_of(request), state=request.POST.get("state", ""), at=time.now())
    return _presence(request)


@requires(permissions.TAKE)
@require_POST
def heartbeat(request: HttpRequest) -> HttpResponse:
    """The page is open."""
    services.heartbeat(actor=actor_of(request), at=time.now())
    return HttpResponse(status=204)


@requires(permissions.TAKE)
@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """What is on offer to this person, over every page."""
    rows = [(offer, SUBJECTS[offer.entry.subject_kind]) for offer in selectors.open_offers(actor_of(request))]
    return render(request, "duty/offers.html", {"rows": rows, "now": time.now()})


@requires(permissions.TAKE)
@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """Who waits, as a fragment."""
    rows = [(entry, SUBJECTS[entry.subject_kind]) for entry in selectors.line(actor_of(request))]
    return render(request, "duty/line.html", {"rows": rows, "now": time.now()})


@requires(permissions.LEAD)
@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """The duty room: who is at a seat, who waits, what goes on."""
    return render(request, "duty/room.html")


@requires(permissions.LEAD)
@require_GET
def seats(request: HttpRequest) -> HttpResponse:
    """Who is at a seat, as a fragment."""
    present = list(selectors.at_seats(actor_of(request)))
    names = dict(Account.objects.filter(id__in=[p.account_id for p in present]).values_list("id", "display_name"))
    loads = selectors.loads(actor_of(request))
    rows = [(p, names.get(p.account_id, ""), p.get_state_display(), loads.get(p.account_id, 0)) for p in present]
    return render(request, "duty/seats.html", {"rows": rows})
