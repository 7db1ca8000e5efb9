"""Doing: one address for every act of the table; the page is drawn anew, so that a refusal leaves what was typed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from qingting.chains import forms, selectors, services
from qingting.chains.permissions import VIEW
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.linkage.permissions import OPERATE
from qingting.linkage.services import send_shared_again


@requires(VIEW)
@require_POST
def act(request: HttpRequest, chain_id: int, code: str) -> HttpResponse:
    """Any act of one's own party; which permission it takes, the service knows."""
    services.act(actor=actor_of(request), chain_id=chain_id, code=code, said=forms.said(request.POST), at=time.now())
    return HttpResponseClientRefresh()


@requires(OPERATE)
@require_POST
def again(request: HttpRequest, chain_id: int, desk_id: int) -> HttpResponse:
    """再次发送 what the other house refused, after the cause was removed."""
    actor = actor_of(request)
    chain = selectors.chain_of(actor, chain_id)
    send_shared_again(actor=actor, desk_id=desk_id, matter_id=UUID(str(chain.chain_id)), at=time.now())
    return HttpResponseClientRefresh()
