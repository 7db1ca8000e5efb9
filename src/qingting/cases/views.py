"""Pages of cases: the list, one case, what may be done with it, and the panel beside the talk."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from qingting.cases import forms, permissions, selectors, services
from qingting.cases.models import Case
from qingting.cases.panels import slots_for
from qingting.cases.states import HOLD_ADVICE, CaseState, HoldKind
from qingting.contacts.selectors import contact_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.staff.models import Account

_WHOSE = [("", "能看到的全部"), ("mine", "我负责的"), ("own", "本单位的")]


@requires(permissions.VIEW)
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases in sight, the late ones first."""
    actor, asked = actor_of(request), forms.filter_from(request.GET)
    page = selectors.cases_list(actor, asked, forms.page_from(request.GET))
    query = request.GET.copy()
    query.pop("page", None)
    owners = Account.objects.filter(pk__in={case.owner_account_id for case in page.cases})
    context = {
        "page": page,
        "rows": _rows(page.cases, dict(owners.values_list("pk", "display_name"))),
        "asked": asked,
        "query": query.urlencode(),
        "states": CaseState.choices,
        "levels": Urgency.choices,
        "whose": _WHOSE,
    }
    return render(request, "cases/list.html", context)


def _rows(cases: list[Case], owners: dict[int, str]) -> list[dict[str, object]]:
    categories = selectors.category_names({case.category for case in cases})
    return [
        {
            "case": case,
            "category": categories.get(case.category, ""),
            "owner": owners.get(case.owner_account_id, ""),
            "late": getattr(case, "late", False),
        }
        for case in cases
    ]


def _head(actor: Actor, case: Case) -> dict[str, object]:
    """What the upper part of a case shows: state, deadlines, what stands in the way, what may be done now."""
    holds = selectors.standing_holds(case)
    own = case.organisation_id
    closing = case.state == CaseState.OPEN and actor.may(permissions.CLOSE, own)
    return {
        "case": case,
        "deadlines": selectors.deadlines_of(case, at=time.now()),
        "holds": _counted([HoldKind(hold.kind) for hold in holds]),
        "closing": closing,
        "closing_forbidden": bool(selectors.forbids_closing(holds)),
        "signing": case.state == CaseState.CLOSED and actor.may(permissions.SIGN_OFF, own),
        "signing_forbidden": bool(holds),
        "reopening": case.state != CaseState.OPEN and actor.may(permissions.CLOSE, own),
        "writing": actor.may(permissions.OPEN, own) or actor.may(permissions.CLOSE, own),
    }


def _counted(kinds: list[HoldKind]) -> list[tuple[str, int, str]]:
    """Each kind of hold once: what it is called, how many there are, what lifts it."""
    return [(str(kind.label), count, HOLD_ADVICE[kind]) for kind, count in Counter(kinds).items()]


@requires(permissions.VIEW)
@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case with everything that hangs on it."""
    actor = actor_of(request)
    found = selectors.case_of(actor, case_id)
    context = {
        **_head(actor, found),
        "names": selectors.names_of(found),
        "lines": selectors.timeline(actor, case_id),
        "slots": slots_for(case_id, actor.may),
        "channel": f"case:{case_id}",
        "sees_person": bool(found.seeker_id) and actor.may("seekers.view"),
    }
    return render(request, "cases/case.html", context)


@requires(permissions.VIEW)
@require_GET
def head(request: HttpRequest, case_id: int) -> HttpResponse:
    """The upper part again, after something happened."""
    actor = actor_of(request)
    return render(request, "cases/head.html", _head(actor, selectors.case_of(actor, case_id)))


@requires(permissions.VIEW)
@require_GET
def timeline(request: HttpRequest, case_id: int) -> HttpResponse:
    """The timeline again, after something happened."""
    lines = selectors.timeline(actor_of(request), case_id)
    return render(request, "cases/timeline.html", {"lines": lines})


_ACTS = {
    "close": (services.close_case, "已结案"),
    "sign-off": (services.sign_off, "已销号"),
    "reopen": (services.reopen, "已重新办理"),
    "note": (services.add_note, "已补充"),
    "reply": (services.record_reply, "已记录回复"),
}
NAMES_OF_ACTS = tuple(_ACTS)


@requires(permissions.VIEW)
@require_POST
def act(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """Do one of the acts of a case with the words given; the service checks the right to it."""
    actor = actor_of(request)
    service, toast = _ACTS[name]
    service(actor=actor, case_id=case_id, words=forms.words_from(request.POST, "words"), at=time.now())
    if not request.headers.get("HX-Request"):
        return redirect("cases:case", case_id)
    answer = render(request, "cases/head.html", _head(actor, selectors.case_of(actor, case_id)))
    answer = trigger_client_event(answer, "dialog:close", {})
    return trigger_client_event(answer, "toast", {"text": toast})


@requires(permissions.OPEN)
@require_GET
def open_panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    """For beside the talk: open a case from the contact; once there is one, its number and what can be done next."""
    return _panel(request, contact_id)


def _panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    actor = actor_of(request)
    contact = contact_of(actor, contact_id)
    opened = selectors.case_from_contact(actor, contact_id)
    if opened is not None:
        context = {
            **_head(actor, opened),
            "contact_id": contact_id,
            "names": selectors.names_of(opened),
            "slots": slots_for(opened.pk, actor.may),
        }
        return render(request, "cases/opened_panel.html", context)
    filled = forms.prefilled(contact)
    context = {
        "contact_id": contact_id,
        "filled": filled,
        "categories": forms.category_groups(),
        "divisions": forms.division_groups(contact.province, filled.division),
        "levels": Urgency.choices,
    }
    return render(request, "cases/open_panel.html", context)


@requires(permissions.OPEN)
@require_POST
def open_case(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Open the case, then show the panel again."""
    opened = services.open_case(
        actor=actor_of(request),
        contact_id=contact_id,
        new=forms.new_case_from(request.POST),
        at=time.now(),
    )
    return trigger_client_event(_panel(request, contact_id), "toast", {"text": f"已建立个案 {opened.number}"})
