"""Telephoning somebody by itself: asked for by another room, dialled by a controller, repeated by rule, its outcome told.

Nothing here waits for an Asterisk. Where there is none, or no controller, what was asked for ends by its time and says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.crypto import key_version, keyring, seal, unseal
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import rules
from qingting.telephony.events import AnnouncementAsked, AnnouncementEnded, AnnouncementTried
from qingting.telephony.models import Announcement, AnnouncementAttempt
from qingting.telephony.selectors import number_for_machine, telephone_is_there
from qingting.telephony.services.waking import wake_controller
from qingting.telephony.states import AnnouncementOutcome, AnnouncementState, Notice

SEALED = "telephony_announcement.number"
AT_ONCE = 12  # announcements a controller dials at the same time: callers need the trunk, too
_OVER = frozenset({AnnouncementOutcome.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Told:
    """Who is telephoned about what: `subject` is (kind, id) in the words of the room that asks. number: '' with `to_police`,
    which goes the way on which 110 is reached."""

    notice: str
    subject: tuple[str, int]
    number: str = ""
    to_police: bool = False
    account_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One dialling that a controller has taken upon itself. number: plain, to be dialled and forgotten."""

    announcement_id: int
    attempt_id: int
    notice: str
    number: str
    to_police: bool

    @property
    def rule(self) -> rules.NoticeRule:
        return rules.NOTICES[self.notice]


@transaction.atomic
def ask_announcement(*, organisation_id: int, province: str, told: Told, at: datetime) -> Announcement:
    """Have somebody telephoned. Asking again while it is under way changes nothing. It never refuses: a number that may not
    be dialled, or a missing telephone, is an outcome like any other."""
    with acting(EVERYTHING):
        under_way = Announcement.objects.filter(
            subject_kind=told.subject[0], subject_id=told.subject[1], state=AnnouncementState.ASKED
        ).first()
        if under_way is not None:
            return under_way
        number = number_for_machine(told.number)
        may = told.to_police or bool(number)
        lasts = rules.NOTICES[told.notice].lasts if may and telephone_is_there(at=at) else timedelta(0)
        announcement = Announcement.objects.create(
            organisation_id=organisation_id,
            province=province,
            notice=told.notice,
            subject_kind=told.subject[0],
            subject_id=told.subject[1],
            account_id=told.account_id,
            case_id=told.case_id,
            to_police=told.to_police,
            outcome=AnnouncementOutcome.NO_TELEPHONE if may else AnnouncementOutcome.NO_NUMBER,
            not_before=at,
            expires_at=at + lasts,
            asked_at=at,
            **(_sealed(number) if may and not told.to_police else {}),
        )
        publish(AnnouncementAsked(**_facts(announcement)), actor=_house(announcement), at=at)
    wake_controller("announcement")
    return announcement


def _sealed(number: str) -> dict[str, Any]:
    envelope = seal(number, field=SEALED)
    return {
        "number_sealed": envelope,
        "number_tail": rules.tail(number),
        "key_version": key_version(envelope),
    }


@transaction.atomic
def claim_announcements(*, free: int, at: datetime) -> list[Due]:
    """What a controller dials now: its own until the dialling must be over, so that two controllers never call one person twice."""
    waiting = Announcement.objects.filter(state=AnnouncementState.ASKED, not_before__lte=at, expires_at__gt=at)
    unclaimed = waiting.exclude(claimed_until__gt=at).order_by("not_before")
    return [_claimed(row, at) for row in unclaimed.select_for_update(skip_locked=True)[: max(0, free)]]


def _claimed(row: Announcement, at: datetime) -> Due:
    rule = rules.NOTICES[row.notice]
    until = at + timedelta(seconds=rule.ring_seconds + rules.TELLING_SECONDS + 15)
    Announcement.objects.filter(pk=row.pk).update(claimed_until=until, attempts=row.attempts + 1)
    attempt = AnnouncementAttempt.objects.create(
        organisation_id=row.organisation_id, province=row.province, announcement=row, began_at=at
    )
    number = unseal(bytes(row.number_sealed), field=SEALED) if row.number_sealed else ""
    return Due(row.pk, attempt.pk, row.notice, number, row.to_police)


