"""Telephone calls on pages: the record beside the talk, the list of calls, who is to be called back, who is not let in."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qingting.chat import services as chat
from qingting.chat.models import Conversation
from qingting.contacts.models import Contact
from qingting.contacts.permissions import VIEW as VIEW_CONTACTS
from qingting.contacts.selectors import contact_for_call
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, not_found
from qingting.duty.selectors import at_seats, loads
from qingting.duty.states import Skill
from qingting.sites.workbench.screen_pop import screen_pop
from qingting.staff.selectors import display_names
from qingting.telephony import permissions, rules, selectors
from qingting.telephony.models import BlockedNumber, Call, CallbackTask
from qingting.telephony.states import CallState, Direction, Outcome

ON_A_PAGE = 30
MOST_TASKS = 200


def _beside(actor: Actor, call: Call) -> dict[str, Any]:
    contact: Contact | None = contact_for_call(actor, call.id) if actor.may(VIEW_CONTACTS) else None
    return {"call": call, "contact": contact, "number": call.shown_number}


@requires(permissions.TALK)
@require_GET
def sheet(request: HttpRequest, call_id: int) -> HttpResponse:
    """The record, the assessment and the case of a call, as a fragment to lie over any page."""
    actor = actor_of(request)
    context = _beside(actor, selectors.call_for(actor, call_id))
    return render(request, "workbench/telephone/sheet.html", context)


@requires(permissions.TALK)
@require_GET
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call on a page of its own: what is known of it, who took part, its record."""
    actor = actor_of(request)
    found = selectors.call_for(actor, call_id)
    legs = list(found.legs.order_by("joined_at"))
    names = display_names({leg.account_id or 0 for leg in legs})
    context = {
        **_beside(actor, found),
        "pop": screen_pop(actor, found, at=time.now()),
        "legs": [(leg, names.get(leg.account_id or 0, "")) for leg in legs],
        "channel": f"call:{found.id}",
        "text_talk": selectors.text_talk_of(found) if found.account_id == actor.account_id else None,
    }
    return render(request, "workbench/telephone/call.html", context)


@requires(permissions.TALK)
@require_POST
def writing(request: HttpRequest, call_id: int) -> HttpResponse:
    """To the written talk that the person of one's call has opened; one that still waits comes to whoever had the call."""
    actor = actor_of(request)
    found = selectors.call_for(actor, call_id, to_act=True)
    talk = Conversation.objects.filter(pk=selectors.text_talk_of(found) or 0).first()
    if talk is None:
        raise not_found("文字聊天", "telephony.text-talk.not-found")
    if talk.account_id not in (None, actor.account_id):
        name = display_names({talk.account_id or 0}).get(talk.account_id or 0, "同事")
        raise DomainError(
            f"{name}已经在和对方文字聊天。",
            code="telephony.text-talk.taken",
            do_next="如需由您接着聊，可以请这位同事转交给您。",
        )
    chat.place_with(conversation=talk, account_id=actor.account_id, at=time.now())
    return redirect("workbench:seat-conversation", talk.pk)


@requires(permissions.TALK)
@require_GET
def known(request: HttpRequest, call_id: int) -> HttpResponse:
    """The screen pop (弹屏) of a call, as a fragment for the panel."""
    actor = actor_of(request)
    pop = screen_pop(actor, selectors.call_for(actor, call_id), at=time.now())
    return render(request, "workbench/telephone/known.html", {"pop": pop})


@requires(permissions.TALK)
@require_GET
def people(request: HttpRequest, call_id: int) -> HttpResponse:
    """Whom one can consult or hand the call to, and to which skills it can go, as a fragment."""
    actor = actor_of(request)
    found = selectors.call_for(actor, call_id)
    present = [presence for presence in at_seats(actor) if presence.account_id != actor.account_id]
    names, busy = display_names({presence.account_id for presence in present}), loads(actor)
    rows = [
        {
            "account_id": presence.account_id,
            "name": names.get(presence.account_id, ""),
            "state": presence.state,
            "label": presence.get_state_display(),
            "skills": "、".join(str(Skill(code).label) for code in presence.skills if code in Skill.values),
            "load": busy.get(presence.account_id, 0),
            "reachable": selectors.seat_telephone(presence.account_id) is not None,
        }
        for presence in present
    ]
    rows.sort(key=lambda row: (not row["reachable"], row["state"] != "READY", row["load"]))
    return render(request, "workbench/telephone/people.html", {"call": found, "rows": rows, "skills": Skill.choices})


