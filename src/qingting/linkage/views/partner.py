"""The page for people of other organisations that have no system of their own: what was referred to them, and their answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.linkage import selectors, services
from qingting.linkage.disclosure import in_words
from qingting.linkage.forms import AnswerForm
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import ANSWER
from qingting.linkage.states import OPEN, Outcome, RejectionReason, Stage
from qingting.linkage.views.shown import shown_to_partner

PAGE = 20


@requires(ANSWER)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What was referred to us: what waits for 签收 first, what is over last."""
    actor = actor_of(request)
    page = selectors.partner_page(actor, request.GET.get("page", "1"), PAGE)
    return render(request, "linkage/partner_list.html", {"page": page, "running": sorted(OPEN), "at": time.now()})


@requires(ANSWER)
@require_GET
def matter(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """One matter: what we were told, what was said so far, what we can do."""
    return _page(request, selectors.referral_to(actor_of(request), handoff_id))


def _page(request: HttpRequest, handoff: Handoff, *, clear: bool = False) -> HttpResponse:
    body = selectors.body_of(handoff)
    context = {
        "entry": shown_to_partner(handoff),
        "lines": in_words(body, clear=clear),
        "has_phone": any(person.get("phone") for person in body.get("persons", ())),
        "clear": clear,
        "stages": [choice for choice in Stage.choices if choice[0] in {"ON_SCENE", "OTHER"}],
        "outcomes": Outcome.choices,
        "rejections": RejectionReason.choices,
    }
    return render(request, "linkage/partner_matter.html", context)


@requires(ANSWER)
@require_POST
def contact(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """The same page with the telephone number in full; the journal hears of it."""
    handoff = services.look_at_contact(actor=actor_of(request), handoff_id=handoff_id, at=time.now())
    return _page(request, handoff, clear=True)


@requires(ANSWER)
@require_POST
def answer(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """签收, 退回, 进展, 结果 or 补充."""
    form = AnswerForm(request.POST)
    said = form.answer()
    services.answer_as_partner(actor=actor_of(request), handoff_id=handoff_id, answer=said, at=time.now())
    return redirect("linkage:partner-matter", handoff_id=handoff_id)
