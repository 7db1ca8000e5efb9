"""Danger in a telephone call starts the same clock as danger in a chat."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import system_for
from qingting.core.clocks import Span, start_clock
from qingting.core.errors import DomainError
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import clock_span, span_of
from qingting.directory.states import ClockKind, Urgency
from qingting.telephony.models import Call

STARTS_THE_CLOCK = frozenset({Urgency.URGENT, Urgency.CRITICAL})  # as in a chat
WITHOUT_A_RULE = 30  # minutes; Heilongjiang 2022


@transaction.atomic
def watch_call(*, call_id: int, level: str, at: datetime) -> bool:
    """Thirty minutes to an intervention from the first mark of danger (Heilongjiang 2022, as data in directory). Whether one began:
    a clock that ran once is not started again, so that a further mark gives nobody more time."""
    if level not in STARTS_THE_CLOCK:
        return False
    with acting(EVERYTHING):
        call = Call.objects.select_for_update().get(pk=call_id)
        known = Clock.objects.filter(subject_kind="call", subject_id=call.pk, kind=ClockKind.CRISIS_INTERVENTION)
        if known.filter(cancelled_at=None).exists():
            return False
        start_clock(
            actor=system_for(call.organisation_id, call.province),
            kind=ClockKind.CRISIS_INTERVENTION,
            subject=("call", call.pk),
            span=_span(call.organisation_id, at),
            at=at,
        )
    return True


def _span(organisation_id: int, at: datetime) -> Span:
    """A rule that is missing must cost nobody the clock, nor the mark of danger itself."""
    try:
        return clock_span(organisation_id, ClockKind.CRISIS_INTERVENTION, start=at)
    except DomainError:
        return span_of(WITHOUT_A_RULE, working_time=False, start=at)
