"""Messages and requests to be called back: screened as they come, answered the next day at the latest."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.core.actors import SYSTEM, Actor, system_for
from qingting.core.clocks import meet_clock, start_clock
from qingting.core.crypto import key_version, keyring, seal, unseal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.reception import rules, selectors
from qingting.reception.events import LeftMessageAnswered, LeftNumberRead, MessageLeft, SecretsResealed
from qingting.reception.models import LeftMessage
from qingting.reception.permissions import ANSWER
from qingting.reception.services import alerts
from qingting.reception.states import Cause, LeftKind, LeftState
from qingting.screening import screen
from qingting.screening.editions import in_force
from qingting.staff.services import News, notify_holders

log = logging.getLogger(__name__)
SEALED = "reception_leftmessage.phone"
LONGEST = 2000
_PHONE = re.compile(r"\+?\d[\d\- ]{5,18}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What somebody leaves. phone: needed for a callback; when: in their own words."""

    kind: str
    words: str = ""
    phone: str = ""
    when: str = ""


@transaction.atomic
def leave(*, actor: Actor, left: Left, at: datetime) -> LeftMessage:
    """Leave a message with the seeker's station, or ask to be called back. Danger in it calls somebody at once."""
    _check(left)
    words, phone = left.words.strip()[:LONGEST], left.phone.strip()
    envelope = seal(phone, field=SEALED) if phone else None
    row = LeftMessage.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        visit_id=actor.visit_id or None,
        kind=left.kind,
        words=words,
        phone_sealed=envelope,
        phone_key_version=key_version(envelope) if envelope else None,
        when=left.when.strip()[:100],
        level=_level_of(actor.organisation_id, words),
        left_at=at,
    )
    event = MessageLeft(
        organisation_id=row.organisation_id,
        province=row.province,
        left_message_id=row.pk,
        kind=row.kind,
        kind_label=str(LeftKind(row.kind).label),
        level=row.level,
    )
    publish(event, actor=actor, at=at)
    with acting(EVERYTHING):
        _set_going(row, at)
    return row


def _check(left: Left) -> None:
    wrong = {}
    if left.kind == LeftKind.CALLBACK and not _PHONE.fullmatch(left.phone.strip()):
        wrong["phone"] = "请写能打通的号码，只写数字就行。"
    elif left.phone.strip() and not _PHONE.fullmatch(left.phone.strip()):
        wrong["phone"] = "号码好像不对，请再看一眼；不想留也可以空着。"
    if left.kind not in LeftKind.values or (left.kind == LeftKind.MESSAGE and not left.words.strip()):
        wrong["words"] = "写下想说的话，一句也行。"
    if wrong:
        raise Invalid("还差一点。", code="reception.left.invalid", do_next="按提示补上就能发。", fields=wrong)


def _level_of(organisation_id: int, words: str) -> str:
    try:
        with in_force(organisation_id):
            return screen(words).level or ""
    except Exception:
        log.exception("screening failed for a left message")
        return "URGENT"  # nobody has read it yet: rather call somebody than wait for tomorrow


def _set_going(row: LeftMessage, at: datetime) -> None:
    system = system_for(row.organisation_id, row.province)
    span = clock_span(row.organisation_id, ClockKind.MESSAGE_REPLY, start=at)
    subject = ("left_message", row.pk)
    start_clock(actor=system, kind=ClockKind.MESSAGE_REPLY, subject=subject, span=span, at=at)
    grave = row.level in rules.SILENT_FROM
    kind = "reception.left-danger" if grave else "reception.left"
    news = News(kind=kind, subject=subject, urgency=row.level if grave else "ROUTINE", dedupe=f"left:{row.pk}")
    notify_holders(organisation_id=row.organisation_id, permission=ANSWER, news=news, at=at)
    if grave:
        alerts.raise_alert(
            organisation_id=row.organisation_id, subject=subject, cause=Cause.DANGER, level=row.level, at=at
        )


@transaction.atomic
def answer_left(*, actor: Actor, left_id: int, reply: str, note: str, at: datetime) -> None:
    """It is answered: with words that the person reads where they left theirs, or with a note of the call."""
    row = selectors.left_for(actor, left_id)
    actor.require(ANSWER, row.organisation_id)
    if not (reply.strip() or note.strip()):
        raise Invalid("请写回复，或者写明电话里说了什么。", code="reception.left.empty", do_next="写一两句就行。")
    changed = LeftMessage.objects.filter(pk=row.pk, state=LeftState.WAITING).update(
        state=LeftState.ANSWERED,
        reply=reply.strip()[:LONGEST],
        note=note.strip()[:LONGEST],
        answered_by_account_id=actor.account_id,
        answered_at=at,
    )
    if not changed:
        raise DomainError("这条已经有同事回复了。", code="reception.left.answered", do_next="刷新就能看到回复。")
    meet_clock(subject=("left_message", row.pk), at=at)
    alerts.end_alerts(subject=("left_message", row.pk), account_id=actor.account_id, at=at)
    event = LeftMessageAnswered(
        organisation_id=row.organisation_id,
        province=row.province,
        left_message_id=row.pk,
        account_id=actor.account_id,
    )
    publish(event, actor=actor, at=at)


@transaction.atomic
def read_number(*, actor: Actor, left_id: int, at: datetime) -> str:
    """The number to call back; reading it is an entry in the journal."""
    row = selectors.left_for(actor, left_id)
    actor.require(ANSWER, row.organisation_id)
    if row.phone_sealed is None:
        return ""
    event = LeftNumberRead(
        organisation_id=row.organisation_id,
        province=row.province,
        left_message_id=row.pk,
        account_id=actor.account_id,
    )
    publish(event, actor=actor, at=at)
    return unseal(bytes(row.phone_sealed), field=SEALED)


@transaction.atomic
def rotate_numbers(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` numbers of older keys with the current one. Returns how many; 0 when done."""
    current = keyring().current
    with acting(EVERYTHING):
        stale = LeftMessage.objects.filter(phone_key_version__lt=current)
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.phone_sealed = seal(unseal(bytes(row.phone_sealed or b""), field=SEALED), field=SEALED)
            row.phone_key_version = current
        LeftMessage.objects.bulk_update(rows, ["phone_sealed", "phone_key_version"])
        if rows:
            told = SecretsResealed(organisation_id=0, province="", values=len(rows), key_version=current)
            publish(told, actor=SYSTEM, at=at)
    return len(rows)
