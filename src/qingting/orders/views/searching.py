"""The search page: one box and filters, saved views. What is typed may name a person, so it is posted and sealed."""

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.directory.states import Urgency
from qingting.orders import forms, permissions, selectors, services
from qingting.orders.selectors import Found, OrderQuery, Place
from qingting.orders.states import OrderKind, OrderState
from qingting.orders.views.pages import rows_of


def _word(query: OrderQuery, actor: Actor) -> str:
    return base64.urlsafe_b64encode(query.sealed(actor.account_id)).decode("ascii").rstrip("=")


def _query(word: str, actor: Actor) -> OrderQuery:
    try:
        sealed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return OrderQuery()
    return selectors.unsealed_query(sealed, actor.account_id)


def _address(query: OrderQuery, actor: Actor) -> str:
    return f"{reverse('orders:search')}?q={_word(query, actor)}"


@requires(permissions.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Ask (POST), and look at what was found (GET, with the query as a sealed word)."""
    actor = actor_of(request)
    if request.method == "POST":
        return redirect(_address(forms.query_from(request.POST), actor))
    query = _query(request.GET.get("q", ""), actor)
    page, error, after = Found([]), "", Place.parse(request.GET.get("after", ""))
    try:
        if query.asks:
            page = services.find_orders(actor=actor, query=query, at=time.now(), after=after)
    except Invalid as refusal:
        error = f"{refusal.message}{refusal.do_next}"
    context = {
        "query": query,
        "q": request.GET.get("q", "") if query.asks else "",
        "page": page,
        "further": after is not None,
        "rows": rows_of(page.orders),
        "error": error,
        "kept": [
            (view, _address(selectors.unsealed_query(bytes(view.asked_sealed), actor.account_id), actor))
            for view in selectors.saved_views(actor)
        ],
        "states": OrderState.choices,
        "kinds": OrderKind.choices,
        "levels": Urgency.choices,
        "categories": forms.category_groups(),
        "divisions": forms.place_groups(actor),
    }
    return render(request, "orders/search.html", context, status=422 if error else 200)


@requires(permissions.VIEW)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep this search under a name."""
    actor = actor_of(request)
    query = _query(request.POST.get("q", ""), actor)
    services.save_view(actor=actor, name=forms.words_from(request.POST, "name", 60), query=query, at=time.now())
    return redirect(_address(query, actor))


@requires(permissions.VIEW)
@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a kept search."""
    services.drop_view(actor=actor_of(request), view_id=view_id, at=time.now())
    return redirect("orders:search")
