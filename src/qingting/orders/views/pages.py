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
from qingting.orders.models import CoHandler, WorkOrder
from qingting.orders.states import HANDLER, MOVES, ORIGIN, REVIEWER, REVIEWER_MAY_KEEP, Box, Move, OrderKind, OrderState
from qingting.staff.models import Account
from qingting.staff.services import mark_seen

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
        "rows": rows_of(page.orders),
        "urgency": urgency if urgency in Urgency.values else "",
        "query": f"box={box}" + (f"&urgency={urgency}" if urgency in Urgency.values else ""),
        "now": time.now(),
    }
    return render(request, "orders/list.html", context)


def rows_of(orders: list[WorkOrder]) -> list[dict[str, object]]:
    """What a list shows of each order."""
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
    helpers = selectors.co_handlers_of(order)
    leads = {order.organisation_id, order.handler_organisation_id or 0, order.reviewer_organisation_id or 0}
    houses = selectors.names_of(leads | {helper.helper_organisation_id for helper in helpers})
    moves = selectors.acts_open_to(actor, order, at=time.now())
    return {
        "order": order,
        "deadlines": selectors.deadlines_of(order, at=time.now()),
        "front": [move for move in moves if _stands_in_front(order, move)],
        "further": [move for move in moves if not _stands_in_front(order, move)],
        "moves": moves,
        "choices": _choices(actor, order, moves, helpers, houses),
        "origin": houses.get(order.organisation_id, ""),
        "handler": houses.get(order.handler_organisation_id or 0, ""),
        "reviewer": houses.get(order.reviewer_organisation_id or 0, ""),
        "helpers": [(houses.get(helper.helper_organisation_id, ""), helper.done_at) for helper in helpers],
        "asks": selectors.open_asks(order).values(),
        "handled_by": _person(order.handler_account_id),
        "related": selectors.related(actor, order),
        "lines": selectors.timeline(actor, order.pk),
        "steps": _steps(order),
        "waits_for": _waits_for(order, houses),
    }


def _stands_in_front(order: WorkOrder, move: Move) -> bool:
    """Whether a button is shown at once: also sending on what came back, which is the reviewer's usual answer."""
    return move.prominent or (move.act == "reassign" and order.state in REVIEWER_MAY_KEEP)


def _choices(
    actor: Actor, order: WorkOrder, moves: list[Move], helpers: list[CoHandler], houses: dict[int, str]
) -> dict[str, object]:
    """What the forms of the open acts let one choose from."""
    wanted = {field for move in moves for field in move.form}
    acts = {move.act for move in moves}
    asks_where = bool(wanted & {"handler", "organisation"})
    asked = {"kind": order.kind, "urgency": order.urgency, "division": order.division}
    first = selectors.terms_for(order.case, **asked, at=time.now()).handler if "dispatch" in acts else None
    anywhere = forms.handler_groups(order.division, order.province, first) if asks_where else []
    return {
        "anywhere": anywhere,
        "below": forms.groups_below(actor, order) if "reassign" in acts else [],
        "colleagues": selectors.colleagues(order, at=time.now()) if "account" in wanted else [],
        "helpers": [(row.helper_organisation_id, houses.get(row.helper_organisation_id, "")) for row in helpers],
        "twins": selectors.twins(actor, order) if "target" in wanted else [],
        "kinds": OrderKind.choices,
    }


def _person(account_id: int | None) -> str:
    return Account.objects.filter(pk=account_id or 0).values_list("display_name", flat=True).first() or ""


_ROAD = [
    (OrderState.DRAFTED, "派单"),
    (OrderState.DISPATCHED, "接单"),
    (OrderState.IN_PROGRESS, "办理"),
    (OrderState.SUBMITTED, "审核"),
    (OrderState.FINISHED, "回访评价"),
    (OrderState.SIGNED_OFF, "销号"),
]
_STANDS_AT = {
    OrderState.RETURNED: OrderState.DRAFTED,
    OrderState.OBJECTED: OrderState.DISPATCHED,
    OrderState.GIVEN_BACK: OrderState.IN_PROGRESS,
    OrderState.PAUSED: OrderState.IN_PROGRESS,
}


