"""Telling people of something they should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.core.actors import SYSTEM, Actor
from qingting.core.journal import append_stored
from qingting.core.journal import as_row as entry_of
from qingting.core.rows import as_json, as_row
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import joined
from qingting.directory import selectors as directory
from qingting.staff import selectors
from qingting.staff.events import NoticeRaised
from qingting.staff.models import Notice, NoticeRead


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is told. kind: dotted, its words stand in `staff.notices`; subject: kind and id of what it is about;
    dedupe: the same text tells an organisation once."""

    kind: str
    subject: tuple[str, int]
    urgency: str
    case_id: int | None = None
    dedupe: str = ""


@joined
def notify_holders(*, organisation_id: int, permission: str, news: News, at: datetime) -> None:
    """Tell whoever holds `permission` in the organisation. The same `dedupe` tells once."""
    notify_all([(organisation_id, permission, news)], at=at)


@joined
def notify_account(*, organisation_id: int, account_id: int, news: News, at: datetime) -> None:
    """Tell one person, at their post in the organisation. The same `dedupe` tells once."""
    _store([_drawn(Notice(organisation_id=organisation_id, account_id=account_id), news, at)], at)


@joined
def notify_all(told: Sequence[tuple[int, str, News]], *, at: datetime) -> None:
    """The same as `notify_holders` for many (organisation, permission, news) at once, by one statement."""
    _store([_drawn(Notice(organisation_id=house, permission=right), news, at) for house, right, news in told], at)


def _drawn(notice: Notice, news: News, at: datetime) -> Notice:
    notice.kind, notice.urgency, notice.dedupe = news.kind, news.urgency, news.dedupe
    notice.subject_kind, notice.subject_id = news.subject
    notice.case_id, notice.created_at = news.case_id, at
    notice.province = directory.province_of(notice.organisation_id)
    return notice


_STORE = """INSERT INTO staff_notice SELECT * FROM jsonb_populate_recordset(null::staff_notice, %(rows)s::jsonb)
ON CONFLICT DO NOTHING RETURNING id"""


def _store(notices: Sequence[Notice], at: datetime) -> None:
    """Nothing ever acts on a notice, and notices are raised at the end of chains of events: so their entries go straight
    into the journal and do not count as a further link."""
    if not notices:
        return
    rows = as_json([as_row(notice) for notice in notices])
    entries = [entry_of(_raised(notice), actor=SYSTEM, at=at) for notice in notices]
    with acting(EVERYTHING):
        append_stored(_STORE, {"rows": rows}, entries)


def _raised(notice: Notice) -> NoticeRaised:
    return NoticeRaised(
        organisation_id=notice.organisation_id,
        province=notice.province,
        notice_id=notice.id,
        kind=notice.kind,
        urgency=notice.urgency,
        subject_kind=notice.subject_kind,
        matter_id=notice.subject_id,
        account_id=notice.account_id or 0,
        case_id=notice.case_id or 0,
    )


@transaction.atomic
def mark_read(*, actor: Actor, notice_id: int, at: datetime) -> None:
    """The person has seen a notice; NotFound where it was not for them."""
    _mark(actor, [selectors.notice(actor, notice_id).id], at)


@transaction.atomic
def mark_seen(*, actor: Actor, subject: tuple[str, int], at: datetime) -> None:
    """The person has opened what these notices are about, by whatever way."""
    about = selectors.unread_notices(actor).filter(subject_kind=subject[0], subject_id=subject[1])
    _mark(actor, list(about.values_list("pk", flat=True)), at)


@transaction.atomic
def mark_all_read(*, actor: Actor, at: datetime) -> None:
    """The person has seen everything that was for them until now."""
    _mark(actor, [entry.id for entry in selectors.unread_notices(actor)], at)


def _mark(actor: Actor, notice_ids: list[int], at: datetime) -> None:
    reads = [NoticeRead(notice_id=notice_id, account_id=actor.account_id, at=at) for notice_id in notice_ids]
    NoticeRead.objects.bulk_create(reads, ignore_conflicts=True)
