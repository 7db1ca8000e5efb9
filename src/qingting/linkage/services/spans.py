"""How long another desk, or we, may take to say that somebody has the matter (签收)."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from deskwire.timers import ACKNOWLEDGE_WITHIN
from qingting.core.clocks import Span
from qingting.core.errors import DomainError
from qingting.directory.selectors import clock_rule_is_own, clock_span
from qingting.directory.states import ClockKind

LONGEST = max(ACKNOWLEDGE_WITHIN.values())
SHORTEST_STEP = timedelta(minutes=1)
"""An alert that nobody acknowledges climbs after 60 s: product default."""


def answer_span(organisation_id: int, urgency: str, *, at: datetime) -> Span:
    """The organisation's own rule where it set one; otherwise the protocol's time for this urgency, warned of at two thirds."""
    within = ACKNOWLEDGE_WITHIN[urgency]
    span = Span(at + within, at + within * 2 / 3, max(within, SHORTEST_STEP))
    with suppress(DomainError):  # no rule is no reason to refuse an incident
        if clock_rule_is_own(organisation_id, ClockKind.HANDOFF_ACKNOWLEDGEMENT):
            return clock_span(organisation_id, ClockKind.HANDOFF_ACKNOWLEDGEMENT, start=at)
    return span


def until(span: Span, asked: datetime | None, at: datetime) -> Span:
    """The same span, ending when the other desk says that it will telephone; a moment that is over or far away is not
    believed."""
    if asked is None or not at < asked <= at + LONGEST:
        return span
    return replace(span, due_at=asked, warn_at=at + (asked - at) * 2 / 3)
