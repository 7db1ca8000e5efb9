"""The list of handoffs, one handoff with what was sent, and the way from a notice to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.directory.selectors import organisation
from qingting.directory.states import Direction
from qingting.linkage import selectors
from qingting.linkage.disclosure import in_words
from qingting.linkage.permissions import VIEW
from qingting.linkage.states import CancelReason, Outcome, RejectionReason, Stage
from qingting.linkage.views.shown import PAGE, shown, with_names


@requires(VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What was handed to other desks, what runs first."""
    actor, at = actor_of(request), time.now()
    page = selectors.outgoing_page(actor, request.GET.get("page", "1"), PAGE)
    context = {
        "page": page,
        "rows": with_names(page),
        "line": selectors.link_view(organisation(actor.organisation_id).province, at=at),
        "waiting": selectors.waiting_here(actor),
    }
    template = "linkage/handoff_rows.html" if request.headers.get("HX-Request") else "linkage/list.html"
    return render(request, template, context)


@requires(VIEW)
@require_GET
def handoff(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """One handoff in either direction."""
    actor = actor_of(request)
    found = selectors.handoff_of(actor, handoff_id)
    context = {
        "entry": shown(actor, found),
        "lines": in_words(selectors.body_of(found)),
        "inward": found.direction == Direction.FROM_POLICE,
        "stages": Stage.choices,
        "outcomes": Outcome.choices,
        "rejections": RejectionReason.choices,
        "cancel_reasons": CancelReason.choices,
        "channel": f"handoff:{found.pk}",
    }
    fragment = request.headers.get("HX-Request") is not None
    return render(request, "linkage/handoff_body.html" if fragment else "linkage/handoff.html", context)


@requires(VIEW)
@require_GET
def content(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """What was sent, in words, as a fragment."""
    found = selectors.handoff_of(actor_of(request), handoff_id)
    return render(request, "linkage/content.html", {"lines": in_words(selectors.body_of(found))})
