"""Working time counts what people really work; places in the tree and names follow their rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingting.directory import rules
from qingting.directory.states import OrganisationKind as Kind

NOBODY_OVERRIDES = rules.works_on({})
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda m: m.replace(tzinfo=UTC))  # noqa: DTZ001
spans = st.integers(min_value=1, max_value=6000).map(lambda minutes: timedelta(minutes=minutes))
overrides = st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=30)


def worked(start: datetime, end: datetime, works: rules.WorksOn) -> timedelta:
    """Working time between two moments, counted day by day."""
    total, day = timedelta(0), start.astimezone(rules.BEIJING).date()
    while day <= end.astimezone(rules.BEIJING).date():
        if works(day):
            begins = max(start, datetime.combine(day, rules.DAY_BEGINS, rules.BEIJING))
            ends = min(end, datetime.combine(day, rules.DAY_ENDS, rules.BEIJING))
            total += max(ends - begins, timedelta(0))
        day += timedelta(days=1)
    return total


@given(moments, spans, overrides)
def test_exactly_the_span_is_worked_until_it_ends(start, span, declared):
    works = rules.works_on(declared)
    assert worked(start, rules.add_working_time(start, span, works), works) == span


@given(moments, spans)
def test_it_ends_within_working_hours_of_a_worked_day(start, span):
    end = rules.add_working_time(start, span, NOBODY_OVERRIDES).astimezone(rules.BEIJING)
    assert NOBODY_OVERRIDES(end.date())
    assert rules.DAY_BEGINS < end.time() <= rules.DAY_ENDS


@given(moments, spans, spans)
def test_two_spans_after_another_are_as_long_as_both_together(start, first, second):
    step = rules.add_working_time(start, first, NOBODY_OVERRIDES)
    assert rules.add_working_time(step, second, NOBODY_OVERRIDES) == rules.add_working_time(
        start, first + second, NOBODY_OVERRIDES
    )


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 1), False),  # National Day
        (date(2025, 9, 28), True),  # a Sunday worked in exchange
        (date(2025, 11, 15), False),  # a plain Saturday
        (date(2090, 1, 2), True),  # not published yet: a Monday
        (date(2090, 1, 1), False),  # not published yet: a Sunday
    ],
)
def test_the_published_calendar_and_what_follows_without_it(day, works):
    assert NOBODY_OVERRIDES(day) == works
    assert rules.works_on({day: not works})(day) == (not works)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("440106", ["440106", "440100", "440000"]),
        ("441900", ["441900", "440000"]),
        ("440000", ["440000"]),
    ],
)
def test_a_division_stands_in_its_line(code, line):
    assert rules.division_line(code) == line


@pytest.mark.parametrize(
    ("kind", "above", "fits"),
    [
        (Kind.NATION, None, True),
        (Kind.PROVINCE, None, False),
        (Kind.COUNTY, Kind.CITY, True),
        (Kind.CITY, Kind.COUNTY, False),
        (Kind.STATION, Kind.CITY, True),
        (Kind.STATION, Kind.STATION, False),
        (Kind.SERVICE_CENTRE, Kind.STATION, True),
        (Kind.REGIONAL_CENTRE, Kind.PROVINCE, False),
        (Kind.PARTNER, Kind.PROVINCE, True),
    ],
)
def test_organisations_stand_where_they_belong(kind, above, fits):
    assert rules.may_stand_below(kind, above) == fits


@pytest.mark.parametrize(
    ("division", "committee"),
    [
        ("广东省", "广东团省委"),
        ("广西壮族自治区", "广西团区委"),
        ("上海市", "上海团市委"),
        ("天河区", "天河团区委"),
        ("新疆生产建设兵团", "新疆生产建设兵团团委"),
        ("恩施土家族苗族自治州", "恩施土家族苗族团州委"),
    ],
)
def test_committees_have_the_name_people_use(division, committee):
    assert rules.committee_short_name(division) == committee
