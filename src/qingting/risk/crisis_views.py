"""One page for one crisis: what is known and what is missing, the five steps, who is there, and a record to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qingting.contacts.models import Contact
from qingting.contacts.permissions import VIEW
from qingting.contacts.selectors import contact_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.directory.states import Urgency
from qingting.risk import selectors, services
from qingting.risk.models import RiskAssessment, StepTaken
from qingting.risk.permissions import ASSESS
from qingting.risk.states import QUESTIONS, STEP_WORDS, UNKNOWN, CrisisStep
from qingting.staff.selectors import display_names


@requires(VIEW)
@require_GET
def crisis(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The whole page."""
    contact = contact_of(actor_of(request), contact_id)
    return render(request, "risk/crisis.html", _crisis(request, contact))


def _crisis(request: HttpRequest, contact: Contact) -> dict[str, object]:
    actor = actor_of(request)
    assessments = selectors.assessments_of_contact(actor, contact.pk)
    machine_level, danger_since = selectors.machine_danger(actor, contact.pk)
    people, steps = selectors.people_in(contact), selectors.steps_of(contact.pk)
    accounts = {row.account_id for row in people} | {row.taken_by_account_id for row in steps.values()}
    names = display_names(accounts | {row.assessed_by_account_id for row in assessments})
    current = assessments[0] if assessments else None
    return {
        "contact": contact,
        "current": current,
        "machine_label": Urgency(machine_level).label if machine_level else "",
        "machine_level": machine_level,
        "danger_since": danger_since,
        "clock": selectors.crisis_clock(contact),
        "known": _known(current),
        "missing": _missing(current),
        "placed": [(row, names.get(row.assessed_by_account_id, "")) for row in assessments if row.whereabouts_source],
        "assessments": [(row, names.get(row.assessed_by_account_id, "")) for row in assessments],
        "people": [(row, names.get(row.account_id, "")) for row in people],
        "steps": [_step(code, steps, names) for code in CrisisStep.values],
        "may_assess": actor.may(ASSESS, contact.organisation_id),
        "printed_at": time.now(),
    }


def _known(current: RiskAssessment | None) -> list[tuple[str, str]]:
    """Questions that have an answer, with the answer in words."""
    if current is None:
        return []
    answered = [(question, getattr(current, name)) for name, question in QUESTIONS.items()]
    return [(question.label, question.answers[answer]) for question, answer in answered if answer != UNKNOWN]


def _missing(current: RiskAssessment | None) -> list[tuple[str, str]]:
    """What still has to be asked: the question's name, and words to ask it with. Where somebody is comes first."""
    names = [name for name in QUESTIONS if current is None or getattr(current, name) == UNKNOWN]
    asked = [(QUESTIONS[name].label, QUESTIONS[name].ask) for name in names]
    if current is None or not current.whereabouts_source:
        asked.insert(0, ("位置", "你现在在哪里？是屋里还是外面？旁边有什么能看到的？"))
    return asked


def _step(code: str, steps: dict[str, StepTaken], names: dict[int, str]) -> dict[str, object]:
    taken = steps.get(code)
    by = names.get(taken.taken_by_account_id, "") if taken else ""
    return {"code": code, "label": CrisisStep(code).label, "words": STEP_WORDS[code], "taken": taken, "by": by}


@requires(ASSESS)
@require_POST
def step(request: HttpRequest, contact_id: int) -> HttpResponse:
    """A step was taken, or is taken back."""
    actor, code = actor_of(request), request.POST.get("step", "")
    if request.POST.get("act") == "undo":
        services.undo_step(actor=actor, contact_id=contact_id, step=code, at=time.now())
    else:
        words = request.POST.get("words", "")
        services.take_step(actor=actor, contact_id=contact_id, step=code, words=words, at=time.now())
    return redirect(reverse("risk:crisis", args=[contact_id]) + "#steps")
