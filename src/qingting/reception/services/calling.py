"""Sending the calls: claimed by a lease, sent at the same time and outside any transaction, so that one dead channel holds up
nobody; when none of a step arrives, the next is called at once instead of after a minute."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from qingting.core.actors import system_for
from qingting.core.crypto import unseal
from qingting.core.events import publish
from qingting.core.gateways import deliver
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.models import Organisation
from qingting.directory.states import Urgency
from qingting.reception import events, selectors
from qingting.reception.models import Alert, Call, Target
from qingting.reception.services.alerts import TOKEN_SEALED, acknowledged_by, climb
from qingting.reception.services.telephones import CALL as BY_TELEPHONE
from qingting.reception.services.telephones import SEALED, TEST, state_after
from qingting.reception.states import AlertState, CallState, Cause
from qingting.staff.services import News, notify_holders
from qingting.telephony.states import AnnouncementOutcome

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=25)
TRIES = 2


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What a thread needs; nothing of it is logged."""

    call_id: int
    account_id: int
    alert_id: int
    address: str
    title: str
    body: str


def send_calls(*, at: datetime, limit: int = 16) -> int:
    """Send what waits. Returns how many calls were tried."""
    with acting(EVERYTHING):
        claimed = _claim(at, limit)
        if not claimed:
            return 0
        with ThreadPoolExecutor(max_workers=len(claimed), thread_name_prefix="alert") as threads:
            arrived = list(threads.map(_send, claimed))
        for call, worked in zip(claimed, arrived, strict=True):
            _note(call, worked, at)
        for alert_id in sorted({call.alert_id for call in claimed}):
            _climb_when_nobody_hears(alert_id, at)
    return len(claimed)


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[_Claimed]:
    free = Call.objects.filter(state=CallState.WAITING, called_at__lte=at).exclude(claimed_until__gt=at)
    rows = list(free.order_by("called_at").select_for_update(skip_locked=True, of=("self",))[:limit])
    Call.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until=at + LEASE)
    for row in rows:
        row.attempts += 1
    Call.objects.bulk_update(rows, ["attempts"])
    return [_claimed(row) for row in rows]


def _claimed(row: Call) -> _Claimed:
    alert = Alert.objects.get(pk=row.alert_id)
    address = unseal(bytes(row.target.sealed), field=SEALED) if row.target is not None else ""
    title, body = words_of(alert, link_of(unseal(bytes(row.token_sealed), field=TOKEN_SEALED)))
    return _Claimed(row.pk, row.account_id, row.alert_id, address, title, body)


def link_of(token: str) -> str:
    """The address that acknowledges, as a phone opens it."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/alerts/{token}"


def words_of(alert: Alert, link: str) -> tuple[str, str]:
    """What arrives on a phone: level, place, time and the link. Nothing of the person, whoever looks at the screen."""
    name = Organisation.objects.values_list("short_name", flat=True).get(pk=alert.organisation_id)
    moment = local(alert.raised_at).strftime("%H:%M")
    what = "发现危险信号" if alert.cause == Cause.DANGER else "有来访者要找人"
    where = "留言" if alert.subject_kind == "left_message" else "在线会话"
    title = f"【青听】{Urgency(alert.level).label}警报" if alert.cause == Cause.DANGER else "【青听】有人要找值班老师"
    body = f"{name}，{where}，{moment}{what}。请点开并按“我来处理”：{link} 60秒内没有人确认，会叫下一位。"
    return title, body


def _send(call: _Claimed) -> bool:
    """Whether it was taken at the other end. Never raises: a broken channel must not keep the others from their turn."""
    try:
        return deliver(call.address, title=call.title, body=call.body) if call.address else False
    except Exception as error:  # noqa: BLE001 - whatever a channel does wrong, the next person is called
        log.warning("call %s failed: %s", call.call_id, type(error).__name__)
        return False


@transaction.atomic
def _note(call: _Claimed, worked: bool, at: datetime) -> None:
    row = Call.objects.select_for_update().get(pk=call.call_id)
    if row.state != CallState.WAITING:
        return  # acknowledged in the meantime
    if not worked and row.attempts < TRIES and row.way != "NONE":
        Call.objects.filter(pk=row.pk).update(claimed_until=None)
        return
    _end(row, CallState.SENT if worked else CallState.FAILED, at)


def _end(row: Call, state: CallState, at: datetime) -> None:
    sent = at if state == CallState.SENT else None
    Call.objects.filter(pk=row.pk).update(state=state, sent_at=sent, token_sealed=b"")
    alert = Alert.objects.get(pk=row.alert_id)
    ended = events.CallEnded(
        **selectors.alert_facts(alert),
        account_id=row.account_id,
        way=row.way,
        state=state,
        state_label=str(state.label),
    )
    publish(ended, actor=system_for(alert.organisation_id, alert.province), at=at)


@transaction.atomic
def note_telephoned(*, subject: tuple[str, int], outcome: str, at: datetime) -> None:
    """What came of ringing somebody's telephone: the key acknowledges the alert as the link does; where nobody picked up, the
    next person is called at once."""
    with acting(EVERYTHING):
        if subject[0] == TEST:
            worked = state_after(outcome) == CallState.SENT
            Target.objects.filter(pk=subject[1]).update(tested_at=at, test_worked=worked)
        elif subject[0] == BY_TELEPHONE:
            _note_rung(subject[1], outcome, at)


def _note_rung(call_id: int, outcome: str, at: datetime) -> None:
    row = Call.objects.select_for_update().filter(pk=call_id, state=CallState.CALLING).first()
    if row is None:
        return  # acknowledged in the meantime
    _end(row, state_after(outcome), at)
    if outcome == AnnouncementOutcome.ACKNOWLEDGED:
        acknowledged_by(row, at)
    else:
        _climb_when_nobody_hears(row.alert_id, at)


@transaction.atomic
def _climb_when_nobody_hears(alert_id: int, at: datetime) -> None:
    alert = Alert.objects.get(pk=alert_id)
    states = set(Call.objects.filter(alert=alert, step=alert.step).values_list("state", flat=True))
    if alert.state != AlertState.OPEN or states - {CallState.FAILED}:
        return
    if alert.step + 1 < len(selectors.ladder(alert.organisation_id, at=at)):
        climb(alert_id=alert_id, at=at)
        return
    news = News(kind="reception.unheard", subject=("alert", alert.pk), urgency="CRITICAL", dedupe=f"unheard:{alert.pk}")
    notify_holders(organisation_id=alert.organisation_id, permission="duty.take", news=news, at=at)
