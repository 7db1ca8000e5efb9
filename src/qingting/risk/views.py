"""The assessment as a panel beside the chat."""

import secrets
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.contacts.permissions import VIEW
from qingting.contacts.selectors import contact_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.risk import forms, rules, selectors, services
from qingting.risk.models import AssessmentDraft, RiskAssessment
from qingting.risk.permissions import ASSESS
from qingting.risk.states import QUESTIONS
from qingting.staff.models import Account


def _panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    actor = actor_of(request)
    contact = contact_of(actor, contact_id)
    machine_level, danger_since = selectors.machine_danger(actor, contact_id)
    context = {
        "contact": contact,
        "machine_level": machine_level,
        "machine_label": Urgency(machine_level).label if machine_level else "",
        "danger_since": danger_since,
        "clock": selectors.crisis_clock(contact),
        "history": _history(selectors.assessments_of_contact(actor, contact_id)),
        "may_assess": actor.may(ASSESS, contact.organisation_id),
        **_form(actor, contact_id),
    }
    return render(request, "risk/panel.html", context)


def _form(actor: Actor, contact_id: int) -> dict[str, object]:
    values, version, saved_at = selectors.draft_of(actor, contact_id)
    return {
        "values": values,
        "version": version,
        "saved_at": saved_at,
        "tab": secrets.token_hex(6),
        "asked": forms.asked(values),
        "levels": forms.levels(values.get("level", "")),
        "sources": forms.sources(values.get("whereabouts_source", "")),
        **_proposed(forms.answers_from(values)),
    }


def _proposed(answers: dict[str, str]) -> dict[str, object]:
    proposal = rules.propose(answers)
    return {
        "proposal": proposal,
        "proposed_label": Urgency(proposal.level).label,
        "untouched": len(proposal.unasked) == len(QUESTIONS),
    }


def _history(assessments: list[RiskAssessment]) -> list[tuple[RiskAssessment, str]]:
    accounts = {assessment.assessed_by_account_id for assessment in assessments}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "display_name"))
    return [(entry, names.get(entry.assessed_by_account_id, "")) for entry in assessments]


@requires(VIEW)
@require_GET
def panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The whole panel: the clock, the form as typed so far, and earlier assessments."""
    return _panel(request, contact_id)


@requires(ASSESS)
@require_POST
def propose(request: HttpRequest, contact_id: int) -> HttpResponse:
    """What the answers so far call for. Posted, so that no answer stands in an address; nothing is stored."""
    contact_of(actor_of(request), contact_id)
    answers = forms.answers_from(request.POST)
    known = {name: answer for name, answer in answers.items() if answer in QUESTIONS[name].answers}
    return render(request, "risk/proposal.html", _proposed(known))


@requires(ASSESS)
@require_POST
def draft(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Keep what has been typed."""
    row = _keep(request, contact_id, time.now())
    return JsonResponse({"version": row.version, "saved_at": row.saved_at})


def _keep(request: HttpRequest, contact_id: int, at: datetime) -> AssessmentDraft:
    version = request.POST.get("version", "0")
    return services.save_draft(
        actor=actor_of(request),
        contact_id=contact_id,
        data=forms.typed_from(request.POST),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        tab=request.POST.get("tab", "")[:32],
        at=at,
    )


@requires(ASSESS)
@require_POST
def assess(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Record the assessment, then show the panel again."""
    actor, at = actor_of(request), time.now()
    _keep(request, contact_id, at)
    machine_level, _ = selectors.machine_danger(actor, contact_id)
    judgement = forms.judgement_from(request.POST, machine_level)
    assessment = services.assess(actor=actor, contact_id=contact_id, judgement=judgement, at=at)
    response = _panel(request, contact_id)
    words = f"评估已保存：{assessment.get_level_display()}"
    trigger_client_event(response, "risk-assessed", {"level": assessment.level})
    return trigger_client_event(response, "toast", {"text": words})


@requires(ASSESS)
@require_POST
def intervene(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Somebody has begun to intervene: the clock is met."""
    services.record_intervention(actor=actor_of(request), contact_id=contact_id, at=time.now())
    return _panel(request, contact_id)


@requires(ASSESS)
@require_POST
def whereabouts(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Where the person was said to be; told to the journal, hence posted."""
    words = selectors.whereabouts(actor_of(request), assessment_id, at=time.now())
    return render(request, "risk/whereabouts.html", {"words": words})
