"""What counsellors corrected: the list, one of them to decide on, and what has been kept."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qingting.chat.models import DangerSign
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.lexicon import forms, selectors, services
from qingting.lexicon.permissions import LABEL
from qingting.lexicon.services.labelling import Answer
from qingting.lexicon.states import RowState
from qingting.lexicon.views.home import tabs
from qingting.screening import level_label, type_label
from qingting.staff.selectors import display_names

MOST = 100


@requires(LABEL)
@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, without a word of it; and what has been kept."""
    actor = actor_of(request)
    rows = list(selectors.corrections(actor)[:MOST])
    kept = list(selectors.labelled(actor)[:MOST])
    names = display_names({row.corrected_by_account_id or 0 for row in rows})
    wrong = selectors.wrong_now(actor.organisation_id, kept)
    context = {
        "rows": [(row, names.get(row.corrected_by_account_id or 0, ""), said(row)) for row in rows],
        "kept": [
            (row, type_label(row.type) if row.type else "不是危险", level_label(row.level or None), row.pk in wrong)
            for row in kept
        ],
        "confirmed": sum(row.state == RowState.CONFIRMED for row in kept),
        **tabs(request),
    }
    return render(request, "lexicon/corrections.html", context)


def said(sign: DangerSign) -> str:
    """What the counsellor said of the machine's finding, in words."""
    if sign.why == "person":
        return f"漏看：{type_label(sign.type)}，{level_label(sign.level)}"
    now = level_label(None if sign.corrected_level == "NONE" else sign.corrected_level)
    return f"{type_label(sign.type)}：{level_label(sign.level)} → {now}"


@requires(LABEL)
def correction(request: HttpRequest, sign_id: int) -> HttpResponse:
    """One correction: its words, masked, to be checked by a person and kept or left."""
    if request.method == "POST":
        return _decided(request, sign_id)
    sign, text = services.read_correction(actor=actor_of(request), sign_id=sign_id, at=time.now())
    level = "" if sign.corrected_level == "NONE" else sign.corrected_level or sign.level
    return _form(request, sign, Answer(text, sign.type if level else "", level), {})


def _form(request: HttpRequest, sign: DangerSign, answer: Answer, errors: object) -> HttpResponse:
    context = {
        "sign": sign,
        "said": said(sign),
        "answer": answer,
        "errors": errors,
        "types": forms.types(answer.type),
        "levels": forms.levels(answer.level),
        **tabs(request),
    }
    return render(request, "lexicon/correction.html", context, status=422 if errors else 200)


def _decided(request: HttpRequest, sign_id: int) -> HttpResponse:
    actor, at = actor_of(request), time.now()
    if request.POST.get("act") == "dismiss":
        services.dismiss_correction(actor=actor, sign_id=sign_id, words=request.POST.get("words", ""), at=at)
    else:
        answer = Answer(*(request.POST.get(name, "") for name in ("text", "type", "level")))
        try:
            services.confirm_correction(actor=actor, sign_id=sign_id, answer=answer, at=at)
        except Invalid as error:
            return _form(request, selectors.correction_for(actor, sign_id), answer, error.fields)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("lexicon:corrections")
    return response


@requires(LABEL)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Confirmed rows as training rows: JSONL {"text", "type", "level"}, type and level null where harmless."""
    organisations = sorted(actor_of(request).scope.organisations)
    rows = selectors.confirmed_rows(organisations)
    lines = [{"text": row.text, "type": row.type or None, "level": row.level or None} for row in rows]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    response = HttpResponse(text, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="corrections.jsonl"'
    return response
