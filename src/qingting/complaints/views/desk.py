"""Pages for those who deal with complaints, and for whoever writes one down for somebody else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.cases.selectors import case_of
from qingting.complaints import forms, permissions, selectors, services
from qingting.complaints.models import Complaint
from qingting.complaints.services import NewComplaint
from qingting.complaints.states import About, ComplaintState, Finding, Source
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.orders.selectors import names_of
from qingting.staff.selectors import display_names, holders
from qingting.staff.services import mark_seen

_BY_HAND = [choice for choice in Source.choices if choice[0] in {Source.PHONE, Source.LETTER, Source.FOLLOW_UP}]


@requires(permissions.HANDLE)
@require_GET
def complaint_list(request: HttpRequest) -> HttpResponse:
    """Those of one state, the longest waiting on top."""
    actor = actor_of(request)
    asked = request.GET.get("state", "")
    state = asked if asked in ComplaintState.values else ComplaintState.RECEIVED
    page = max(1, forms.id_from(request.GET, "page") or 1)
    found, more = selectors.complaints(actor, state, min(page, 10_000))
    houses = names_of({house for one in found for house in (one.organisation_id, one.about_organisation_id)})
    dues, counts = selectors.due_times([one.pk for one in found]), selectors.counts(actor)
    rows = [
        {
            "complaint": one,
            "about": houses.get(one.about_organisation_id, ""),
            "house": houses.get(one.organisation_id, ""),
            "due_at": dues.get(one.pk),
            "late": one.pk in dues and dues[one.pk] < time.now(),
        }
        for one in found
    ]
    tabs = [(entry, counts.get(entry.value, 0)) for entry in ComplaintState]
    records = actor.may(permissions.RECORD)
    context = {
        "rows": rows,
        "tabs": tabs,
        "state": ComplaintState(state),
        "more": more,
        "number": page,
        "records": records,
    }
    return render(request, "complaints/list.html", context)


def _page(actor: Actor, complaint: Complaint) -> dict[str, object]:
    clock = selectors.deadline(complaint)
    houses = names_of({complaint.organisation_id, complaint.about_organisation_id})
    names = display_names({complaint.handler_account_id or 0, complaint.about_account_id or 0})
    return {
        "complaint": complaint,
        "moves": selectors.acts_open_to(actor, complaint),
        "lines": selectors.lines_of(complaint),
        "contact": selectors.contact_of(complaint),
        "house": houses.get(complaint.organisation_id, ""),
        "about_house": houses.get(complaint.about_organisation_id, ""),
        "handler": names.get(complaint.handler_account_id or 0, ""),
        "person": names.get(complaint.about_account_id or 0, ""),
        "clock": clock,
        "late": clock is not None and clock.due_at < time.now(),
        "findings": Finding.choices,
        "colleagues": _colleagues(complaint, actor),
        "sees_case": complaint.case_id is not None and actor.may("cases.view"),
    }


def _colleagues(complaint: Complaint, actor: Actor) -> list[tuple[int, str]]:
    """Whom it may turn out to be about: who works there, without whoever asks."""
    found = holders(complaint.about_organisation_id, permissions.RECORD, at=time.now())
    return [row for row in found.values_list("pk", "display_name") if row[0] != actor.account_id]


@requires(permissions.HANDLE)
@require_GET
def complaint(request: HttpRequest, complaint_id: int) -> HttpResponse:
    """One: what is said, what was done, what may be done."""
    actor = actor_of(request)
    found = selectors.complaint_of(actor, complaint_id)
    mark_seen(actor=actor, subject=("complaint", found.pk), at=time.now())
    return render(request, "complaints/complaint.html", _page(actor, found))


_ACTS: dict[str, Callable[..., Complaint]] = {
    "acknowledge": services.acknowledge,
    "note": services.note,
    "answer": services.answer,
    "decline": services.decline,
    "escalate": services.escalate,
}
NAMES_OF_ACTS = tuple(_ACTS)


@requires(permissions.HANDLE)
@require_POST
def act(request: HttpRequest, complaint_id: int, name: str) -> HttpResponse:
    """Do one act with the words given."""
    given: dict[str, object] = {"words": forms.words_from(request.POST, "words")}
    if name == "answer":
        given["finding"] = forms.words_from(request.POST, "finding", 10)
    if name == "acknowledge":
        given["account_id"] = forms.id_from(request.POST, "account")
    actor = actor_of(request)
    _ACTS[name](actor=actor, complaint_id=complaint_id, at=time.now(), **given)
    if selectors.visible_to(actor).filter(pk=complaint_id).exists():
        return redirect("complaints:complaint", complaint_id)
    return redirect("complaints:list")


@requires(permissions.RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Write down what somebody complained about; ends with the receipt, to be read out to them."""
    actor = actor_of(request)
    case_id = forms.id_from(request.POST if request.method == "POST" else request.GET, "case")
    case = case_of(actor, case_id) if case_id else None
    context = {
        "abouts": About.choices,
        "sources": _BY_HAND,
        "asked": request.POST,
        "case": case,
        "colleagues": list(
            holders(actor.organisation_id, permissions.RECORD, at=time.now()).values_list("pk", "display_name")
        ),
    }
    if request.method != "POST":
        return render(request, "complaints/record.html", context)
    try:
        taken = services.record(
            actor=actor,
            source=forms.words_from(request.POST, "source", 10),
            new=_recorded(request, actor, case_id),
            at=time.now(),
        )
    except Invalid as refusal:
        return render(request, "complaints/record.html", {**context, "error": refusal}, status=422)
    address = request.build_absolute_uri(f"/complain/p/{taken.token}/")
    return render(request, "complaints/recorded.html", {"complaint": taken.complaint, "address": address})


def _recorded(request: HttpRequest, actor: Actor, case_id: int | None) -> NewComplaint:
    plain = forms.new_from(request.POST, organisation_id=actor.organisation_id, case_id=case_id)
    given = {name: getattr(plain, name) for name in NewComplaint.__dataclass_fields__}
    return NewComplaint(**{**given, "account_id": forms.id_from(request.POST, "account")})
