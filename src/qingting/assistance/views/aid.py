"""The pages of an application: applying, reviewing, the ledger."""

from dataclasses import asdict
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from qingting.assistance import forms, rules, selectors, services
from qingting.assistance.models import AidApplication, LedgerEntry
from qingting.assistance.permissions import APPLY, CHECK, DECIDE, KEEP_LAWYERS, PAY, VIEW
from qingting.assistance.states import AidKind, AidState, Refusal
from qingting.assistance.views import legal
from qingting.cases.selectors import case_of
from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.csv_files import as_csv
from qingting.core.time import local
from qingting.orders.selectors import all_handlers, handler_proposals
from qingting.seekers.selectors import seeker_of

PAGE = 20
Row = tuple[AidApplication, str, str]


def _rows(found: list[AidApplication]) -> list[Row]:
    """Each application with what is granted (or asked) and what is paid, in yuan."""
    paid = selectors.paid_fen([row.pk for row in found])
    return [(row, rules.yuan(row.granted_fen or row.asked_fen), rules.yuan(paid.get(row.pk, 0))) for row in found]


@requires(VIEW)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What waits first."""
    actor = actor_of(request)
    asked = selectors.Asked(**{name: request.GET.get(name, "").strip()[:30] for name in ("number", "kind", "state")})
    page = selectors.applications_page(actor, asked, request.GET.get("page", "1"), PAGE)
    typed = {name: value for name, value in asdict(asked).items() if value}
    choices = {"kinds": AidKind.choices, "states": AidState.choices}
    context = {
        "asked": asked,
        "query": urlencode(typed) + "&" if typed else "",
        **choices,
        "page": page,
        "rows": _rows(list(page)),
        "may_export": actor.may(PAY),
        "year": local(time.now()).year,
    }
    context["may_keep_lawyers"] = actor.may(KEEP_LAWYERS)
    return render(request, "assistance/list.html", context)


@requires(VIEW)
@require_GET
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """The applications over a case, and the form for one more, as a fragment."""
    actor = actor_of(request)
    case = case_of(actor, case_id)
    context = {
        "case": case,
        "rows": _rows(selectors.of_case(actor, case.pk)),
        "kinds": AidKind.choices,
        "may_apply": actor.may(APPLY, case.organisation_id) and case.state == "OPEN",
    }
    return render(request, "assistance/panel.html", context)


@requires(VIEW)
@require_GET
def person(request: HttpRequest, seeker_id: int) -> HttpResponse:
    """Everything one person was given or refused, over all cases."""
    actor = actor_of(request)
    found = seeker_of(actor, seeker_id)
    rows = selectors.of_person(actor, found.pk)
    total = sum(selectors.paid_fen([row.pk for row in rows]).values())
    return render(request, "assistance/person.html", {"person": found, "rows": _rows(rows), "total": rules.yuan(total)})


@requires(VIEW)
@require_GET
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application: what was said, the ledger, and what this person may do next."""
    actor = actor_of(request)
    row = selectors.application_of(actor, application_id)
    entries = selectors.entries_of(row)
    paid = rules.balance(entry.amount_fen for entry in entries)
    others = {row.applied_by_account_id, row.checked_by_account_id}
    apart = actor.account_id not in others
    near = handler_proposals(row.case.division, row.province)
    context = {
        "row": row,
        "asked": rules.yuan(row.asked_fen),
        "granted": rules.yuan(row.granted_fen),
        "left": rules.yuan(row.granted_fen - paid),
        "entries": [(entry, rules.yuan(entry.amount_fen), hasattr(entry, "reversed_by")) for entry in entries],
        "notes": selectors.notes_of(row),
        "may_check": apart and row.state == "APPLIED" and actor.may(CHECK, row.organisation_id),
        "may_decide": apart and row.state == "CHECKED" and actor.may(DECIDE, row.organisation_id),
        "may_pay": row.state == "APPROVED" and actor.may(PAY, row.organisation_id),
        "may_withdraw": row.state in {"APPLIED", "CHECKED"} and actor.may(APPLY, row.organisation_id),
        "refusals": Refusal.choices,
        "handlers": [*near, *(house for house in all_handlers(row.province) if house not in near)],
        **legal.shown(actor, row, paid),
    }
    return render(request, "assistance/application.html", context)


@requires(APPLY)
@require_POST
def apply(request: HttpRequest, case_id: int) -> HttpResponse:
    """Apply in somebody's name."""
    new = forms.application(request.POST)
    made = services.apply(actor=actor_of(request), case_id=case_id, new=new, at=time.now())
    return HttpResponseClientRedirect(reverse("assistance:application", args=[made.pk]))


@requires(CHECK)
@require_POST
def check(request: HttpRequest, application_id: int) -> HttpResponse:
    """初审通过."""
    words = forms.words_from(request.POST, "words")
    services.check(actor=actor_of(request), application_id=application_id, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(DECIDE)
@require_POST
def approve(request: HttpRequest, application_id: int) -> HttpResponse:
    """批准."""
    grant = forms.grant(request.POST)
    services.approve(actor=actor_of(request), application_id=application_id, grant=grant, at=time.now())
    return HttpResponseClientRefresh()


@requires(VIEW)
@require_POST
def refuse(request: HttpRequest, application_id: int) -> HttpResponse:
    """不批准; which right it needs depends on the step, and the service knows."""
    actor, at = actor_of(request), time.now()
    reason, words = forms.words_from(request.POST, "reason", 16), forms.words_from(request.POST, "words")
    services.refuse(actor=actor, application_id=application_id, reason=reason, words=words, at=at)
    return HttpResponseClientRefresh()


@requires(APPLY)
@require_POST
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """撤回."""
    words = forms.words_from(request.POST, "words")
    services.withdraw(actor=actor_of(request), application_id=application_id, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(PAY)
@require_POST
def pay(request: HttpRequest, application_id: int) -> HttpResponse:
    """登记支付."""
    payment = forms.payment(request.POST)
    services.pay(actor=actor_of(request), application_id=application_id, payment=payment, at=time.now())
    return HttpResponseClientRefresh()


@requires(PAY)
@require_POST
def reverse_payment(request: HttpRequest, entry_id: int) -> HttpResponse:
    """冲正."""
    words = forms.words_from(request.POST, "words")
    services.reverse_payment(actor=actor_of(request), entry_id=entry_id, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(PAY)
@require_POST
def close(request: HttpRequest, application_id: int) -> HttpResponse:
    """办结."""
    words = forms.words_from(request.POST, "words")
    services.close(actor=actor_of(request), application_id=application_id, words=words, at=time.now())
    return HttpResponseClientRefresh()


@requires(PAY)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The ledger of a year as CSV, for the books: case numbers, no word and no name of a person."""
    actor, at = actor_of(request), time.now()
    since, until = forms.year_from(request.POST, local(at))
    entries = list(selectors.ledger(actor, since=since, until=until))
    services.note_export(actor=actor, count=len(entries), at=at)
    answer = HttpResponse(as_csv(HEADINGS, [_line(entry) for entry in entries]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="assistance-{since.year}.csv"'
    return answer


HEADINGS = ("日期", "种类", "类别", "金额（元）", "凭证号", "来源", "个案编号")


def _line(entry: LedgerEntry) -> list[object]:
    paid = entry.application
    return [
        f"{local(entry.at):%Y-%m-%d}",
        paid.get_kind_display(),
        entry.get_kind_display(),
        Decimal(entry.amount_fen).scaleb(-2),
        entry.voucher,
        paid.funder,
        paid.case.number,
    ]
