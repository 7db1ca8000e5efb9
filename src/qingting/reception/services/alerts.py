"""Calling people: the one on duty, the next, the shift leader, the province, until somebody says that they are on it.

How long each has stands in the clock rules (警报确认, sixty seconds); the clock decides, so after any outage each step is taken once.
"""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.clocks import cancel_clock, meet_clock, start_clock
from qingting.core.crypto import seal
from qingting.core.errors import not_found
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind, Urgency
from qingting.reception import events, rules, selectors
from qingting.reception.models import Alert, Attendance, Call, Target
from qingting.reception.services.speaking import say
from qingting.reception.services.telephones import ring_for, stop_ringing
from qingting.reception.states import AlertState, CallState, Cause, Said, TargetKind
from qingting.staff.services import News, notify_holders

TOKEN_SEALED = "reception_call.token"  # noqa: S105  (the name of a column)
Subject = tuple[str, int]


@transaction.atomic
def raise_alert(*, organisation_id: int, subject: Subject, cause: str, level: str, at: datetime) -> bool:
    """Call somebody. Returns whether this was news: a further sign at the same level adds nothing to an open alert."""
    with acting(EVERYTHING):
        open_now = Alert.objects.select_for_update().filter(
            subject_kind=subject[0], subject_id=subject[1], state=AlertState.OPEN
        )
        alert = open_now.first()
        if alert is not None:
            return _heighten(alert, cause, level, at)
        if _on_it(subject, level):
            return False
        province = Organisation.objects.values_list("province", flat=True).get(pk=organisation_id)
        alert = Alert.objects.create(
            organisation_id=organisation_id,
            province=province,
            subject_kind=subject[0],
            subject_id=subject[1],
            cause=cause,
            level=level,
            raised_at=at,
        )
        _begin(alert, at)
    return True


def _on_it(subject: Subject, level: str) -> bool:
    """Whether somebody has acknowledged an alert at this level or above and is on the way."""
    known = Alert.objects.filter(subject_kind=subject[0], subject_id=subject[1], state=AlertState.ACKNOWLEDGED)
    return any(not rules.graver(level, before) for before in known.values_list("level", flat=True))


def _heighten(alert: Alert, cause: str, level: str, at: datetime) -> bool:
    if not rules.graver(level, alert.level):
        return False
    Alert.objects.filter(pk=alert.pk).update(level=level, cause=cause, step=-1)
    alert.level, alert.cause, alert.step = level, cause, -1
    cancel_clock(subject=("alert", alert.pk), at=at)
    _drop_calls(alert, at)
    _begin(alert, at)
    return True


def _begin(alert: Alert, at: datetime) -> None:
    system = system_for(alert.organisation_id, alert.province)
    raised = events.AlertRaised(
        **selectors.alert_facts(alert),
        level=alert.level,
        level_label=str(Urgency(alert.level).label),
        cause=alert.cause,
    )
    publish(raised, actor=system, at=at)
    span = clock_span(alert.organisation_id, ClockKind.ALERT_ACKNOWLEDGEMENT, start=at)
    start_clock(actor=system, kind=ClockKind.ALERT_ACKNOWLEDGEMENT, subject=("alert", alert.pk), span=span, at=at)
    _tell(alert, "reception.alert" if alert.cause == Cause.DANGER else "reception.wanted", at)
    _take_step(alert, at)


def _tell(alert: Alert, kind: str, at: datetime) -> None:
    """The bell of whoever leads the duty, beside the phones."""
    urgency = alert.level if alert.cause == Cause.DANGER else "URGENT"
    news = News(kind=kind, subject=("alert", alert.pk), urgency=urgency, dedupe=f"{kind}:{alert.pk}:{alert.level}")
    notify_holders(organisation_id=alert.organisation_id, permission="duty.lead", news=news, at=at)


@transaction.atomic
def climb(*, alert_id: int, at: datetime) -> bool:
    """Nobody has acknowledged in time, or nobody could be reached: the next is called. Whether there was a next."""
    with acting(EVERYTHING):
        alert = Alert.objects.select_for_update().filter(pk=alert_id, state=AlertState.OPEN).first()
        return _take_step(alert, at) if alert is not None else False


def _take_step(alert: Alert, at: datetime) -> bool:
    """Call the next step of the ladder; at its end the last is called again."""
    ladder = selectors.ladder(alert.organisation_id, at=at)
    if not ladder:
        return False
    number = alert.step + 1
    step = ladder[min(number, len(ladder) - 1)]
    Alert.objects.filter(pk=alert.pk).update(step=number)
    alert.step = number
    for account_id in step.account_ids:
        _call(alert, step, account_id, at)
    climbed = events.AlertClimbed(
        **selectors.alert_facts(alert),
        step=number,
        rung=step.rung,
        rung_label=str(step.rung.label),
        people=len(step.account_ids),
    )
    publish(climbed, actor=system_for(alert.organisation_id, alert.province), at=at)
    return number < len(ladder)