@transaction.atomic
def note_announced(*, attempt_id: int, outcome: str, at: datetime) -> None:
    """What came of one dialling: it is acknowledged, or tried again later, or that was the last time."""
    attempt = AnnouncementAttempt.objects.select_for_update().get(pk=attempt_id)
    if attempt.ended_at is not None:
        return
    AnnouncementAttempt.objects.filter(pk=attempt.pk).update(outcome=outcome, ended_at=at)
    row = Announcement.objects.select_for_update().get(pk=attempt.announcement_id)
    label = str(AnnouncementOutcome(outcome).label)
    tried = AnnouncementTried(**_facts(row), attempt=row.attempts, outcome=outcome, outcome_label=label)
    publish(tried, actor=_person_or_house(row, outcome), at=at)
    if row.state != AnnouncementState.ASKED:
        return
    if row.outcome != AnnouncementOutcome.HEARD or outcome in _OVER:
        row.outcome = outcome  # somebody heard it: that nobody was there the next time does not take it back
    later = None if outcome in _OVER else rules.next_notice(row.notice, row.attempts, at)
    if later is None or later >= row.expires_at:
        _end(row, row.outcome, at)
    else:
        Announcement.objects.filter(pk=row.pk).update(outcome=row.outcome, not_before=later, claimed_until=None)


@transaction.atomic
def end_announcements_due(*, at: datetime) -> int:
    """Those whose time is over, dialled or not. One that is being spoken now is let finish."""
    with acting(EVERYTHING):
        over = Announcement.objects.filter(state=AnnouncementState.ASKED, expires_at__lte=at)
        rows = list(over.exclude(claimed_until__gt=at).select_for_update(skip_locked=True)[:100])
        for row in rows:
            _end(row, row.outcome, at)
    return len(rows)


@transaction.atomic
def stop_announcements(*, subjects: Iterable[tuple[str, int]], at: datetime) -> None:
    """No longer needed: what rings or speaks stops."""
    with acting(EVERYTHING):
        for kind, subject_id in subjects:
            under_way = Announcement.objects.select_for_update().filter(subject_kind=kind, subject_id=subject_id)
            for row in under_way.filter(state=AnnouncementState.ASKED):
                stopped = {"state": AnnouncementState.ENDED, "outcome": AnnouncementOutcome.STOPPED, "ended_at": at}
                Announcement.objects.filter(pk=row.pk).update(**stopped, number_sealed=None)
    wake_controller("announcement")


def _end(row: Announcement, outcome: str, at: datetime) -> None:
    """The number is forgotten with it."""
    Announcement.objects.filter(pk=row.pk).update(
        state=AnnouncementState.ENDED, outcome=outcome, ended_at=at, number_sealed=None, claimed_until=None
    )
    label = str(AnnouncementOutcome(outcome).label)
    ended = AnnouncementEnded(**_facts(row), outcome=outcome, outcome_label=label, attempts=row.attempts)
    publish(ended, actor=_person_or_house(row, outcome), at=at)


def _facts(row: Announcement) -> dict[str, Any]:
    """The fields that all its events share."""
    return {
        "organisation_id": row.organisation_id,
        "province": row.province,
        "announcement_id": row.pk,
        "matter_id": row.subject_id,
        "account_id": row.account_id or 0,
        "case_id": row.case_id or 0,
        "subject_kind": row.subject_kind,
        "notice": row.notice,
        "notice_label": str(Notice(row.notice).label),
    }


def _house(row: Announcement) -> Actor:
    return system_for(row.organisation_id, row.province)


def _person_or_house(row: Announcement, outcome: str) -> Actor:
    """Whoever pressed the key did something: the journal names them, where they are one of ours."""
    if outcome != AnnouncementOutcome.ACKNOWLEDGED or not row.account_id:
        return _house(row)
    return Actor(
        account_id=row.account_id,
        organisation_id=row.organisation_id,
        province=row.province,
        acting_as="person",
        scope=EVERYTHING,
    )


def seal_anew(batch: int) -> int:
    """Seal up to `batch` numbers of older keys with the current one; called by `rotate_numbers`."""
    stale = Announcement.objects.filter(number_sealed__isnull=False, key_version__lt=keyring().current)
    rows = list(stale.select_for_update(skip_locked=True)[:batch])
    for row in rows:
        row.number_sealed = seal(unseal(bytes(row.number_sealed or b""), field=SEALED), field=SEALED)
        row.key_version = key_version(row.number_sealed)
    Announcement.objects.bulk_update(rows, ["number_sealed", "key_version"])
    return len(rows)
