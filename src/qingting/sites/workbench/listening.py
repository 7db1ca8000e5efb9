"""Listening in to a call (静默旁听): who is there and asked, whom one may ask, and the page of an invitation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from qingting.contacts.permissions import VIEW as VIEW_CONTACTS
from qingting.contacts.selectors import contact_for_call
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.duty.selectors import at_seats
from qingting.staff.selectors import display_names
from qingting.telephony import permissions, selectors, services
from qingting.telephony.states import IN_HAND


@requires(permissions.TALK)
@require_GET
def listeners(request: HttpRequest, call_id: int) -> HttpResponse:
    """Who listens, who is asked, and what this person can do about it, as a fragment for any page about the call."""
    actor = actor_of(request)
    call = selectors.call_for(actor, call_id)
    there = {leg.account_id for leg in selectors.legs_of(call)}
    asked = selectors.invited_to(call)
    seats = {presence.account_id for presence in at_seats(actor)} - there - set(asked) - {actor.account_id}
    reachable = {account for account in seats if selectors.seat_telephone(account) is not None}
    names = display_names(reachable | set(asked))
    own = actor.account_id in there
    context = {
        "call": call,
        "in_hand": call.state in IN_HAND,
        "asked": [names.get(account, "") for account in asked if account != actor.account_id],
        "invited": selectors.open_invitation(actor.account_id, call) is not None,
        "colleagues": sorted(((pk, names.get(pk, "")) for pk in reachable), key=lambda pair: pair[1]),
        "may_invite": call.account_id == actor.account_id or actor.may(permissions.LEAD),
        "may_lead": actor.may(permissions.LEAD) and not own,
    }
    return render(request, "workbench/telephone/listeners.html", context)


@requires(permissions.TALK)
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """GET: who asks, and what listening in means; coming is a button of the page. POST: not now."""
    actor = actor_of(request)
    asked = selectors.invitation_to(actor, invitation_id)
    if request.method == "POST":
        services.decline_to_listen(actor=actor, invitation_id=invitation_id, at=time.now())
        return redirect("workbench:listen-invitation", invitation_id)
    open_now = selectors.open_invitation(actor.account_id, asked.call) is not None
    seen = open_now or (asked.joined and asked.call.state in IN_HAND)
    context = {
        "invitation": asked,
        "call": asked.call,
        "name": display_names({asked.invited_by_account_id}).get(asked.invited_by_account_id, ""),
        "open": open_now,
        "contact": contact_for_call(actor, asked.call_id) if seen and actor.may(VIEW_CONTACTS) else None,
    }
    return render(request, "workbench/telephone/invitation.html", context)
