"""The state of the lines: the banner over every page, and the operations page."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.time import human_duration
from qingting.linkage import selectors, services
from qingting.linkage.models import Desk
from qingting.linkage.permissions import OPERATE, VIEW
from qingting.linkage.states import Manner


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
    at, found = time.now(), selectors.desks(actor_of(request))
    by_hand = [desk for desk in found if desk.manner != Manner.WIRE]
    context = {
        "rows": [_on_the_wire(desk, at) for desk in found if desk.manner == Manner.WIRE],
        "by_hand": _by_hand(by_hand, at),
        "strangers": selectors.refused_strangers(),
    }
    fragment = request.headers.get("HX-Request") is not None
    return render(request, "linkage/desk_rows.html" if fragment else "linkage/desks.html", context)


def _on_the_wire(desk: Desk, at: datetime) -> dict[str, object]:
    queue = selectors.queue_of(desk)
    age = queue.age(at)
    return {
        "desk": desk,
        "name": selectors.partner_name(desk),
        "queue": queue,
        "oldest": human_duration(age) if age else "",
        "trouble": selectors.trouble_with(desk, at),
        "stuck": selectors.stuck_handoffs(desk) if queue.refused else [],
        "refusals": selectors.refused_at_the_door(desk),
    }


def _by_hand(desks: list[Desk], at: datetime) -> list[dict[str, object]]:
    """Desks whose people answer on their page or by letter: what waits there, whoever waits longest first."""
    waiting = selectors.unanswered_at(desks)
    rows = []
    for desk in sorted(desks, key=lambda desk: waiting.get(desk.pk, (0, at))[1]):
        count, oldest = waiting.get(desk.pk, (0, at))
        age = human_duration(at - oldest) if count else ""
        rows.append({"desk": desk, "name": selectors.partner_name(desk), "waiting": count, "oldest": age})
    return rows


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
