"""The seat's answer to 110, who asks to be brought into its call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.linkage import services
from qingting.linkage.selectors.joining import join_asked
from qingting.telephony.permissions import TALK
from qingting.telephony.selectors import call_for


@requires(TALK)
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, call_id: int) -> HttpResponse:
    """GET: {"asked": {mode, until} or null}, for a page that is loaded anew. POST: not now; 110 is told at once."""
    actor = actor_of(request)
    if request.method == "POST":
        services.decline_join(actor=actor, call_id=call_id, at=time.now())
        return HttpResponse(status=204)
    return JsonResponse({"asked": join_asked(call_for(actor, call_id, to_act=True), at=time.now())})
