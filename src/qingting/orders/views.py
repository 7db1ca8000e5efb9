"""Pages of orders: the boxes, one order, and the panel that sends one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.selectors import names_of as names_of_case
from qingting.cases.states import CaseState
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.orders import forms, permissions, selectors, services
from qingting.orders.models import WorkOrder
from qingting.orders.states import HANDLER, MOVES, REVIEWER, Box, OrderKind, OrderState
from qingting.staff.models import Account

_KIND_FOR = {"PSYCHOLOGY": OrderKind.PSYCHOLOGY, "LEGAL": OrderKind.LEGAL, "RIGHTS": OrderKind.RIGHTS}


def _first_box(actor: Actor) -> str:
    """The box that matters to this person."""
    if actor.may(permissions.ACCEPT):
        return Box.TO_HANDLE
    return Box.TO_REVIEW if actor.may(permissions.REVIEW) and not actor.may(permissions.DRAFT) else Box.SENT


@requires(permissions.VIEW)
@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """The boxes, and the orders in the chosen one."""
    actor = actor_of(request)
    asked = request.GET.get("box", "")
    box = asked if asked in Box.values else _first_box(actor)
    urgency = request.GET.get("urgency", "")
    page = selectors.orders_list(actor, box, forms.number_from(request.GET, "page", 1), urgency)
    counts = selectors.box_counts(actor)
    context = {
        "box": Box(box),
        "boxes": [(entry, counts[entry.value]) for entry in Box],
        "page": page,
        "rows": _rows(page.orders),
        "query": f"box={box}" + (f"&urgency={urgency}" if urgency in Urgency.values else ""),
        "now": time.now(),
    }
    return render(request, "orders/list.html", context)


def _rows(orders: list[WorkOrder]) -> list[dict[str, object]]:
    cases = selectors.case_names({order.case_id for order in orders})
    houses = selectors.names_of({order.handler_organisation_id for order in orders if order.handler_organisation_id})
    return [
        {
            "order": order,
            "category": cases.get(order.case_id, ("", ""))[1],
            "handler": houses.get(order.handler_organisation_id or 0, ""),
            "late": order.due_at is not None and order.due_at < time.now(),
        }
        for order in orders
    ]


def _body(actor: Actor, order: WorkOrder) -> dict[str, object]:
    """What changes on the page of an order: state, deadlines, what may be done, what happened."""
    houses = selectors.names_of(
        {order.organisation_id, order.handler_organisation_id or 0, order.reviewer_organisation_id or 0}
    )
    moves = selectors.acts_open_to(actor, order)
    sends = any(move.act == "dispatch" for move in moves)
    return {
        "order": order,
        "deadlines": selectors.deadlines_of(order, at=time.now()),
        "moves": moves,
        "handlers": forms.handler_groups(order.division, order.province) if sends else [],
        "origin": houses.get(order.organisation_id, ""),
        "handler": houses.get(order.handler_organisation_id or 0, ""),
        "reviewer": houses.get(order.reviewer_organisation_id or 0, ""),
        "handled_by": _person(order.handler_account_id),
        "lines": selectors.timeline(actor, order.pk),
        "steps": _steps(order),
        "waits_for": _waits_for(order, houses),
    }


def _person(account_id: int | None) -> str:
    return Account.objects.filter(pk=account_id or 0).values_list("display_name", flat=True).first() or ""


_ROAD = [OrderState.DRAFTED, OrderState.DISPATCHED, OrderState.IN_PROGRESS, OrderState.SUBMITTED, OrderState.FINISHED]
_ROAD_LABELS = ["派单", "接单", "办理", "审核", "办结"]


def _steps(order: WorkOrder) -> list[tuple[str, str]]:
    """The road of an order: (label, `done`, `now` or ``). A returned one stands before its next dispatch."""
    if order.state == OrderState.CANCELLED:
        return []
    here = _ROAD.index(OrderState.DRAFTED if order.state == OrderState.RETURNED else OrderState(order.state))
    over = order.state == OrderState.FINISHED
    return [
        (label, "done" if place < here or over else "now" if place == here else "")
        for place, label in enumerate(_ROAD_LABELS)
    ]


def _waits_for(order: WorkOrder, houses: dict[int, str]) -> str:
    """Who has to act next, in words."""
    by = {
        OrderState.DISPATCHED: HANDLER,
        OrderState.IN_PROGRESS: HANDLER,
        OrderState.SUBMITTED: REVIEWER,
        OrderState.RETURNED: "origin",
        OrderState.DRAFTED: "origin",
    }.get(OrderState(order.state))
    return houses.get(selectors.party(order, by) or 0, "") if by else ""


@requires(permissions.VIEW)
@require_GET
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: what is asked, for whom, until when, and what may be done now."""
    actor = actor_of(request)
    found = selectors.order_of(actor, order_id)
    context = {
        **_body(actor, found),
        "names": names_of_case(found.case),
        "channel": f"order:{found.pk}",
        "sees_person": bool(found.case.seeker_id) and actor.may("seekers.view"),
        "sees_case": actor.may("cases.view"),
    }
    return render(request, "orders/order.html", context)


