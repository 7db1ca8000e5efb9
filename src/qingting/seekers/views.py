"""The vault as a fragment that other pages embed, and the page where a person is found by an exact value."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.events import described
from qingting.core.permissions import READ_JOURNAL
from qingting.seekers import rules, selectors, services
from qingting.seekers.forms import slots, words
from qingting.seekers.permissions import RECORD, UNMASK, VIEW
from qingting.seekers.states import FINDABLE, SUFFICES_UNDER_14, ConsentBasis, DatumKind, UnmaskReasonCode
from qingting.staff.models import Account

LOOKS_A_PAGE = 50
_PURPOSE = "登记联系方式和必要情况，以便继续提供帮助"


def _vault(request: HttpRequest, seeker_id: int, *, hint: str = "") -> HttpResponse:
    actor = actor_of(request)
    seeker = selectors.seeker_of(actor, seeker_id)
    waiting = selectors.kinds_waiting_for_consent(seeker)
    context = {
        "seeker": seeker,
        "slots": slots(selectors.masked_data(actor, seeker_id), waiting),
        "waiting": bool(waiting),
        "consents": selectors.standing_consents(actor, seeker_id),
        "grounds": [basis for basis in ConsentBasis if basis in SUFFICES_UNDER_14],
        "purpose": _PURPOSE,
        "may_record": actor.may(RECORD),
        "may_unmask": actor.may(UNMASK),
        "hint": hint,
    }
    return render(request, "seekers/vault.html", context)


@requires(VIEW)
@require_GET
def vault(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """What is kept of a person, masked, with a small form for each kind."""
    return _vault(request, seeker_id)


@requires(RECORD)
@require_POST
def store(request: HttpRequest, seeker_id: int, kind: str) -> HttpResponse:
    """Seal one value, then show the vault again."""
    value = words(request.POST, "value")
    services.store_datum(actor=actor_of(request), seeker_id=seeker_id, kind=kind, value=value, at=time.now())
    response = _vault(request, seeker_id, hint=_gentle_hint(kind, value))
    return trigger_client_event(response, "toast", {"text": f"已加密保存：{DatumKind(kind).label}"})


def _gentle_hint(kind: str, value: str) -> str:
    if kind != DatumKind.ID_NUMBER or rules.id_number_adds_up(rules.normalised(kind, value)):
        return ""
    return "身份证号已保存，但最后一位校验码对不上，可能有一位记错了，方便时请再核对一遍。"


@requires(RECORD)
@require_POST
def consent(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """Record a ground, then show the vault again."""
    services.record_consent(
        actor=actor_of(request),
        seeker_id=seeker_id,
        basis=words(request.POST, "basis"),
        purpose=words(request.POST, "purpose"),
        words=words(request.POST, "words"),
        at=time.now(),
    )
    return _vault(request, seeker_id)


@requires(RECORD)
@require_POST
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Take a consent back, then show the vault again."""
    withdrawn = services.withdraw_consent(actor=actor_of(request), consent_id=consent_id, at=time.now())
    return _vault(request, withdrawn.seeker_id)


@requires(UNMASK)
def unmask(request: HttpRequest, datum_id: int) -> HttpResponse:
    """GET: the dialog that asks why. POST: the plain value, in the same dialog and nowhere else."""
    actor = actor_of(request)
    datum = selectors.datum_of(actor, datum_id)
    context = {"datum": datum, "label": DatumKind(datum.kind).label, "reasons": UnmaskReasonCode.choices}
    if request.method == "POST":
        reason, said = words(request.POST, "reason"), words(request.POST, "words")
        context["value"] = services.unmask(
            actor=actor, datum_id=datum_id, reason_code=reason, words=said, at=time.now()
        )
    return render(request, "seekers/unmask.html", context)


@requires(VIEW)
def find(request: HttpRequest) -> HttpResponse:
    """Find a person by an exact value. It is posted, so that no value stands in an address; nobody is ever listed."""
    context: dict[str, object] = {"kinds": [kind for kind in DatumKind if kind in FINDABLE], "kind": "PHONE"}
    if request.method == "POST":
        kind, value = words(request.POST, "kind"), words(request.POST, "value")
        found = services.find_seekers(actor=actor_of(request), kind=kind, value=value, at=time.now())
        context |= {"kind": kind, "found": found, "asked": True}
    return render(request, "seekers/find.html", context)


@requires(VIEW)
@require_GET
def detail(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """One person's page."""
    seeker = selectors.seeker_of(actor_of(request), seeker_id)
    return render(request, "seekers/detail.html", {"seeker": seeker})


@requires(VIEW)
@require_GET
def same(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """Whether other records are the same young person, as a fragment: what was merged, and what looks alike."""
    return _same(request, seeker_id)


def _same(request: HttpRequest, seeker_id: int) -> HttpResponse:
    actor = actor_of(request)
    seeker = selectors.seeker_of(actor, seeker_id)
    group = selectors.same_person(actor, seeker.pk)
    context = {
        "seeker": seeker,
        "merges": selectors.merges_of(actor, group),
        "alike": selectors.alike(actor, group),
        "may_record": actor.may(RECORD),
    }
    return render(request, "seekers/same.html", context)


@requires(RECORD)
@require_POST
def merge(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """Two records are one person."""
    other = words(request.POST, "other")
    services.merge_seekers(
        actor=actor_of(request),
        seeker_ids=(seeker_id, int(other) if other.isascii() and other.isdigit() else 0),
        words=words(request.POST, "words"),
        at=time.now(),
    )
    return HttpResponseClientRefresh()


@requires(RECORD)
@require_POST
def separate(request: HttpRequest, merge_id: int) -> HttpResponse:
    """They are two after all."""
    services.undo_merge(actor=actor_of(request), merge_id=merge_id, words=words(request.POST, "words"), at=time.now())
    return HttpResponseClientRefresh()


@requires(VIEW)
@require_POST
def open_file(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """Say why, then read the growth file."""
    code, said = words(request.POST, "reason"), words(request.POST, "words")
    services.open_file(actor=actor_of(request), seeker_id=seeker_id, reason_code=code, words=said, at=time.now())
    return HttpResponseClientRefresh()


@requires(READ_JOURNAL)
@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """For auditors: who looked for, opened or unmasked whom, and why."""
    actor = actor_of(request)
    asked = {name: _number(request.GET.get(name, "")) for name in ("seeker_id", "account_id")}
    page = Paginator(selectors.looks(actor, **asked), LOOKS_A_PAGE).get_page(request.GET.get("page", "1"))
    entries = list(page)
    reasons = selectors.reasons_behind(entries)
    people = dict(Account.objects.filter(pk__in={one.account_id for one in entries}).values_list("pk", "display_name"))
    rows = [
        (one, described(one.name, one.data), people.get(one.account_id or 0, ""), reasons.get(one.pk, ""))
        for one in entries
    ]
    return render(request, "seekers/looks.html", {"page": page, "rows": rows, "asked": asked})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
