"""Pages for whoever arranges following up: rules, tracking plans, and the outbox of messages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.cases.selectors import category_names
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.directory.states import Urgency
from qingting.followups import forms, permissions, selectors, services
from qingting.followups.models import TrackingPlan
from qingting.followups.states import Channel, LowRating, MessageState, PlanState, Script
from qingting.orders.selectors import case_names
from qingting.staff.selectors import display_names, holders


@requires(permissions.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The lines of one's organisation; POST adds one."""
    actor, error = actor_of(request), ""
    if request.method == "POST":
        try:
            services.add_rule(actor=actor, new=forms.rule_from(request.POST), at=time.now())
            return redirect("followups:rules")
        except Invalid as refusal:
            error = f"{refusal.message}{refusal.do_next}"
    lines = selectors.rules_of(actor)
    names = category_names({line.category for line in lines})
    context = {
        "lines": [(line, names.get(line.category, line.category)) for line in lines],
        "error": error,
        "asked": request.POST,
        "categories": forms.category_groups(),
        "levels": Urgency.choices,
        "channels": Channel.choices,
        "scripts": [choice for choice in Script.choices if choice[0] != Script.TRACKING],
        "lows": LowRating.choices,
    }
    return render(request, "followups/rules.html", context, status=422 if error else 200)


@requires(permissions.PLAN)
@require_POST
def drop_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a line away."""
    services.drop_rule(actor=actor_of(request), rule_id=rule_id, at=time.now())
    return redirect("followups:rules")


@requires(permissions.PLAN)
@require_POST
def raise_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Move a line up."""
    services.raise_rule(actor=actor_of(request), rule_id=rule_id, at=time.now())
    return redirect("followups:rules")


@requires(permissions.PLAN)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages with people's links: where they stand. The text is shown only where none ever leaves (a demonstration)."""
    page = forms.number_from(request.GET, "page", 1)
    found, more = selectors.messages(actor_of(request), page)
    kept = not settings.SMS_URL and settings.MODE == "demo"
    rows = [
        {"message": one, "text": services.text_of(one.invitation) if kept and one.state == MessageState.KEPT else ""}
        for one in found
    ]
    context = {"rows": rows, "more": more, "number": page, "gateway": bool(settings.SMS_URL)}
    return render(request, "followups/outbox.html", context)


@requires(permissions.VIEW)
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Who is kept in touch with, the next contact first."""
    asked = request.GET.get("state", "")
    state = asked if asked in PlanState.values else PlanState.RUNNING
    page = forms.number_from(request.GET, "page", 1)
    found, more = selectors.plans(actor_of(request), state, page)
    names = case_names({plan.case_id for plan in found})
    keepers = display_names({plan.keeper_account_id for plan in found})
    rows = [
        {
            "plan": plan,
            "category": names.get(plan.case_id, ("", ""))[1],
            "keeper": keepers.get(plan.keeper_account_id, ""),
        }
        for plan in found
    ]
    context = {"rows": rows, "more": more, "number": page, "state": PlanState(state), "states": PlanState}
    return render(request, "followups/plans.html", context)


@requires(permissions.VIEW)
@require_GET
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan: its contacts, and what may be done with it."""
    actor = actor_of(request)
    found = selectors.plan_of(actor, plan_id)
    changes = actor.may(permissions.PLAN, found.organisation_id) or found.keeper_account_id == actor.account_id
    context = {
        "plan": found,
        "contacts": selectors.contacts_of(found),
        "keeper": display_names({found.keeper_account_id}).get(found.keeper_account_id, ""),
        "changes": changes and found.state != PlanState.ENDED,
        "keepers": holders(found.organisation_id, permissions.CALL, at=time.now()),
    }
    return render(request, "followups/plan.html", context)


@requires(permissions.PLAN)
@require_POST
def begin(request: HttpRequest, case_id: int) -> HttpResponse:
    """Begin to keep in touch."""
    made = services.begin_tracking(
        actor=actor_of(request), case_id=case_id, new=forms.plan_from(request.POST), at=time.now()
    )
    return redirect("followups:plan", made.pk)


_ACTS: dict[str, Callable[..., TrackingPlan]] = {
    "pause": services.pause_tracking,
    "resume": services.resume_tracking,
    "hand-over": services.hand_over_tracking,
    "end": services.end_tracking,
}
NAMES_OF_ACTS = tuple(_ACTS)


@requires(permissions.VIEW)
@require_POST
def change(request: HttpRequest, plan_id: int, name: str) -> HttpResponse:
    """Pause, go on, hand over, end."""
    given: dict[str, object] = {}
    if name in {"pause", "end"}:
        given["words"] = forms.words_from(request.POST, "words", 500)
    if name == "hand-over":
        given["account_id"] = forms.id_from(request.POST, "account")
    _ACTS[name](actor=actor_of(request), plan_id=plan_id, at=time.now(), **given)
    return redirect("followups:plan", plan_id)
