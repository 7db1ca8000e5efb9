"""One page for one crisis: what is known and what is missing, the five steps, who is there, and a record to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from qingting.chat.models import Participant
from qingting.chat.permissions import JOIN_SILENTLY
from qingting.chat.selectors import conversation_for, invited_to
from qingting.chat.states import ConversationState
from qingting.contacts.models import Contact
from qingting.contacts.permissions import VIEW
from qingting.contacts.selectors import contact_of
from qingting.core import drafts, time
from qingting.core.access import actor_of, requires
from qingting.core.errors import DomainError, Invalid
from qingting.core.incoming import whole_number
from qingting.directory.states import Urgency
from qingting.duty.selectors import at_seats
from qingting.risk import selectors, services
from qingting.risk.models import CrisisTask, RiskAssessment, StepTaken
from qingting.risk.permissions import ASSESS
from qingting.risk.services import CssrsAnswer
from qingting.risk.states import CSSRS, QUESTIONS, STEP_WORDS, TASKS, UNKNOWN, Behaviour, CrisisStep, YesNo
from qingting.risk.telling import timeline
from qingting.staff.selectors import display_names
from qingting.telephony import permissions as telephony
from qingting.telephony.selectors import call_for
from qingting.telephony.states import IN_HAND


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
    tasks, screens = selectors.tasks_of(contact.pk), selectors.screens_of(contact.pk)
    accounts = {row.account_id for row in people} | {row.taken_by_account_id for row in steps.values()}
    accounts |= {row.account_id for row in tasks} | {row.done_by_account_id or 0 for row in tasks}
    accounts |= {row.assigned_by_account_id for row in tasks} | {row.asked_by_account_id for row in screens}
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
        "lines": timeline(contact),
        "people": [(row, names.get(row.account_id, "")) for row in people],
        "steps": [_step(code, steps, names) for code in CrisisStep.values],
        "may_assess": actor.may(ASSESS, contact.organisation_id),
        "printed_at": time.now(),
        "tasks": [_task(row, names) for row in tasks],
        "task_words": TASKS,
        "screens": [(row, names.get(row.asked_by_account_id, "")) for row in screens],
        "cssrs": [
            (name, ask, Behaviour.choices if name == "behaviour" else YesNo.choices) for name, ask in CSSRS.items()
        ],
        "levels": Urgency.choices,
        "plan": selectors.plan_of(contact.pk),
        "declared": _recorded(contact, "declared_division"),
        "category": _recorded(contact, "category"),
        **_talk(request, contact, people, names),
        **_call(request, contact),
    }


def _recorded(contact: Contact, name: str) -> str:
    """What the record says, or what is typed into it so far."""
    return str(getattr(contact, name) or drafts.values(contact.draft).get(name) or "")


def _task(row: CrisisTask, names: dict[int, str]) -> dict[str, object]:
    return {
        "row": row,
        "who": names.get(row.account_id, ""),
        "by": names.get(row.assigned_by_account_id, ""),
        "done_by": names.get(row.done_by_account_id or 0, ""),
        "over": bool(row.done_at or row.cancelled_at),
    }


def _talk(
    request: HttpRequest, contact: Contact, people: list[Participant], names: dict[int, str]
) -> dict[str, object]:
    """The talk for whoever takes part; for a leader who does not, a way in. Colleagues at a seat, for asking and for tasks."""
    actor = actor_of(request)
    there = {row.account_id for row in people if row.left_at is None}
    colleagues = display_names({row.account_id for row in at_seats(actor)} - {actor.account_id})
    try:
        talk = conversation_for(actor, contact.conversation_id or 0)
    except DomainError:
        talk = None
    asked = {row.account_id for row in invited_to(talk)} if talk else set()
    return {
        "talk": talk,
        "mine": talk is not None and talk.account_id == actor.account_id,
        "listening": talk is not None and actor.account_id in there and talk.account_id != actor.account_id,
        "may_join": talk is None and contact.conversation_id and actor.may(JOIN_SILENTLY),
        "channel": f"conversation:{talk.pk}" if talk else "",
        "spoken": contact.call_id is not None,
        "may_invite": talk is not None and talk.state == ConversationState.ACTIVE,
        "colleagues": sorted(colleagues.items(), key=lambda pair: pair[1]),
        "to_invite": sorted(pair for pair in colleagues.items() if pair[0] not in there | asked),
        "asked": [names.get(account) or colleagues.get(account, "") for account in asked],
        "me": actor.account_id,
    }


def _call(request: HttpRequest, contact: Contact) -> dict[str, object]:
    """The call and who is in it, for whoever may see it; `in_hand`: whether it still goes on."""
    actor = actor_of(request)
    if contact.call_id is None or not (actor.may(telephony.TALK) or actor.may(telephony.LEAD)):
        return {"call": None}
    try:
        call = call_for(actor, contact.call_id)
    except DomainError:
        return {"call": None}
    legs = list(call.legs.order_by("joined_at"))
    names = display_names({leg.account_id or 0 for leg in legs} | {call.account_id or 0})
    return {
        "call": call,
        "call_channel": f"call:{call.pk}",
        "call_in_hand": call.state in IN_HAND,
        "call_by": names.get(call.account_id or 0, ""),
        "call_mine": call.account_id == actor.account_id,
        "call_legs": [(leg, names.get(leg.account_id or 0, "")) for leg in legs],
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


def _back(contact_id: int, part: str) -> HttpResponse:
    return redirect(f"{reverse('risk:crisis', args=[contact_id])}#{part}")


@requires(ASSESS)
@require_POST
def task(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Give somebody something to do; or it is done, or no longer needed."""
    actor, at, act = actor_of(request), time.now(), request.POST.get("act", "")
    number, words = request.POST.get("task", ""), request.POST.get("words", "")
    if act == "done":
        services.finish_task(actor=actor, task_id=_number(number), words=words, at=at)
    elif act == "cancel":
        services.cancel_task(actor=actor, task_id=_number(number), at=at)
    else:
        chosen = _number(request.POST.get("to", ""))
        services.assign_task(actor=actor, contact_id=contact_id, account_id=chosen, words=words, at=at)
    return _back(contact_id, "tasks")


def _number(text: str) -> int:
    if not whole_number(text):
        raise Invalid("请选择一位同事。", code="risk.task.nobody", do_next="在名单中选择在岗的同事，或选自己。")
    return int(text)


@requires(ASSESS)
@require_POST
def cssrs(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The C-SSRS screener was asked."""
    answers = {name: request.POST.get(name, "") for name in CSSRS}
    given = CssrsAnswer(answers, request.POST.get("level", ""), request.POST.get("reason", ""))
    services.record_cssrs(actor=actor_of(request), contact_id=contact_id, given=given, at=time.now())
    response = HttpResponse(status=204)
    response["HX-Redirect"] = f"{reverse('risk:crisis', args=[contact_id])}#cssrs"
    response["HX-Refresh"] = "true"
    return response