@requires(permissions.TALK)
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """The calls one may see, newest first; by direction and outcome."""
    actor = actor_of(request)
    wanted = {name: request.GET.get(name, "") for name in ("direction", "outcome")}
    rows = selectors.visible_calls(actor).order_by("-started_at")
    if wanted["direction"] in Direction.values:
        rows = rows.filter(direction=wanted["direction"])
    if wanted["outcome"] in Outcome.values:
        rows = rows.filter(outcome=wanted["outcome"])
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    names = display_names({row.account_id or 0 for row in page})
    recorded = selectors.recorded_among([row.id for row in page]) if actor.may(permissions.LISTEN) else frozenset()
    context = {
        "page": page,
        "rows": [{**_row(row, names), "recorded": row.id in recorded} for row in page],
        "may_listen": actor.may(permissions.LISTEN),
        "wanted": wanted,
        "directions": Direction.choices,
        "outcomes": Outcome.choices,
        "everybody": actor.may(permissions.LEAD),
    }
    return render(request, "workbench/telephone/calls.html", context)


def _row(call: Call, names: dict[int, str]) -> dict[str, Any]:
    seconds = int((call.ended_at - call.answered_at).total_seconds()) if call.ended_at and call.answered_at else None
    return {
        "call": call,
        "number": call.shown_number,
        "counsellor": names.get(call.account_id or 0, ""),
        "lasted": f"{seconds // 60}:{seconds % 60:02d}" if seconds is not None else "",
        "ended": call.state == CallState.ENDED,
    }


@requires(permissions.TALK)
@require_GET
def callbacks(request: HttpRequest) -> HttpResponse:
    """Who is to be called back."""
    actor = actor_of(request)
    context = {"tasks": _tasks(actor), "now": time.now(), "done": _tasks_done(actor), "most": rules.MOST_ATTEMPTS}
    template = "callback_rows.html" if request.GET.get("rows") else "callbacks.html"
    return render(request, f"workbench/telephone/{template}", context)


def _tasks(actor: Actor) -> list[dict[str, Any]]:
    found = list(selectors.tasks_here(actor)[:MOST_TASKS])
    names = display_names({task.account_id or 0 for task in found})
    at = time.now()
    return [
        {
            "task": task,
            "number": task.shown_number,
            "by": names.get(task.account_id or 0, ""),
            "resting": task.not_before > at,
        }
        for task in found
    ]


def _tasks_done(actor: Actor) -> list[dict[str, Any]]:
    ended = CallbackTask.objects.filter(organisation_id=actor.organisation_id, ended_at__isnull=False)
    rows = list(ended.select_related("call").order_by("-ended_at")[:20])
    return [{"task": task, "number": task.shown_number} for task in rows]


@requires(permissions.REVIEW_NUMBERS)
@require_GET
def blocks(request: HttpRequest) -> HttpResponse:
    """Numbers that are proposed not to be let in, and those that are not."""
    actor = actor_of(request)
    here = BlockedNumber.objects.filter(organisation_id=actor.organisation_id).order_by("-proposed_at")
    found = list(here[:200])
    names = display_names(
        {row.proposed_by_account_id for row in found} | {row.agreed_by_account_id or 0 for row in found}
    )
    at = time.now()
    rows = [
        {
            "block": row,
            "number": rules.masked(row.number_tail, hidden=False),
            "by": names.get(row.proposed_by_account_id, ""),
            "agreed_by": names.get(row.agreed_by_account_id or 0, ""),
            "own": row.proposed_by_account_id == actor.account_id,
            "state": _standing(row, over=row.until <= at),
        }
        for row in found
    ]
    context = {
        "waiting": [row for row in rows if row["state"] == "waiting"],
        "standing": [row for row in rows if row["state"] == "standing"],
        "over": [row for row in rows if row["state"] == "over"][:50],
    }
    template = "block_rows.html" if request.GET.get("rows") else "blocks.html"
    return render(request, f"workbench/telephone/{template}", context)


def _standing(row: BlockedNumber, *, over: bool) -> str:
    if row.lifted_at or over:
        return "over"
    return "standing" if row.agreed_at else "waiting"


@requires(permissions.LEAD)
@require_GET
def here(request: HttpRequest) -> HttpResponse:
    """The calls that go on at the station, for the duty room, as a fragment."""
    actor = actor_of(request)
    found = list(selectors.calls_here(actor))
    names = display_names({row.account_id or 0 for row in found})
    rows = [
        {
            "call": row,
            "number": row.shown_number,
            "counsellor": names.get(row.account_id or 0, ""),
            "talking": row.state in {CallState.TALKING, CallState.HELD},
            "mine": row.account_id == actor.account_id,
        }
        for row in found
    ]
    return render(request, "workbench/telephone/here.html", {"rows": rows})
