"""操作日志: what was done, by whom, for whom, when; and whether the journal is still what it was."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from qingting.cases.models import Case
from qingting.core import sealing, time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.models import Entry
from qingting.core.permissions import READ_JOURNAL, VERIFY_JOURNAL
from qingting.core.reading import JournalFilter, read_journal
from qingting.directory.models import Organisation
from qingting.sites.workbench.journal_words import ACTING_AS, FINDINGS, SUBJECTS, name_groups, words_for
from qingting.staff.selectors import colleagues_within, display_names

_DAYS_AT_FIRST = 7
_LARGEST_ID = 2**63 - 1
_FIELDS = ("since", "until", "name", "account", "subject", "case")


@requires(READ_JOURNAL)
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """One page of entries, the newest first. Every look is itself an entry."""
    actor, at = actor_of(request), time.now()
    typed = _typed(request.GET, at)
    page = read_journal(actor=actor, asked=_asked(typed), after=request.GET.get("after", ""), at=at)
    query = urlencode({name: value for name, value in typed.items() if value})
    context = {
        "rows": _rows(page.entries),
        "typed": typed,
        "query": query,
        "further": page.further,
        "first": not request.GET.get("after"),
        "names": name_groups(),
        "people": [(str(pk), name) for pk, name in colleagues_within(actor)],
        **_integrity(actor),
    }
    return render(request, "workbench/journal.html", context)


def _typed(data: QueryDict, at: datetime) -> dict[str, str]:
    """What the filters hold; the last days where nobody has asked for anything yet."""
    typed = {name: data.get(name, "").strip()[:40] for name in _FIELDS}
    if not any(name in data for name in _FIELDS):
        typed["since"] = f"{time.local(at - timedelta(days=_DAYS_AT_FIRST)):%Y-%m-%d}"
    return typed


def _asked(typed: dict[str, str]) -> JournalFilter:
    until = _midnight(typed["until"])
    return JournalFilter(
        since=_midnight(typed["since"]),
        until=until + timedelta(days=1) if until else None,
        name=typed["name"],
        account_id=_number(typed["account"]),
        subject_id=_number(typed["subject"]),
        case_id=_case(typed["case"]),
    )


def _midnight(text: str) -> datetime | None:
    """The beginning of a day in China; None for anything that is no day."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=time.BEIJING) if day else None


def _number(text: str) -> int:
    """An id; -1, which nothing has, for words that are none; 0 for nothing typed."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and int(text) <= _LARGEST_ID else -1


def _case(text: str) -> int:
    """A case by id or by its number."""
    found = Case.objects.filter(number=text.upper()).values_list("pk", flat=True).first() if "-" in text else None
    return found or _number(text)


def _rows(entries: list[Entry]) -> list[dict[str, Any]]:
    names = display_names({entry.account_id for entry in entries if entry.account_id})
    organisations = dict(
        Organisation.objects.filter(pk__in={_acted_for(entry) for entry in entries}).values_list("pk", "short_name")
    )
    numbers = dict(
        Case.objects.filter(pk__in={entry.case_id for entry in entries if entry.case_id}).values_list("pk", "number")
    )
    return [
        {
            "entry": entry,
            "what": words_for(entry.name, entry.data),
            "who": names.get(entry.account_id or 0, ""),
            "acting_as": ACTING_AS.get(entry.acting_as, entry.acting_as),
            "organisation": organisations.get(_acted_for(entry), "全系统"),
            "subject": SUBJECTS.get(entry.subject_kind, entry.subject_kind),
            "case_number": numbers.get(entry.case_id or 0, ""),
            "values": [(name, value) for name, value in entry.data.items() if value not in ("", None, [])],
        }
        for entry in entries
    ]


def _acted_for(entry: Entry) -> int:
    """The organisation the actor acted for, where the event says it; else the one whose entry it is."""
    return int(entry.ids.get("acting_organisation") or entry.organisation_id)


def _integrity(actor: Actor) -> dict[str, Any]:
    """The box beside the entries."""
    standing = sealing.integrity()
    check = standing.last_check
    findings = [finding.split(":", 1) for finding in check.data.get("findings", [])] if check else []
    return {
        "integrity": standing,
        "check": check,
        "checked_by": display_names({check.account_id}).get(check.account_id, "") if check and check.account_id else "",
        "findings": [(number, FINDINGS.get(code, code)) for number, code in findings],
        "may_verify": actor.may(VERIFY_JOURNAL),
    }


@requires(VERIFY_JOURNAL)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Compute every seal again; what came of it stands in the journal and in the box."""
    actor = actor_of(request)
    sealing.verify_and_tell(actor=actor, at=time.now())
    if not request.headers.get("HX-Request"):
        return redirect("workbench:journal")
    return render(request, "workbench/integrity.html", _integrity(actor))
