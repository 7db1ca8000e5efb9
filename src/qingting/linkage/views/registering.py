"""登记对接方: entering another desk, or bringing it up to date."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.linkage import selectors, services
from qingting.linkage.forms import DeskForm
from qingting.linkage.permissions import OPERATE
from qingting.linkage.wire import own_party


@requires(OPERATE)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, desk_id: int = 0) -> HttpResponse:
    """The form for a new desk, or (`desk_id`) for a known one."""
    actor = actor_of(request)
    desk = selectors.desk_of(actor, desk_id) if desk_id else None
    form = DeskForm(request.POST or None, actor=actor, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            services.register_desk(desk=form.new_desk(), actor=actor, at=time.now())
            return redirect("linkage:desks")
        except Invalid as refusal:
            for name, why in refusal.fields.items():
                form.add_error(name if name in form.fields else None, why)
    context = {"form": form, "desk": desk, "ours": own_party()}
    return render(request, "linkage/register.html", context, status=422 if form.errors else 200)
