"""Pages of following up: what is due, one call, the panel of a case, and the young person's own rating."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.cases.permissions import VIEW as SEE_CASE
from qingting.cases.selectors import case_of
from qingting.cases.selectors import names_of as names_of_case
from qingting.core import time
from qingting.core.access import actor_of, open_to_all, requires
from qingting.core.actors import Actor
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, Invalid
from qingting.core.rate_limits import check_rate
from qingting.followups import forms, permissions, selectors, services
from qingting.followups.models import FollowUp, RatingInvitation
from qingting.followups.states import MOST_ATTEMPTS, SCORES, SCRIPT, FollowUpState, Helped, Means
from qingting.orders.selectors import case_names, orders_of_case
from qingting.staff.models import Account


@requires(permissions.VIEW)
@require_GET
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """Who is to be called, the one due first on top."""
    actor = actor_of(request)
    asked = request.GET.get("state", "")
    state = asked if asked in FollowUpState.values else FollowUpState.DUE
    page = selectors.due_list(actor, state, forms.number_from(request.GET, "page", 1))
    names = case_names({follow_up.case_id for follow_up in page.follow_ups})
    context = {
        "page": page,
        "rows": [
            {"follow_up": one, "category": names.get(one.case_id, ("", ""))[1], "late": one.due_at < time.now()}
            for one in page.follow_ups
        ],
        "state": FollowUpState(state),
        "states": FollowUpState,
        "due": selectors.due_count(actor),
        "query": f"state={state}",
    }
    return render(request, "followups/list.html", context)


def _page(actor: Actor, follow_up: FollowUp) -> dict[str, object]:
    third = selectors.may_follow_up(actor, follow_up.case)
    calls = actor.may(permissions.CALL, follow_up.organisation_id)
    return {
        "follow_up": follow_up,
        "case": follow_up.case,
        "names": names_of_case(follow_up.case),
        "orders": orders_of_case(actor, follow_up.case_id) if actor.may("orders.view") else [],
        "third": third,
        "calls": calls and third and follow_up.state == FollowUpState.DUE,
        "sees_person": bool(follow_up.case.seeker_id) and actor.may("seekers.view"),
        "script": SCRIPT,
        "means": Means.choices,
        "answers": Helped.choices,
        "most": MOST_ATTEMPTS,
        "may_give_up": follow_up.attempts >= MOST_ATTEMPTS,
        "late": follow_up.due_at < time.now(),
        "done_by": Account.objects.filter(pk=follow_up.done_by_account_id or 0).first(),
        "channel": f"follow_up:{follow_up.pk}",
    }


@requires(permissions.VIEW)
@require_GET
def follow_up(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """One call: what to say, whom to call, what to write down."""
    actor = actor_of(request)
    found = selectors.follow_up_of(actor, follow_up_id)
    return render(request, "followups/follow_up.html", _page(actor, found))


_ACTS: dict[str, Callable[..., FollowUp]] = {
    "record": services.record_follow_up,
    "attempt": services.record_attempt,
    "give-up": services.give_up,
}
NAMES_OF_ACTS = tuple(_ACTS)


@requires(permissions.CALL)
@require_POST
def act(request: HttpRequest, follow_up_id: int, name: str) -> HttpResponse:
    """Record the call, an attempt, or that nobody could be reached."""
    given: dict[str, object] = {}
    if name == "record":
        given["outcome"] = forms.outcome_from(request.POST)
    if name == "give-up":
        given["words"] = forms.words_from(request.POST, "words")
    _ACTS[name](actor=actor_of(request), follow_up_id=follow_up_id, at=time.now(), **given)
    return redirect("followups:follow-up", follow_up_id)


@requires(SEE_CASE)
@require_GET
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Follow-ups and ratings of a case, with the link to copy."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    invitations = selectors.invitations_of(actor, case_id)
    own = case.organisation_id in actor.scope.organisations
    context = {
        "case": case,
        "follow_ups": selectors.of_case(actor, case_id),
        "opens": actor.may(permissions.VIEW),
        "invitations": [_invitation(request, invitation, shows_link=own) for invitation in invitations],
    }
    return render(request, "followups/panel.html", context)


def _invitation(request: HttpRequest, invitation: RatingInvitation, *, shows_link: bool) -> dict[str, object]:
    still_open = selectors.is_open(invitation, at=time.now())
    link = request.build_absolute_uri(selectors.rating_path(invitation)) if still_open and shows_link else ""
    return {"row": invitation, "open": still_open, "link": link, "score": SCORES.get(invitation.score or 0, "")}


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
        return render(request, "followups/rate_over.html", {"why": "thanks"})
    if not selectors.is_open(invitation, at=time.now()):
        return render(request, "followups/rate_over.html", {"why": "expired"}, status=410)
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
        return render(request, "followups/rate_over.html", {"why": why, "error": error}, status=error.status)
    return redirect("followups:rate", token)
