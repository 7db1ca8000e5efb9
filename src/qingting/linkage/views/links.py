"""The state of the lines: the banner over every page, and the operations page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.time import human_duration
from qingting.linkage import selectors, services
from qingting.linkage.permissions import OPERATE, VIEW


def _line(request: HttpRequest) -> dict[str, object]:
    return {"line": selectors.link_view(actor_of(request).province, at=time.now())}


@requires(VIEW)
@require_GET
def banner(request: HttpRequest) -> HttpResponse:
    """Over every page while the line to 110 is down: what to do instead. Empty while all is well."""
    return render(request, "linkage/banner.html", _line(request))


@requires(VIEW)
@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """The same inside the panel of a case."""
    return render(request, "linkage/line.html", _line(request))


@requires(OPERATE)
@require_GET
def desks(request: HttpRequest) -> HttpResponse:
    """Lines, queues, the oldest that waits, the last sign of life."""
    at = time.now()
    rows = []
    for desk in selectors.desks(actor_of(request)):
        queue = selectors.queue_of(desk)
        age = queue.age(at)
        rows.append(
            {
                "desk": desk,
                "name": selectors.partner_name(desk),
                "queue": queue,
                "oldest": human_duration(age) if age else "",
                "quiet": (at - desk.last_answer_at).total_seconds() if desk.last_answer_at else None,
                "trouble": selectors.trouble_with(desk, at),
                "stuck": selectors.stuck_handoffs(desk) if queue.refused else [],
                "refusals": selectors.refused_at_the_door(desk),
            }
        )
    fragment = request.headers.get("HX-Request") is not None
    return render(request, "linkage/desk_rows.html" if fragment else "linkage/desks.html", {"rows": rows})


@requires(OPERATE)
@require_POST
def pause(request: HttpRequest, desk_id: int) -> HttpResponse:
    """暂停发送."""
    services.pause_desk(actor=actor_of(request), desk_id=desk_id, at=time.now())
    return HttpResponse(status=204)


@requires(OPERATE)
@require_POST
def resume(request: HttpRequest, desk_id: int) -> HttpResponse:
    """恢复发送."""
    services.resume_desk(actor=actor_of(request), desk_id=desk_id, at=time.now())
    return HttpResponse(status=204)


@requires(OPERATE)
@require_POST
def replay(request: HttpRequest, desk_id: int) -> HttpResponse:
    """重新核对."""
    services.replay_desk(actor=actor_of(request), desk_id=desk_id, at=time.now())
    return trigger_client_event(
        HttpResponse(status=204), "toast", {"text": "已开始与对方重新核对，已有的消息不会重复处理"}
    )
