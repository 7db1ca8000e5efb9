"""Periods, shares and series, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qingting.statistics.rules import Period, local_day, period_of, seconds, series, share

TODAY = date(2026, 3, 4)


def test_late_in_the_evening_it_is_already_tomorrow_in_china():
    assert local_day(datetime(2026, 3, 3, 16, 0, tzinfo=UTC)) == TODAY


@pytest.mark.parametrize(("name", "days"), [("today", 1), ("7", 7), ("30", 30), ("nonsense", 7)])
def test_named_periods_end_today(name, days):
    period = period_of(name, TODAY)
    assert (len(period.days), period.last) == (days, TODAY)


def test_two_days_in_any_order_make_a_period():
    period = period_of("days", TODAY, first="2026-03-02", last="2026-03-01")
    assert period == Period(date(2026, 3, 1), date(2026, 3, 2))


def test_a_period_is_never_longer_than_the_limit():
    assert len(period_of("days", TODAY, first="1900-01-01", last="2026-03-01").days) <= 401


def test_nothing_is_divided_by_nothing():
    assert share(0, 0) == "—"
    assert share(1, 3) == "33.3%"
    assert seconds(None) == "—"
    assert seconds(timedelta(seconds=7.6)) == "8秒"


def test_a_day_without_anything_counts_zero():
    assert series([TODAY], {}) == [0]
