"""Reading the journal as an auditor does, page by page within one's sight. Reading it is itself told to it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.events import Event, publish
from qingting.core.models import Entry
from qingting.core.permissions import READ_JOURNAL

PAGE = 50
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRead(Event):
    """filters: which filters were set, as codes; never what was looked for."""

    name: ClassVar[str] = "core.journal-read"
    subject: ClassVar[str] = "journal_id"
    label: ClassVar[str] = "查看操作日志"
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What is asked for; an empty value does not narrow it. name: an event's, or with a dot at its end a room's."""

    since: datetime | None = None
    until: datetime | None = None
    name: str = ""
    account_id: int = 0
    subject_id: int = 0
    case_id: int = 0

    def codes(self) -> tuple[str, ...]:
        """Names of the filters that are set."""
        given = {
            "since": self.since,
            "until": self.until,
            "name": self.name,
            "account": self.account_id,
            "subject": self.subject_id,
            "case": self.case_id,
        }
        return tuple(name for name, value in given.items() if value)


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, the newest first; further: the cursor of the next page, empty on the last one."""

    entries: list[Entry]
    further: str


@transaction.atomic
def read_journal(*, actor: Actor, asked: JournalFilter, after: str, at: datetime) -> JournalPage:
    """One page behind the cursor `after` ("" for the first), told to the journal before it is read.

    Raises NotAllowed without `core.read-journal`. A cursor that is none begins at the first page.
    """
    actor.require(READ_JOURNAL)
    found = list(_behind(_narrowed(actor, asked), after).order_by("-at", "-pk")[: PAGE + 1])
    read = JournalRead(organisation_id=actor.organisation_id, province=actor.province, filters=asked.codes())
    publish(read, actor=actor, at=at)
    return JournalPage(found[:PAGE], _cursor(found[PAGE - 1]) if len(found) > PAGE else "")


def _narrowed(actor: Actor, asked: JournalFilter) -> QuerySet[Entry]:
    """Organisations are named for the index's sake; a case also shows what others, who were let in, did about it."""
    entries = Entry.objects.all()
    if not asked.case_id:
        entries = entries.filter(organisation_id__in=sorted(actor.scope.organisations))
    exact = {"account_id": asked.account_id, "subject_id": asked.subject_id, "case_id": asked.case_id}
    entries = entries.filter(**{column: value for column, value in exact.items() if value})
    if asked.name:
        entries = entries.filter(**{"name__startswith" if asked.name.endswith(".") else "name": asked.name})
    if asked.since:
        entries = entries.filter(at__gte=asked.since)
    if asked.until:
        entries = entries.filter(at__lt=asked.until)
    return entries


def _cursor(entry: Entry) -> str:
    return f"{(entry.at - _EPOCH) // _MICROSECOND}-{entry.pk}"


def _behind(entries: QuerySet[Entry], after: str) -> QuerySet[Entry]:
    moment, _, pk = after.partition("-")
    if not (moment.isascii() and moment.isdigit() and pk.isascii() and pk.isdigit() and len(after) < 40):
        return entries
    at = _EPOCH + int(moment) * _MICROSECOND
    return entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=int(pk)), at__lte=at)
