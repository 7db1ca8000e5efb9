"""Pages of following up: what is due, one call, and the panel of a case."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.cases.permissions import VIEW as SEE_CASE
from qingting.cases.selectors import case_of
from qingting.cases.selectors import names_of as names_of_case
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.followups import forms, permissions, selectors, services
from qingting.followups.models import FollowUp, RatingInvitation
from qingting.followups.states import SCORES, SCRIPTS, FollowUpKind, FollowUpState, Helped, Means, Rhythm
from qingting.linkage.permissions import VIEW as SEE_HANDOFFS
from qingting.linkage.selectors import follow_up_choices, notes_of, partner_name
from qingting.linkage.services import outline_referral, phone_of
from qingting.linkage.states import OPEN, HandoffState
from qingting.orders.selectors import case_names, orders_of_case
from qingting.staff.models import Account
from qingting.staff.selectors import holders


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
        "now": time.now(),
        "satisfaction": selectors.satisfaction(actor, at=time.now()),
        "days": selectors.SATISFACTION_DAYS,
        "plans_may": actor.may(permissions.PLAN),
        "state": FollowUpState(state),
        "states": FollowUpState,
        "due": selectors.due_count(actor),
        "query": f"state={state}",
    }
    return render(request, "followups/list.html", context)


ENDED = frozenset({HandoffState.COMPLETED, HandoffState.FAILED})


def _page(actor: Actor, follow_up: FollowUp) -> dict[str, object]:
    tracking = follow_up.kind == FollowUpKind.TRACKING
    third = tracking or selectors.may_follow_up(actor, follow_up.case)
    calls = actor.may(permissions.CALL, follow_up.organisation_id)
    return {
        "follow_up": follow_up,
        "case": follow_up.case,
        "names": names_of_case(follow_up.case),
        "orders": orders_of_case(actor, follow_up.case_id) if actor.may("orders.view") else [],
        "third": third,
        "calls": calls and third and follow_up.state == FollowUpState.DUE,
        "sees_person": bool(follow_up.case.seeker_id) and actor.may("seekers.view"),
        "script": SCRIPTS.get(follow_up.script, SCRIPTS["USUAL"]),
        **_elsewhere(actor, follow_up),
        "answers": Helped.choices,
        "most": follow_up.most_attempts,
        "may_give_up": follow_up.attempts >= follow_up.most_attempts,
        "late": follow_up.due_at < time.now(),
        "early": bool(follow_up.attempts and follow_up.not_before and follow_up.not_before > time.now()),
        "last_call": services.last_outcome(follow_up),
        "dials": actor.may("telephony.talk") and services.may_dial(follow_up),
        "invitation": selectors.open_invitation(follow_up.case, at=time.now()),
        "done_by": Account.objects.filter(pk=follow_up.done_by_account_id or 0).first(),
        "channel": f"follow_up:{follow_up.pk}",
    }


def _elsewhere(actor: Actor, follow_up: FollowUp) -> dict[str, object]:
    """What stands with another organisation, or may be asked of one."""
    handoff, organises = follow_up.handoff, actor.may(permissions.CALL, follow_up.organisation_id)
    due, answered = follow_up.state == FollowUpState.DUE, handoff is not None and handoff.state in ENDED
    waits = handoff is not None and handoff.state in OPEN
    left_out = {Means.LINK} if answered else {Means.LINK, Means.OTHER_DESK}
    return {
        "handoff": handoff,
        "partner": partner_name(handoff.desk) if handoff else "",
        "said": [note for note in notes_of(handoff) if note.words] if handoff else [],
        "waits": waits,
        "answered": answered,
        "organises": organises and due,
        "desks": follow_up_choices(follow_up.case) if organises and due and not waits and not answered else [],
        "phone": phone_of(follow_up.case) if organises and due and not waits else None,
        "sees_handoff": actor.may(SEE_HANDOFFS),
        "means": sorted(
            (choice for choice in Means.choices if choice[0] not in left_out),
            key=lambda choice: choice[0] != Means.OTHER_DESK,
        ),
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
    "ask-other-desk": services.ask_other_desk,
    "take-back": services.take_back,
}
NAMES_OF_ACTS = tuple(_ACTS)


@requires(permissions.CALL)
@require_POST
def act(request: HttpRequest, follow_up_id: int, name: str) -> HttpResponse:
    """Record the call, an attempt, or that nobody could be reached."""
    given: dict[str, object] = {}
    if name == "record":
        given["outcome"] = forms.outcome_from(request.POST)
    if name == "ask-other-desk":
        given["referral"] = forms.other_desk_from(request.POST)
    if name in {"give-up", "take-back"}:
        given["words"] = forms.words_from(request.POST, "words")
    _ACTS[name](actor=actor_of(request), follow_up_id=follow_up_id, at=time.now(), **given)
    return redirect("followups:follow-up", follow_up_id)


@requires(permissions.CALL)
@require_POST
def preview_other_desk(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """All that the other organisation would be told with the choices made so far, as a fragment."""
    actor = actor_of(request)
    found = selectors.follow_up_of(actor, follow_up_id)
    referral = forms.other_desk_from(request.POST)
    chosen = referral.kind and actor.may(permissions.CALL, found.organisation_id)
    lines = outline_referral(actor=actor, case=found.case, referral=referral, at=time.now()) if chosen else []
    return render(request, "followups/other_desk_preview.html", {"lines": lines})


@requires(permissions.CALL)
@require_POST
def call(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Ring one's own seat, then the person."""
    services.call_person(actor=actor_of(request), follow_up_id=follow_up_id, at=time.now())
    told = {"text": "正在接通：先响您的坐席，再拨本人。"}
    return trigger_client_event(HttpResponse(status=204), "toast", told)


@requires(permissions.CALL)
@require_POST
def send_link(request: HttpRequest, case_id: int) -> HttpResponse:
    """Have the person's own link sent to their telephone."""
    message = services.send_rating_message(actor=actor_of(request), case_id=case_id, at=time.now())
    told = {"text": f"短信已交发送，号码尾号{message.number_tail}。"}
    return trigger_client_event(HttpResponse(status=204), "toast", told)


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
        "plan": selectors.plan_of_case(actor, case_id),
        "tracks": own and actor.may(permissions.PLAN),
        "rhythms": Rhythm.choices,
        "keepers": holders(case.organisation_id, permissions.CALL, at=time.now()) if own else [],
        "invitations": [_invitation(request, invitation, shows_link=own) for invitation in invitations],
    }
    return render(request, "followups/panel.html", context)


def _invitation(request: HttpRequest, invitation: RatingInvitation, *, shows_link: bool) -> dict[str, object]:
    still_open = selectors.is_open(invitation, at=time.now())
    link = request.build_absolute_uri(selectors.rating_path(invitation)) if still_open and shows_link else ""
    return {"row": invitation, "open": still_open, "link": link, "score": SCORES.get(invitation.score or 0, "")}
