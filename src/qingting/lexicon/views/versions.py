"""One version: its lines and test sentences while it is written, its evaluation, the second person's decision."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.errors import Invalid
from qingting.core.incoming import whole_number
from qingting.lexicon import forms, measures, rules, selectors, services
from qingting.lexicon.models import LexiconVersion
from qingting.lexicon.permissions import APPROVE, PROPOSE, READ, SEE_WORDS
from qingting.lexicon.states import DAYS, VersionState
from qingting.lexicon.views.home import tabs
from qingting.screening import level_label, type_label
from qingting.staff.selectors import display_names


def to_version(version: LexiconVersion, toast: str = "") -> HttpResponse:
    """Back to the version's page, also under htmx."""
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("lexicon:version", args=[version.pk])
    return trigger_client_event(response, "toast", {"text": toast}) if toast else response


@requires(READ)
@require_GET
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """The whole page. ?against=<id>: compared with another version instead of the one it was drafted on."""
    found = selectors.version_for(actor_of(request), version_id)
    against = request.GET.get("against", "")
    other = selectors.version_for(actor_of(request), whole_number(against)) if whole_number(against) else None
    base = other if against else found.base
    context = {**_written(request, found, base), **_evaluated(request, found), **tabs(request)}
    others = [row for row in selectors.history(actor_of(request))[:20] if row.pk != found.pk and row.activated_at]
    return render(request, "lexicon/version.html", {**context, "others": others, "against": base, "compared": against})


def _written(request: HttpRequest, found: LexiconVersion, base: LexiconVersion | None) -> dict[str, Any]:
    actor, content = actor_of(request), selectors.content_of(found)
    mine = found.proposed_by_account_id == actor.account_id and actor.may(PROPOSE, found.organisation_id)
    drafting = mine and found.state == VersionState.DRAFT
    return {
        "version": found,
        "names": display_names({found.proposed_by_account_id, found.decided_by_account_id or 0}),
        "proposer": display_names({found.proposed_by_account_id}).get(found.proposed_by_account_id, ""),
        "decider": display_names({found.decided_by_account_id or 0}).get(found.decided_by_account_id or 0, ""),
        "lines": rules.difference(selectors.content_of(base), content),
        "tried": rules.tried(content),
        "mine": mine,
        "drafting": drafting,
        "may_decide": not mine and actor.may(APPROVE, found.organisation_id) and found.state == VersionState.WAITING,
        "classes": forms.word_classes() if drafting else [],
        "guards": forms.guard_places() if drafting else [],
        "types": forms.types() if drafting else [],
        "days": DAYS,
    }


def _evaluated(request: HttpRequest, found: LexiconVersion) -> dict[str, Any]:
    counts = selectors.shifts_by_kind(found)
    return {
        "table": list(measures.table(found.measures)),
        "groups": measures.groups_that_changed(found.measures),
        "changes": found.measures.get("changes", []),
        "wrong": [(row, type_label(row["type"]) if row["type"] else "") for row in found.measures.get("wrong", [])],
        "read": found.measures.get("traffic", {}).get("read", 0),
        "shifts": [(kind, label, counts.get(kind, 0)) for kind, label in measures.SHIFTS.items()],
        "may_see": actor_of(request).may(SEE_WORDS, found.organisation_id),
        "measuring": found.state == VersionState.MEASURING,
    }


@requires(READ)
@require_GET
def progress(request: HttpRequest, version_id: int) -> HttpResponse:
    """How far the evaluation is; when it is over the page is fetched anew."""
    found = selectors.version_for(actor_of(request), version_id)
    if found.state != VersionState.MEASURING:
        return to_version(found)
    return render(request, "lexicon/progress.html", {"version": found})


