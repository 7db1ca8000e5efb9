"""Pages over many orders: the wall, the hub, the supervised, and bulk work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.directory.models import Organisation
from qingting.directory.states import ClockKind
from qingting.orders import forms, permissions, selectors, services
from qingting.orders.models import BulkItem
from qingting.orders.states import BulkAct, BulkState
from qingting.orders.views.pages import rows_of
from qingting.staff.models import Account
from qingting.staff.selectors import holders

_PAGE_OF = {
    "case": "cases:case",
    "follow_up": "followups:follow-up",
    "handoff": "linkage:handoff",
    "complaint": "complaints:complaint",
}


@requires(permissions.VIEW)
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """What has run out and what will within a day, of everybody below."""
    at = time.now()
    running, counts = selectors.wall(actor_of(request), at=at)
    rows = [
        {
            "clock": one.clock,
            "label": ClockKind(one.clock.kind).label if one.clock.kind in ClockKind.values else one.clock.kind,
            "house": one.house,
            "order": one.order,
            "page": _PAGE_OF.get(one.clock.subject_kind, ""),
            "late": one.clock.due_at <= at,
        }
        for one in running
    ]
    return render(request, "orders/wall.html", {"rows": rows, "counts": counts})


@requires(permissions.VIEW)
@require_GET
def hub(request: HttpRequest) -> HttpResponse:
    """The load of every organisation below, and of the people of one of them."""
    actor, at = actor_of(request), time.now()
    chosen = forms.number_from(request.GET, "house", 0)
    house = Organisation.objects.filter(pk=chosen, pk__in=actor.scope.organisations).first()
    loads = selectors.load_of_houses(actor, at=at)
    context = {
        "loads": loads,
        "most": max([load.total for load in loads], default=0) or 1,
        "house": house,
        "people": selectors.load_of_people(actor, house.pk, at=at) if house else [],
    }
    return render(request, "orders/hub.html", context)


@requires(permissions.VIEW)
@require_GET
def supervised(request: HttpRequest) -> HttpResponse:
    """The list of supervision."""
    orders = selectors.supervised(actor_of(request))
    houses = selectors.names_of({order.supervised_by_organisation_id or 0 for order in orders})
    rows = [
        {**row, "listed_by": houses.get(order.supervised_by_organisation_id or 0, "")}
        for row, order in zip(rows_of(orders), orders, strict=True)
    ]
    return render(request, "orders/supervised.html", {"rows": rows})


@requires(permissions.VIEW)
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """From ticked orders to a plan that is looked at first."""
    actor = actor_of(request)
    order_ids = [int(word) for word in request.POST.getlist("order") if word.isascii() and word.isdigit()][:1000]
    bulk = services.plan_bulk(actor=actor, order_ids=order_ids, new=forms.bulk_from(request.POST), at=time.now())
    return redirect("orders:bulk", bulk.pk)


@requires(permissions.VIEW)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Orders to tick, and what shall be done with them."""
    actor, house = actor_of(request), forms.number_from(request.GET, "house", 0)
    box = request.GET.get("box", "all")
    orders = selectors.open_orders(actor, house=house, person=forms.number_from(request.GET, "person", -1), box=box)
    everybody = holders(actor.organisation_id, "orders.work", at=time.now())
    context = {
        "rows": rows_of(orders),
        "house": selectors.names_of({house}).get(house, ""),
        "acts": BulkAct.choices,
        "groups": forms.handler_groups(actor.province, actor.province),
        "colleagues": list(everybody.values_list("pk", "display_name")),
        "plans": selectors.bulks(actor)[:5],
    }
    return render(request, "orders/choose.html", context)


@requires(permissions.VIEW)
@require_GET
def bulk(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """A plan: what would be done, how far it is, what came of it."""
    actor = actor_of(request)
    found = selectors.bulk_of(actor, bulk_id)
    items = list(BulkItem.objects.filter(bulk=found).select_related("order").order_by("order__number"))
    houses = {item.order.handler_organisation_id or 0 for item in items} | {found.handler_organisation_id or 0}
    names = selectors.names_of(houses)
    person = Account.objects.filter(pk=found.account_id or 0).values_list("display_name", flat=True).first()
    ready = [item for item in items if item.state != "REFUSED"]
    over = [item for item in items if item.state not in {"WAITING", "REFUSED"}]
    undoing = found.state in {BulkState.UNDOING, BulkState.UNDONE}
    context = {
        "bulk": found,
        "items": [(item, names.get(item.order.handler_organisation_id or 0, "")) for item in items],
        "goal": names.get(found.handler_organisation_id or 0, "") or person or found.target_number,
        "ready": len(ready),
        "refused": len(items) - len(ready),
        "over": len([item for item in over if item.state in {"UNDONE", "KEPT"}]) if undoing else len(over),
        "total": len(items),
        "running": found.state in {BulkState.RUNNING, BulkState.UNDOING},
        "may_undo": found.state == BulkState.DONE and found.act != BulkAct.REMIND and bool(over),
    }
    return render(request, "orders/bulk.html", context)


@requires(permissions.VIEW)
@require_POST
def confirm(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Run the plan."""
    services.confirm_bulk(actor=actor_of(request), bulk_id=bulk_id, at=time.now())
    return redirect("orders:bulk", bulk_id)


@requires(permissions.VIEW)
@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Take it back."""
    services.undo_bulk(actor=actor_of(request), bulk_id=bulk_id, at=time.now())
    return redirect("orders:bulk", bulk_id)
