"""The panel of a case: before the click what will be sent, afterwards how it stands."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.time import local
from qingting.directory.models import LinkageItem
from qingting.directory.selectors import linkage_items
from qingting.directory.states import Direction, ItemClass, Urgency
from qingting.linkage import known, rules, selectors, services
from qingting.linkage.disclosure import Line, Wish, handoff_body, in_words
from qingting.linkage.forms import HandOffForm, WordsForm
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import HAND_OFF, VIEW
from qingting.linkage.states import OPEN, CancelReason, HandoffState, Outcome
from qingting.linkage.views.shown import shown

Groups = list[tuple[str, list[LinkageItem]]]


@requires(VIEW)
@require_GET
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """The linkage panel of a case, as a fragment."""
    actor = actor_of(request)
    return _panel(request, actor, case_of(actor, case_id))


def _panel(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    at = time.now()
    handoffs = [shown(actor, handoff) for handoff in selectors.handoffs_of(actor, case.pk)]
    context: dict[str, Any] = {
        "case": case,
        "handoffs": handoffs,
        "reports": selectors.reports_of(actor, case.pk),
        "line": selectors.link_view(case.province, at=at),
        "in_hand": any(_in_hand(entry.row) for entry in handoffs),
        "cancel_reasons": CancelReason.choices,
        "outcomes": Outcome.choices,
        "at": at,
    }
    if actor.may(HAND_OFF, case.organisation_id):
        context |= _offer(actor, case, at)
    part = request.method == "POST" or "part" in request.GET
    return render(request, "linkage/panel_body.html" if part else "linkage/panel.html", context)


def _after_acting(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    """The panel's content after an act. The page fetches it once more: what 110 answered meanwhile may be newer."""
    return trigger_client_event(_panel(request, actor, case), "linkage-changed", after="settle")


def _in_hand(handoff: Handoff) -> bool:
    """Whether 110 has this matter or had it: then the button steps back behind what runs."""
    outward = handoff.direction == Direction.TO_POLICE
    return outward and handoff.state in OPEN | {HandoffState.COMPLETED}


def _offer(actor: Actor, case: Case, at: datetime) -> dict[str, Any]:
    """What the form before the click shows: the list, the proposed item, and what would be sent."""
    try:
        items = list(linkage_items(case.province, Direction.TO_POLICE, on=at))
    except DomainError as refusal:
        return {"refusal": refusal}
    assessment = known.latest_assessment(actor, case)
    proposed = assessment.proposed_item if assessment else None
    chosen = next((item for item in items if item.number == proposed), None)
    phone = known.phone_of(case)
    with_phone = bool(phone) and (chosen is None or chosen.urgency == Urgency.CRITICAL)
    return {
        "groups": _grouped(items),
        "assessment": assessment,
        "proposed": proposed,
        "phone_tail": phone.tail if phone else "",
        "with_phone": with_phone,
        "preview": _lines(actor, case, chosen, Wish(with_phone=with_phone), at) if chosen else [],
    }


def _grouped(items: list[LinkageItem]) -> Groups:
    return [
        (str(label), [item for item in items if item.item_class == code])
        for code, label in ItemClass.choices
        if any(item.item_class == code for item in items)
    ]


def _lines(
    actor: Actor, case: Case, item: LinkageItem, wish: Wish, at: datetime, *, reveal: bool = False
) -> list[Line]:
    """The handoff's body in words, as it would be sent now; where the person is only when asked for."""
    facts = known.facts_of(actor, case, with_phone=wish.with_phone, at=at, look="full" if reveal else "outline")
    return in_words(handoff_body(item, facts, wish, (local(at) + rules.RETENTION).date()))


@requires(HAND_OFF)
@require_GET
def preview(request: HttpRequest, case_id: int) -> HttpResponse:
    """What would be sent with the choices made so far, as a fragment. `full=1` shows the whereabouts (journalled)."""
    actor, at = actor_of(request), time.now()
    case = case_of(actor, case_id)
    form = HandOffForm(request.GET)
    if not form.is_valid():
        return render(request, "linkage/preview.html", {"case": case, "preview": []})
    item = selectors.item_of(case, form.cleaned_data["item"], at=at)
    full = "full" in request.GET
    lines = _lines(actor, case, item, form.wish(), at, reveal=full)
    return render(request, "linkage/preview.html", {"case": case, "preview": lines, "full": full})


@transaction.non_atomic_requests
@requires(HAND_OFF)
@require_POST
def hand_off(request: HttpRequest, case_id: int) -> HttpResponse:
    """一键流转. The service commits by itself, so that the message is on its way before the panel is drawn."""
    actor = actor_of(request)
    form = HandOffForm(request.POST)
    if not form.is_valid():
        raise Invalid("请先选择清单事项。", code="linkage.item.missing", do_next="选择一项后再流转。")
    number = form.cleaned_data["item"]
    services.hand_off(actor=actor, case_id=case_id, item_number=number, wish=form.wish(), at=time.now())
    with transaction.atomic():
        return _after_acting(request, actor, case_of(actor, case_id))


def _words(request: HttpRequest) -> WordsForm:
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise Invalid("内容太长了。", code="linkage.words-too-long", do_next="请控制在2000字以内。")
    return form


def _again(request: HttpRequest, handoff: Handoff) -> HttpResponse:
    if handoff.case is None:
        return HttpResponse(status=204)
    return _after_acting(request, actor_of(request), handoff.case)


@requires(HAND_OFF)
@require_POST
def supplement(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """补充情况."""
    said = _words(request).cleaned_data
    return _again(
        request,
        services.send_supplement(actor=actor_of(request), handoff_id=handoff_id, words=said["words"], at=time.now()),
    )


@requires(VIEW)
@require_POST
def send_again(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """再次发送 what the other desk's system refused."""
    actor = actor_of(request)
    return _again(request, services.send_again(actor=actor, handoff_id=handoff_id, at=time.now()))


@requires(HAND_OFF)
@require_POST
def cancel(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """撤回流转."""
    said = _words(request).cleaned_data
    handoff = services.cancel_handoff(
        actor=actor_of(request),
        handoff_id=handoff_id,
        reason=said["code"],
        words=said["words"],
        at=time.now(),
    )
    return _again(request, handoff)


@requires(HAND_OFF)
@require_POST
def confirm(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """电话核实民警已见到本人."""
    said = _words(request).cleaned_data
    return _again(
        request,
        services.confirm_reached(actor=actor_of(request), handoff_id=handoff_id, words=said["words"], at=time.now()),
    )
