"""What is in use, what waits, the history; the rules to read; a sentence to try."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from qingting.core.access import actor_of, requires
from qingting.lexicon import forms, rules, selectors
from qingting.lexicon.models import LexiconVersion
from qingting.lexicon.permissions import APPROVE, LABEL, PROPOSE, READ
from qingting.screening import TYPES, level_label, screen, type_label
from qingting.screening.editions import in_force, reading
from qingting.screening.lexicon import classes
from qingting.screening.rules import Rule
from qingting.screening.rules import rules as rules_read
from qingting.staff.selectors import display_names

MOST_VERSIONS = 50
LONGEST_TRY = 400


@requires(READ)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The version in use, what is in work, the history."""
    actor = actor_of(request)
    versions = list(selectors.history(actor)[:MOST_VERSIONS])
    names = display_names(
        {row.proposed_by_account_id for row in versions} | {row.decided_by_account_id or 0 for row in versions}
    )
    with in_force(actor.organisation_id) as edition:
        counts = len(rules_read()), sum(map(len, classes().values()))
    active = selectors.active_version(actor.organisation_id)
    context = {
        "active": active,
        "changed": bool(rules.difference({}, selectors.content_of(active))),
        "inherited": bool(edition.id) and active is None,
        "rules": counts[0],
        "words": counts[1],
        "work": selectors.in_work(actor.organisation_id),
        "waiting": list(selectors.waiting_for(actor)),
        "versions": [_named(row, names) for row in versions],
        "may_propose": actor.may(PROPOSE),
        "may_approve": actor.may(APPROVE),
        **tabs(request),
    }
    return render(request, "lexicon/home.html", context)


def tabs(request: HttpRequest) -> dict[str, object]:
    """What the tabs of every page of the room show."""
    actor = actor_of(request)
    open_ones = selectors.corrections(actor).count() if actor.may(LABEL) else 0
    return {"may_label": actor.may(LABEL), "open_corrections": open_ones}


def _named(row: LexiconVersion, names: dict[int, str]) -> tuple[LexiconVersion, str, str]:
    return row, names.get(row.proposed_by_account_id, ""), names.get(row.decided_by_account_id or 0, "")


@requires(READ)
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules that texts are read with, by type; those of the draft where one is being written by this person."""
    actor = actor_of(request)
    type_ = request.GET.get("type", TYPES[0])
    words = request.GET.get("q", "").strip()[:40]
    work = selectors.in_work(actor.organisation_id)
    mine = work if work and work.state == "DRAFT" and work.proposed_by_account_id == actor.account_id else None
    with in_force(actor.organisation_id) as used:
        edition = rules.edition_of(selectors.content_of(mine), mine.pk) if mine else used
        with reading(edition):
            found = [rule for rule in rules_read() if _fits(rule, type_, words)]
    context = {
        "types": forms.types("" if words else type_),
        "rows": [forms.shown(rule, edition.rules) for rule in found],
        "words": words,
        "draft": mine,
        "may_propose": actor.may(PROPOSE) and (work is None or mine is not None),
        **tabs(request),
    }
    return render(request, "lexicon/rules.html", context)


def _fits(rule: Rule, type_: str, words: str) -> bool:
    if words:
        return any(words in text for text in (rule.id, *rule.patterns, *rule.hits))
    return rule.type == type_


@requires(READ)
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """What a sentence is read as, and why. Posted, because somebody's words may be in it; nothing is kept."""
    actor = actor_of(request)
    text = request.POST.get("text", "").strip()[:LONGEST_TRY]
    with in_force(actor.organisation_id):
        found = screen(text)
    signs = [
        (sign, type_label(sign.type), level_label(sign.level), [rules.guard_name(guard) for guard in sign.guards])
        for sign in found.signs[:6]
    ]
    return render(request, "lexicon/tried.html", {"text": text, "signs": signs})