def _call(alert: Alert, step: selectors.Step, account_id: int, at: datetime) -> None:
    targets: list[Target | None] = list(Target.objects.filter(account_id=account_id).order_by("added_at"))
    for target in targets or [None]:
        token = secrets.token_urlsafe(24)
        rings = target is not None and target.kind == TargetKind.PHONE
        call = Call.objects.create(
            organisation_id=alert.organisation_id,
            province=alert.province,
            alert=alert,
            step=alert.step,
            rung=step.rung,
            account_id=account_id,
            target=target,
            way=target.kind if target is not None else "NONE",
            state=CallState.CALLING if rings else CallState.WAITING,
            token_digest=digest(token),
            token_sealed=b"" if rings else seal(token, field=TOKEN_SEALED),
            called_at=at,
        )
        if target is not None and rings:
            ring_for(call, target, at=at)


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def acknowledge(*, token: str, at: datetime) -> Alert:
    """Whoever holds the link says that they are on it. Doing it twice changes nothing; NotFound for an unknown link."""
    with acting(EVERYTHING):
        call = selectors.call_of(token)
        if call is None:
            raise not_found("警报链接", "reception.alert.not-found")
        return acknowledged_by(call, at)


def acknowledged_by(call: Call, at: datetime) -> Alert:
    """This person is on it, by their link or the key on their telephone. The first who says so counts."""
    alert = Alert.objects.select_for_update().get(pk=call.alert_id)
    if alert.state != AlertState.OPEN:
        return alert
    _settle(alert, AlertState.ACKNOWLEDGED, at, account_id=call.account_id)
    acknowledged = events.AlertAcknowledged(
        **selectors.alert_facts(alert),
        account_id=call.account_id,
        seconds=round((at - alert.raised_at).total_seconds()),
    )
    publish(acknowledged, actor=_person(call), at=at)
    _tell_who_waits(alert, at)
    return alert


def _tell_who_waits(alert: Alert, at: datetime) -> None:
    """Whoever writes to the machine is told that a person has seen it: waiting is easier when somebody comes."""
    talk = alert.subject_id if alert.subject_kind == "conversation" else 0
    attendance = Attendance.objects.filter(conversation_id=talk, silent_at=None).first()
    if attendance is not None:
        name = "danger" if alert.cause == Cause.DANGER else "wanted"
        reply = rules.Reply(Said.CALLING, rules.sentence("coming", name))
        say(attendance, reply, key=f"coming-{alert.pk}", at=at)


def _person(call: Call) -> Actor:
    """The person whose link it is: the journal names them, although they have not signed in."""
    system = system_for(call.organisation_id, call.province)
    return Actor(
        account_id=call.account_id,
        organisation_id=system.organisation_id,
        province=system.province,
        acting_as="person",
        scope=EVERYTHING,
    )


def _settle(alert: Alert, state: AlertState, at: datetime, *, account_id: int | None = None) -> None:
    stamps = {"acknowledged_at": at} if state == AlertState.ACKNOWLEDGED else {"ended_at": at}
    by = {"acknowledged_by_account_id": account_id} if account_id else {}
    Alert.objects.filter(pk=alert.pk).update(state=state, **stamps, **by)
    alert.refresh_from_db()
    meet_clock(subject=("alert", alert.pk), at=at)
    Call.objects.filter(alert=alert, state=CallState.WAITING).update(state=CallState.DROPPED, token_sealed=b"")
    _drop_calls(alert, at)


def _drop_calls(alert: Alert, at: datetime) -> None:
    """What rings for it falls silent."""
    ringing = Call.objects.filter(alert=alert, state=CallState.CALLING)
    stop_ringing(list(ringing.values_list("pk", flat=True)), at=at)
    ringing.update(state=CallState.DROPPED)


@transaction.atomic
def end_alerts(*, subject: Subject, at: datetime, account_id: int | None = None) -> None:
    """A person has taken the matter in hand, or it has gone: nobody else needs to be called."""
    with acting(EVERYTHING):
        rows = Alert.objects.select_for_update().filter(subject_kind=subject[0], subject_id=subject[1])
        for alert in rows.exclude(state=AlertState.ENDED):
            _settle(alert, AlertState.ENDED, at, account_id=alert.acknowledged_by_account_id or account_id)
            ended = events.AlertEnded(**selectors.alert_facts(alert))
            publish(ended, actor=system_for(alert.organisation_id, alert.province), at=at)