@requires(PROPOSE)
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a draft, or go on with the one that is in work."""
    actor = actor_of(request)
    return to_version(selectors.in_work(actor.organisation_id) or services.open_draft(actor=actor, at=time.now()))


@requires(PROPOSE)
@require_POST
def change(request: HttpRequest, version_id: int) -> HttpResponse:
    """One line more."""
    line = {name: request.POST.get(name, "") for name in ("kind", "place", "word", "act", "text", "type")}
    return to_version(
        services.change(actor=actor_of(request), version_id=version_id, line=line, at=time.now()), "已加入草稿"
    )


@requires(PROPOSE)
@require_POST
def take_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """One line less."""
    key = request.POST.get("key", "")
    return to_version(
        services.take_back(actor=actor_of(request), version_id=version_id, key=key, at=time.now()), "已去掉"
    )


@requires(PROPOSE)
def rule(request: HttpRequest, version_id: int, rule_id: str = "") -> HttpResponse:
    """The form of one rule, new or altered."""
    actor = actor_of(request)
    found = selectors.version_for(actor, version_id)
    before = rules.rule_in(selectors.content_of(found), rule_id) if rule_id else None
    if request.method == "POST":
        row = forms.rule_from(request.POST, before)
        try:
            services.change_rule(actor=actor, version_id=version_id, row=row, at=time.now())
        except Invalid as error:
            return _rule_form(request, found, row, before, error.fields)
        return to_version(found, "规则已加入草稿")
    return _rule_form(request, found, before or forms.EMPTY, before, {})


def _rule_form(
    request: HttpRequest,
    found: LexiconVersion,
    row: dict[str, Any],
    before: dict[str, Any] | None,
    errors: Any,
) -> HttpResponse:
    context = {
        "version": found,
        "values": forms.as_text(row),
        "errors": errors,
        "before": before,
        "types": forms.types(row["type"]),
        "levels": forms.levels(row["level"]),
        "strengths": forms.strengths(row["strength"]),
        "guards": forms.guards(row["guards"]),
        "classes": forms.word_classes(),
        **tabs(request),
    }
    return render(request, "lexicon/rule.html", context, status=422 if errors else 200)


@requires(PROPOSE)
@require_POST
def withdraw_rule(request: HttpRequest, version_id: int) -> HttpResponse:
    """Out of the draft with a rule."""
    rule_id = request.POST.get("rule", "")
    found = services.withdraw_rule(actor=actor_of(request), version_id=version_id, rule_id=rule_id, at=time.now())
    return to_version(found, "已列为停用")


@requires(PROPOSE)
@require_POST
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Have it measured."""
    days = request.POST.get("days", "")
    words = request.POST.get("words", "")
    found = services.submit(
        actor=actor_of(request),
        version_id=version_id,
        words=words,
        days=whole_number(days),
        at=time.now(),
    )
    return to_version(found)


@requires(PROPOSE)
@require_POST
def reopen(request: HttpRequest, version_id: int) -> HttpResponse:
    """Work on after a refusal."""
    return to_version(services.reopen(actor=actor_of(request), version_id=version_id, at=time.now()))


@requires(PROPOSE)
@require_POST
def withdraw(request: HttpRequest, version_id: int) -> HttpResponse:
    """Give it up."""
    return to_version(services.withdraw(actor=actor_of(request), version_id=version_id, at=time.now()), "已撤回")


@requires(APPROVE)
@require_POST
def decide(request: HttpRequest, version_id: int) -> HttpResponse:
    """The second person's word."""
    actor, words, at = actor_of(request), request.POST.get("words", ""), time.now()
    if request.POST.get("act") == "approve":
        return to_version(services.approve(actor=actor, version_id=version_id, words=words, at=at), "已启用")
    return to_version(services.send_back(actor=actor, version_id=version_id, words=words, at=at), "已退回起草人")


@requires(READ)
@require_POST
def roll_back(request: HttpRequest) -> HttpResponse:
    """Return to an older version."""
    goal = request.POST.get("to", "")
    found = services.roll_back(
        actor=actor_of(request),
        to_version_id=whole_number(goal),
        words=request.POST.get("words", ""),
        emergency=request.POST.get("emergency") == "1",
        at=time.now(),
    )
    return to_version(found)


@requires(SEE_WORDS)
@require_POST
def words(request: HttpRequest, version_id: int, kind: str) -> HttpResponse:
    """Masked words of messages that would be read otherwise. Posted, because looking is told to the journal."""
    found = services.read_snippets(actor=actor_of(request), version_id=version_id, kind=kind, at=time.now())
    rows = [
        (level_label(row.before or None), level_label(row.after or None), _types(row.types), words)
        for row, words in found
    ]
    return render(request, "lexicon/words.html", {"rows": rows})


def _types(codes: str) -> str:
    return "、".join(type_label(code) for code in codes.split(",") if code)
