"""A deadline that runs out is told once, climbs the tree until someone acts, and survives any outage."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from qingting.core import clocks, events
from qingting.core.clocks import Span
from qingting.core.errors import DomainError
from qingting.core.models import Clock, Entry

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def span(at):
    return Span(due_at=at + HALF_HOUR, warn_at=at + timedelta(minutes=20), escalate_every=timedelta(minutes=10))


@pytest.fixture
def clock(agent_here, span, at, everything):
    return clocks.start_clock(
        actor=agent_here, kind="CRISIS_INTERVENTION", subject=("case", 7), span=span, at=at, case_id=7
    )


def told() -> list[str]:
    return list(Entry.objects.filter(name__startswith="core.clock").order_by("id").values_list("name", flat=True))


def test_before_the_warning_nothing_is_told(clock, at):
    assert clocks.tick(at=at + timedelta(minutes=19)) == 0
    assert told() == []


def test_it_warns_then_breaches_then_climbs(clock, at):
    for minutes in (20, 30, 40, 50):
        assert clocks.tick(at=at + timedelta(minutes=minutes)) == 1
        assert clocks.tick(at=at + timedelta(minutes=minutes)) == 0
    assert told() == [
        "core.clock-warned",
        "core.clock-breached",
        "core.clock-escalated",
        "core.clock-escalated",
    ]


def test_after_an_outage_of_a_day_it_breaches_once(clock, at):
    late = at + timedelta(days=1)
    assert clocks.tick(at=late) == 1
    assert clocks.tick(at=late) == 0
    assert told() == ["core.clock-breached"]


def test_it_stops_climbing_at_the_top(clock, at):
    for hours in range(1, 30):
        clocks.tick(at=at + timedelta(hours=hours))
    assert told().count("core.clock-escalated") == clocks.TOP_LEVEL


def test_a_met_clock_is_silent(clock, at):
    assert clocks.meet_clock(subject=("case", 7), at=at) == 1
    assert clocks.tick(at=at + timedelta(days=1)) == 0


def test_a_pause_needs_a_reason_and_moves_the_deadline(clock, at):
    with pytest.raises(DomainError):
        clocks.pause_clock(subject=("case", 7), reason=" ", at=at)
    clocks.pause_clock(subject=("case", 7), reason="等待家长到场", at=at + timedelta(minutes=5))
    assert clocks.tick(at=at + timedelta(hours=5)) == 0
    clocks.resume_clock(subject=("case", 7), at=at + timedelta(hours=5))
    clock.refresh_from_db()
    assert clock.due_at == at + HALF_HOUR + timedelta(hours=5) - timedelta(minutes=5)


def test_a_second_open_clock_of_the_same_kind_is_refused(clock, agent_here, span, at):
    with pytest.raises(IntegrityError):
        clocks.start_clock(actor=agent_here, kind="CRISIS_INTERVENTION", subject=("case", 7), span=span, at=at)


def test_an_extension_moves_every_deadline(clock, at):
    clocks.shift_due(subject=("case", 7), kind="CRISIS_INTERVENTION", by=HALF_HOUR)
    assert clocks.tick(at=at + timedelta(minutes=45)) == 0
    assert Clock.objects.get().due_at == at + 2 * HALF_HOUR


def test_a_clock_whose_handler_fails_does_not_stop_the_others(clock, agent_here, span, at, monkeypatch):
    bad = clocks.start_clock(actor=agent_here, kind="CASE_REPLY", subject=("case", 8), span=span, at=at)

    def stumble(event, *, at):
        if event.clock_id == bad.pk:
            raise RuntimeError("a fault in a room")

    monkeypatch.setattr(events, "_flow", lambda: {clocks.ClockWarned: (stumble,)})
    warned = at + timedelta(minutes=20)
    assert clocks.tick(at=warned) == 1
    assert [entry.subject_id for entry in Entry.objects.filter(name="core.clock-warned")] == [clock.pk]
    bad.refresh_from_db()
    assert (bad.warned_at, bad.next_check_at) == (None, warned + clocks.SET_ASIDE)


def test_after_an_outage_the_longest_due_is_told_first(clock, agent_here, span, at):
    earlier = Span(span.due_at - HALF_HOUR, span.warn_at - HALF_HOUR, span.escalate_every)
    later = clocks.start_clock(
        actor=agent_here, kind="CASE_REPLY", subject=("case", 8), span=earlier, at=at - timedelta(hours=1)
    )
    assert clocks.tick(at=at + timedelta(days=1)) == 2
    breached = Entry.objects.filter(name="core.clock-breached").order_by("id")
    assert [entry.subject_id for entry in breached] == [later.pk, clock.pk]
