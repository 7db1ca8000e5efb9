"""Keeping the facts up from the journal: read a batch, change the facts, move the mark, all in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from qingting.core.journal import Cursor, JournalRow, read_after
from qingting.core.scope import EVERYTHING, acting
from qingting.statistics.models import (
    CallbackFact,
    CallFact,
    CaseFact,
    ComplaintFact,
    ContactFact,
    ConversationFact,
    ReadMark,
)
from qingting.statistics.rules import local_day

READER = "statistics"
BATCH = 500

_OF_A_CONTACT = ("channel", "category", "risk_level", "age_band", "gender", "caller_kind", "division")
# A fact is written by one statement that knows what to do where there is one already: asking first costs three more.


def _where_and_when(row: JournalRow) -> dict[str, Any]:
    return {"organisation_id": row.organisation_id, "province": row.province, "day": local_day(row.at)}


def _contact(row: JournalRow) -> None:
    values = {**_where_and_when(row), **{name: row.data.get(name, "") for name in _OF_A_CONTACT}}
    ContactFact.objects.bulk_create(
        [ContactFact(contact_id=row.ids["contact"], **values)],
        update_conflicts=True,
        unique_fields=["contact_id"],
        update_fields=list(values),
    )


def _conversation_started(row: JournalRow) -> None:
    fact = ConversationFact(conversation_id=row.ids["conversation"], started_at=row.at, **_where_and_when(row))
    ConversationFact.objects.bulk_create([fact], ignore_conflicts=True)


def _conversation_taken(row: JournalRow) -> None:
    waiting = ConversationFact.objects.filter(conversation_id=row.ids["conversation"], answered_at=None)
    waiting.update(answered_at=row.at)


def _danger(row: JournalRow) -> None:
    if row.data.get("raised"):
        facts = ConversationFact.objects.filter(conversation_id=row.ids["conversation"])
        facts.update(danger_level=row.data["level"])
        facts.filter(danger_at=None).update(danger_at=row.at)


def _intervened(row: JournalRow) -> None:
    conversation = row.ids.get("conversation", 0)
    ConversationFact.objects.filter(conversation_id=conversation, intervened_at=None).update(intervened_at=row.at)


def _case_opened(row: JournalRow) -> None:
    values = {name: row.data.get(name, "") for name in ("category", "urgency", "division")}
    fact = CaseFact(case_id=row.ids["case"], opened_at=row.at, **_where_and_when(row), **values)
    CaseFact.objects.bulk_create([fact], ignore_conflicts=True)


def _first(field: str) -> Callable[[JournalRow], None]:
    """The first time something happened to the case."""

    def note(row: JournalRow) -> None:
        CaseFact.objects.filter(case_id=row.ids.get("case", 0), **{field: None}).update(**{field: row.at})

    return note


def _latest(field: str) -> Callable[[JournalRow], None]:
    """The last time it happened; a reopened case is closed anew."""
    return lambda row: _change(row, **{field: row.at})


def _change(row: JournalRow, **values: object) -> None:
    CaseFact.objects.filter(case_id=row.ids.get("case", 0)).update(**values)


def _acknowledged(row: JournalRow) -> None:
    _first("acknowledged_at")(row)
    _intervened(row)


def _breached(row: JournalRow) -> None:
    CaseFact.objects.filter(case_id=row.ids.get("case", 0)).update(breaches=F("breaches") + 1)


def _complaint_received(row: JournalRow) -> None:
    house = {**_where_and_when(row), "organisation_id": row.ids["about_organisation"]}
    told = {name: row.data.get(name, "") for name in ("about", "source")}
    fact = ComplaintFact(complaint_id=row.ids["complaint"], received_at=row.at, **house, **told)
    ComplaintFact.objects.bulk_create([fact], ignore_conflicts=True)


def _complaint_acknowledged(row: JournalRow) -> None:
    facts = ComplaintFact.objects.filter(complaint_id=row.ids["complaint"], acknowledged_at=None)
    facts.update(acknowledged_at=row.at)


def _complaint_answered(row: JournalRow) -> None:
    facts = ComplaintFact.objects.filter(complaint_id=row.ids["complaint"])
    facts.update(answered_at=row.at, finding=row.data.get("finding", ""))


def _complaint_climbed(row: JournalRow) -> None:
    ComplaintFact.objects.filter(complaint_id=row.ids["complaint"]).update(level=row.data["level"], answered_at=None)


def _call_begun(row: JournalRow) -> None:
    if row.data.get("direction") == "IN":
        fact = CallFact(call_id=row.ids["call"], began_at=row.at, **_where_and_when(row))
        CallFact.objects.bulk_create([fact], ignore_conflicts=True)


def _call_taken(row: JournalRow) -> None:
    CallFact.objects.filter(call_id=row.ids["call"], answered_at=None).update(answered_at=row.at)


def _call_ended(row: JournalRow) -> None:
    CallFact.objects.filter(call_id=row.ids["call"]).update(outcome=row.data.get("outcome", ""))


def _callback_planned(row: JournalRow) -> None:
    fact = CallbackFact(task_id=row.ids["task"], **_where_and_when(row))
    CallbackFact.objects.bulk_create([fact], ignore_conflicts=True)


def _callback_ended(row: JournalRow) -> None:
    if row.data.get("state") == "DONE":
        CallbackFact.objects.filter(task_id=row.ids["task"], done_at=None).update(done_at=row.at)


# What each kind of journal entry does to the facts. Anything else is passed over.
EFFECTS: dict[str, Callable[[JournalRow], None]] = {
    "chat.started": _conversation_started,
    "chat.taken": _conversation_taken,
    "chat.danger-seen": _danger,
    "telephony.call-begun": _call_begun,
    "telephony.call-taken": _call_taken,
    "telephony.call-ended": _call_ended,
    "telephony.callback-planned": _callback_planned,
    "telephony.callback-ended": _callback_ended,
    "contacts.completed": _contact,
    "cases.opened": _case_opened,
    "complaints.received": _complaint_received,
    "complaints.acknowledged": _complaint_acknowledged,
    "complaints.answered": _complaint_answered,
    "complaints.escalated": _complaint_climbed,
    "complaints.review-asked": _complaint_climbed,
    "linkage.handed-off": _first("handed_off_at"),
    "linkage.acknowledged": _acknowledged,
    "risk.intervention-recorded": _intervened,
    "orders.finished": _latest("finished_at"),
    "cases.closed": _latest("closed_at"),
    "cases.reopened": lambda row: _change(row, closed_at=None, signed_off_at=None),
    "cases.signed-off": _latest("signed_off_at"),
    "followups.recorded": lambda row: _change(row, helped=row.data.get("helped", "")),
    "followups.rated": lambda row: _change(row, score=row.data.get("score")),
    "core.clock-breached": _breached,
}


def refresh(*, at: datetime) -> int:
    """Take in the next batch of the journal. Returns how many entries were read."""
    with acting(EVERYTHING), transaction.atomic():
        marks = ReadMark.objects.select_for_update().filter(reader=READER)
        mark = marks.first() or ReadMark.objects.create(reader=READER)
        rows = read_after(Cursor(mark.txid, mark.entry_id), limit=BATCH)
        for row in rows:
            effect = EFFECTS.get(row.name)
            if effect is not None:
                effect(row)
        if rows:
            last = rows[-1].cursor
            ReadMark.objects.filter(reader=READER).update(txid=last.txid, entry_id=last.entry_id)
    return len(rows)


def _everything_counted() -> list[QuerySet[Any]]:
    models = (ContactFact, ConversationFact, CallFact, CallbackFact, CaseFact, ComplaintFact)
    return [model.objects.all() for model in models]


def rebuild(*, at: datetime) -> int:
    """Forget the facts and count everything anew from the journal. Returns how many entries were read."""
    with acting(EVERYTHING), transaction.atomic():
        for facts in _everything_counted():
            facts.delete()
        ReadMark.objects.update_or_create(reader=READER, defaults={"txid": 0, "entry_id": 0})
    total = 0
    while count := refresh(at=at):
        total += count
    return total