@requires(permissions.VIEW)
@require_GET
def body(request: HttpRequest, order_id: int) -> HttpResponse:
    """The live part of an order's page again."""
    actor = actor_of(request)
    return render(request, "orders/body.html", _body(actor, selectors.order_of(actor, order_id)))


_SERVICES: dict[str, Callable[..., WorkOrder]] = {
    "dispatch": services.dispatch,
    "accept": services.accept,
    "return": services.return_order,
    "progress": services.record_progress,
    "submit": services.submit,
    "send_back": services.send_back,
    "approve": services.approve,
    "cancel": services.cancel,
}
NAMES_OF_ACTS = tuple(MOVES)


@requires(permissions.VIEW)
@require_POST
def act(request: HttpRequest, order_id: int, name: str) -> HttpResponse:
    """Do one act with the words given; the service checks the right to it."""
    actor = actor_of(request)
    given: dict[str, object] = {"words": forms.words_from(request.POST, "words")}
    if name == "dispatch":
        given["handler_organisation_id"] = forms.number_from(request.POST, "handler", 0)
    if name == "accept":
        given = {}
    _SERVICES[name](actor=actor, order_id=order_id, at=time.now(), **given)
    return _after(request, actor, order_id, f"已{MOVES[name].label}")


def _after(request: HttpRequest, actor: Actor, order_id: int, toast: str) -> HttpResponse:
    """The page as it stands now; the list where the order went out of sight (a returned one)."""
    seen = selectors.visible_to(actor).select_related("case").filter(pk=order_id).first()
    target = reverse("orders:order", args=[order_id]) if seen else reverse("orders:list")
    if not request.headers.get("HX-Request"):
        return redirect(target)
    if seen is None:
        return HttpResponseClientRedirect(target)
    answer = trigger_client_event(render(request, "orders/body.html", _body(actor, seen)), "dialog:close", {})
    return trigger_client_event(answer, "toast", {"text": toast})


@requires(permissions.VIEW)
@require_GET
def draft_panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """The orders of a case, and the form that sends one."""
    actor = actor_of(request)
    return _panel(request, actor, case_of(actor, case_id))


def _panel(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    rights = (permissions.DRAFT, permissions.DISPATCH)
    own = case.organisation_id == actor.organisation_id
    sends = own and case.state == CaseState.OPEN and all(actor.may(right) for right in rights)
    orders = selectors.orders_of_case(actor, case.pk)
    context = {
        "case": case,
        "rows": _rows(orders),
        "sends": sends,
        "groups": forms.handler_groups(case.division, case.province) if sends else [],
        "kinds": OrderKind.choices,
        "kind": OrderKind.CRISIS if case.urgency == Urgency.CRITICAL else _KIND_FOR.get(case.category.split("_")[0]),
        "levels": Urgency.choices,
    }
    return render(request, "orders/panel.html", context)


@requires(permissions.DISPATCH)
@require_POST
def send(request: HttpRequest, case_id: int) -> HttpResponse:
    """Draft and dispatch in one go, then show the panel again."""
    actor = actor_of(request)
    sent = services.send_order(
        actor=actor,
        case_id=case_id,
        new=forms.new_order_from(request.POST),
        handler_organisation_id=forms.number_from(request.POST, "handler", 0),
        at=time.now(),
    )
    answer = _panel(request, actor, sent.case)
    return trigger_client_event(answer, "toast", {"text": f"已派单 {sent.number}"})
