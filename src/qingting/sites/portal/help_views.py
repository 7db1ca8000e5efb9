"""Reading for those who don't want to talk yet: articles by shelf or in one's own words, and where else there is help."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from qingting.core import time
from qingting.core.access import open_to_all
from qingting.core.addresses import client_address
from qingting.core.rate_limits import check_rate
from qingting.directory.selectors import categories
from qingting.knowledge import opening, selectors, services, shown
from qingting.knowledge.models import Article, Resource
from qingting.knowledge.states import Place
from qingting.screening.normalise import simplified
from qingting.sites.portal.templatetags.portal import spoken
from qingting.sites.portal.visiting import the_station

PUBLIC = "published knowledge, for anybody in need"


@open_to_all(PUBLIC)
@require_safe
def shelves(request: HttpRequest) -> HttpResponse:
    """What there is to read, by shelf; one shelf opened where the address names it."""
    station, at = the_station(), time.now()
    code = request.GET.get("shelf", "")[:40]
    context = {
        "marks": selectors.shelf_marks(station.id, at=at, language="" if _language() == "en" else "zh"),
        "shelf": categories().filter(code=code, parent=None).first() if code else None,
        "articles": selectors.on_shelf(station.id, at=at, category=code, language=_language())[:100] if code else [],
        "in_chinese": _chinese_beside(station.id, code, at),
    }
    return render(request, "portal/help/shelves.html", context)


def _language() -> str:
    """In which language articles are listed on this page."""
    return "en" if get_language() == "en" else "zh"


def _chinese_beside(organisation_id: int, code: str, at: datetime) -> list[Article]:
    """On an English page what the opened shelf holds in Chinese: more is written in it."""
    if get_language() != "en" or not code:
        return []
    return list(selectors.on_shelf(organisation_id, at=at, category=code, language="zh")[:100])


@open_to_all(PUBLIC)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """What fits somebody's own words. Posted, so that no word stands in an address."""
    at = time.now()
    check_rate("portal.search", client_address(request), limit=120, seconds=600, at=at)
    words = request.POST.get("words", "").strip()[:200]
    asked = selectors.Asked(simplified(words), page=get_language() or "")
    found = selectors.find(the_station().id, asked, at=at, most=5) if words else []
    return render(request, "portal/help/found.html", {"words": words, "found": found})


@open_to_all(PUBLIC)
@require_GET
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """One article, with the lines and places that belong to it."""
    station, at = the_station(), time.now()
    found = selectors.live_article(station.id, article_id, at=at)
    services.note_read(article_id=found.pk, place=Place.PORTAL, at=at)
    wanted = selectors.Wanted(category=found.category)
    context = {
        "article": found,
        "version": found.live_version,
        "blocks": shown.blocks(spoken(found.live_version.body) if found.live_version else ""),
        "places": [_place(row) for row in selectors.resources(station.id, at=at, wanted=wanted)[:6]],
    }
    return render(request, "portal/help/article.html", context)


@open_to_all(PUBLIC)
@require_POST
def feedback(request: HttpRequest, article_id: int) -> HttpResponse:
    """Whether it helped; counted, nothing else."""
    at = time.now()
    check_rate("portal.feedback", client_address(request), limit=30, seconds=600, at=at)
    found = selectors.live_article(the_station().id, article_id, at=at)
    helped = request.POST.get("helped") == "yes"
    services.note_feedback(article_id=found.pk, place=Place.PORTAL, helped=helped, at=at)
    return render(request, "portal/help/thanks.html", {"helped": helped})


@open_to_all(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """Lines and places, with when they are open; posted, so that no place stands in an address: those of one place, or open now."""
    station, at = the_station(), time.now()
    divisions = selectors.places_with_resources(station.id, at=at)
    asked = request.POST.get("place", "")
    place = asked if asked in {division.code for division in divisions} else ""
    rows = selectors.resources(station.id, at=at, wanted=selectors.Wanted(place=place))[:200]
    shown, open_now = [_place(row) for row in rows], bool(request.POST.get("open"))
    context = {
        "places": [each for each in shown if each["open"] or not open_now],
        "divisions": divisions,
        "place": place,
        "open_now": open_now,
    }
    return render(request, "portal/help/places.html", context)


def _place(row: Resource) -> dict[str, object]:
    hours = opening.in_words(row.hours)
    return {"row": row, "hours": hours, "open": opening.is_open(row.hours, time.now()), "dial": _dial(row.phone)}


def _dial(phone: str) -> str:
    """The number as a phone dials it."""
    return "".join(c for c in phone if c.isdigit() or c == "+")
