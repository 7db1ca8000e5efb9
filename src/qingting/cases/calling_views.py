"""The panel on a case, at the seat and in a crisis, from which 110, 120 or a guardian is called."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from qingting.cases import calling, permissions, selectors
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.incoming import whole_number
from qingting.telephony.permissions import TALK
from qingting.telephony.selectors import my_calls


@requires(permissions.VIEW)
@require_GET
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Whom there is to call, and what came of the calls made."""
    actor = actor_of(request)
    case = selectors.case_of(actor, case_id)
    may = calling.may_call(actor, case)
    context = {
        "case": case,
        "may_call": may,
        "choices": calling.choices(case) if may else [],
        "joins": calling.call_about(actor, case) if may else None,
        "busy": may and my_calls(actor).exists(),
        "tried": calling.tried(case) if actor.may(TALK, case.organisation_id) else [],
    }
    return render(request, "cases/calling.html", context)


@requires(TALK)
@require_POST
def call(request: HttpRequest, case_id: int) -> HttpResponse:
    """POST {party, joins?, confirmed?}: ring one's own seat, then them; or bring them into the call in hand. 202, and the
    result comes by push."""
    joins = request.POST.get("joins", "")
    act = calling.call_outside(
        actor=actor_of(request),
        case_id=case_id,
        party=request.POST.get("party", ""),
        joins=whole_number(joins) or None,
        confirmed=request.POST.get("confirmed") == "on",
        at=time.now(),
    )
    return JsonResponse({"id": str(act.id)}, status=202)
