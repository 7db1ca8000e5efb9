"""From a call that could not be spoken to the written talk: what the link of its text message opens.

Looking at it begins nothing, because telephones and mail programs look by themselves; a press does.
"""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qingting.chat import services as chat
from qingting.core import time
from qingting.core.access import actor_of, open_to_all
from qingting.core.actors import Actor
from qingting.core.addresses import client_address
from qingting.core.rate_limits import check_rate
from qingting.duty.states import Skill
from qingting.sites.portal.visiting import welcome
from qingting.telephony import services as telephony
from qingting.telephony.states import IN_HAND


@open_to_all("a seeker needs no account; a signed link that opens one talk, once, and shows nothing of the call")
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET: what is kept confidential. POST: the talk begins, with the counsellor of the call where they still telephone.

    Where the link is too old, used or not ours, the same pages open a talk of their own: nobody is turned away.
    """
    check_rate("portal.start", client_address(request), limit=30, seconds=600, at=time.now())
    if request.method == "GET":
        leads = telephony.leads_to_call(token=token, at=time.now())
        return render(request, "portal/chat_entrance.html", {"token": token}) if leads else redirect("portal:chat")

    def begin() -> HttpResponse:
        _write_instead(actor_of(request), token)
        return redirect("portal:talk")

    return welcome(request, begin)


@transaction.atomic
def _write_instead(actor: Actor, token: str) -> None:
    at = time.now()
    conversation = chat.start_conversation(actor=actor, skill=Skill.PSYCHOLOGY, at=at)
    words = {"conversation_id": conversation.id, "organisation_id": conversation.organisation_id}
    call = telephony.join_text_talk(token=token, at=at, **words)
    if call is not None and call.account_id and call.state in IN_HAND:
        chat.place_with(conversation=conversation, account_id=call.account_id, at=at)