def _steps(order: WorkOrder) -> list[tuple[str, str]]:
    """The road of an order: (label, `done`, `now` or ``). A returned one stands before its next dispatch."""
    if order.state in {OrderState.CANCELLED, OrderState.MERGED}:
        return []
    states = [state for state, _ in _ROAD]
    here = states.index(_STANDS_AT.get(OrderState(order.state), OrderState(order.state)))
    over = order.state == OrderState.SIGNED_OFF
    return [
        (label, "done" if place < here or over else "now" if place == here else "")
        for place, (_, label) in enumerate(_ROAD)
    ]


_NEXT = {
    OrderState.DISPATCHED: HANDLER,
    OrderState.IN_PROGRESS: HANDLER,
    OrderState.PAUSED: HANDLER,
    OrderState.OBJECTED: REVIEWER,
    OrderState.GIVEN_BACK: REVIEWER,
    OrderState.SUBMITTED: REVIEWER,
    OrderState.RETURNED: ORIGIN,
    OrderState.DRAFTED: ORIGIN,
}


def _waits_for(order: WorkOrder, houses: dict[int, str]) -> str:
    """Who has to act next, in words."""
    by = _NEXT.get(OrderState(order.state))
    return houses.get(selectors.party(order, by) or 0, "") if by else ""


@requires(permissions.VIEW)
@require_GET
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: what is asked, for whom, until when, and what may be done now."""
    actor = actor_of(request)
    found = selectors.order_of(actor, order_id)
    mark_seen(actor=actor, subject=("order", found.pk), at=time.now())
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
    "object": services.object_to,
    "uphold": services.uphold,
    "sustain": services.sustain,
    "reassign": services.reassign,
    "assign": services.assign,
    "cancel": services.cancel,
    "remind": services.remind,
    "merge": services.merge,
    "unmerge": services.unmerge,
    "split": services.split,
    "progress": services.record_progress,
    "submit": services.submit,
    "give_back": services.give_back,
    "hand_again": services.hand_again,
    "add_co_handler": services.add_co_handler,
    "remove_co_handler": services.remove_co_handler,
    "co_done": services.co_done,
    "sub_order": services.sub_order,
    "ask_extension": services.ask_extension,
    "grant_extension": services.grant_extension,
    "decline_extension": services.decline_extension,
    "ask_pause": services.ask_pause,
    "grant_pause": services.grant_pause,
    "decline_pause": services.decline_pause,
    "resume": services.resume,
    "send_back": services.send_back,
    "approve": services.approve,
    "supervise": services.supervise,
    "lift_supervision": services.lift_supervision,
    "reopen": services.reopen,
}
NAMES_OF_ACTS = tuple(sorted(_SERVICES, key=len, reverse=True))


@requires(permissions.VIEW)
@require_POST
def act(request: HttpRequest, order_id: int, name: str) -> HttpResponse:
    """Do one act with the words given; the service checks the right to it."""
    actor, move = actor_of(request), MOVES[name]
    given = forms.given_for(move, request.POST)
    done = _SERVICES[name](actor=actor, order_id=order_id, at=time.now(), **given)
    made = f"：{done.number}" if done.pk != order_id else ""
    return _after(request, actor, order_id, f"已{move.label}{made}")


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


def _terms(case: Case, kind: str) -> selectors.Terms:
    return selectors.terms_for(case, kind=kind, urgency=case.urgency, division=case.division, at=time.now())


def _panel(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    rights = (permissions.DRAFT, permissions.DISPATCH)
    own = case.organisation_id == actor.organisation_id
    sends = own and case.state == CaseState.OPEN and all(actor.may(right) for right in rights)
    orders = selectors.orders_of_case(actor, case.pk)
    kind = OrderKind.CRISIS if case.urgency == Urgency.CRITICAL else _KIND_FOR.get(case.category.split("_")[0], "")
    terms = _terms(case, kind) if sends else selectors.Terms()
    context = {
        "case": case,
        "rows": rows_of(orders),
        "sends": sends,
        "groups": forms.handler_groups(case.division, case.province, terms.handler) if sends else [],
        "terms": terms,
        "kinds": OrderKind.choices,
        "kind": kind,
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
