"""The safety plan: written at the workbench with the young person, read by them on a private page or on paper."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qingting.chat import services as chat
from qingting.chat.models import Conversation
from qingting.chat.states import ConversationState
from qingting.contacts.selectors import contact_of
from qingting.core import time
from qingting.core.access import actor_of, open_to_all, requires
from qingting.core.addresses import client_address
from qingting.core.rate_limits import check_rate
from qingting.risk import selectors, services
from qingting.risk.permissions import ASSESS
from qingting.risk.states import PLAN_STEPS

TRIES, PER_SECONDS = 60, 600


@requires(ASSESS)
def plan(request: HttpRequest, contact_id: int) -> HttpResponse:
    """GET: the plan to write on. POST: a new version."""
    actor, at = actor_of(request), time.now()
    if request.method == "POST":
        steps = {name: request.POST.get(name, "") for name in PLAN_STEPS}
        services.write_plan(actor=actor, contact_id=contact_id, steps=steps, at=at)
        return redirect("risk:plan", contact_id)
    contact = contact_of(actor, contact_id)
    written, said = selectors.plan_words(actor, contact_id, at=at)
    token = selectors.plan_token(written) if written else ""
    talk = Conversation.objects.filter(pk=contact.conversation_id or 0, account_id=actor.account_id)
    context = {
        "contact": contact,
        "plan": written,
        "steps": [(name, title, hint, said.get(name, "")) for name, (title, hint) in PLAN_STEPS.items()],
        "link": request.build_absolute_uri(reverse("safety-plan", args=[token])) if token else "",
        "may_send": talk.filter(state=ConversationState.ACTIVE).exists(),
    }
    return render(request, "risk/plan.html", context)


@requires(ASSESS)
@require_POST
def share(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Open the private page, close it, or send its link into the talk."""
    actor, at, act = actor_of(request), time.now(), request.POST.get("act", "")
    if act == "stop":
        services.stop_sharing(actor=actor, contact_id=contact_id, at=at)
        return redirect("risk:plan", contact_id)
    shared = services.share_plan(actor=actor, contact_id=contact_id, at=at)
    if act == "send":
        address = request.build_absolute_uri(reverse("safety-plan", args=[selectors.plan_token(shared)]))
        contact = contact_of(actor, contact_id)
        text = f"这是我们一起写的安全计划，只有拿到这个链接的人能看：{address}"
        key = f"plan-{shared.pk}-{secrets.token_hex(4)}"
        chat.post_message(actor=actor, conversation_id=contact.conversation_id or 0, text=text, client_key=key, at=at)
    return redirect("risk:plan", contact_id)


@open_to_all("whoever holds the link; it carries 192 random bits")
@require_GET
def private(request: HttpRequest, token: str) -> HttpResponse:
    """The young person's own page. It keeps nothing on the device and names nobody in its title."""
    check_rate("safety-plan", client_address(request), limit=TRIES, seconds=PER_SECONDS, at=time.now())
    said = selectors.plan_behind(token, at=time.now())
    if said is None:
        return render(request, "risk/plan_over.html", status=404)
    steps = [(title, said[name]) for name, (title, _hint) in PLAN_STEPS.items() if said.get(name)]
    return render(request, "risk/plan_private.html", {"steps": steps})
