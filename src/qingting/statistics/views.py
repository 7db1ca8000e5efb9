"""The statistics page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.statistics import permissions, rules, selectors

PERIODS = (("today", "今天"), ("7", "近7天"), ("30", "近30天"))


@requires(permissions.VIEW)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Numbers, charts and tables of one period; the fragment alone when htmx asks for it again."""
    actor, name = actor_of(request), request.GET.get("period", "7")
    given = {"first": request.GET.get("from", ""), "last": request.GET.get("to", "")}
    period = rules.period_of(name, rules.local_day(time.now()), **given)
    context = {
        "period": period,
        "chosen": name,
        "periods": PERIODS,
        "tiles": selectors.tiles(actor, period),
        "by_day": selectors.by_day(actor, period),
        "breakdowns": selectors.breakdowns(actor, period),
    }
    template = "statistics/numbers.html" if request.headers.get("HX-Target") == "numbers" else "statistics/home.html"
    return render(request, template, context)
