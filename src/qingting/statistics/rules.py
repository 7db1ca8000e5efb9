"""Pure: what a journal entry means for the facts, and how numbers are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_DAYS = 400
QUICK_SECONDS = 15  # within which a hotline answers (GB/T 33358-2016)
ANSWERED_AT_LEAST = 95  # per cent of all calls in any 24 hours (GB/T 33358-2016)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day of it, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def local_day(moment: datetime) -> date:
    """The day on the calendar of China."""
    return moment.astimezone(BEIJING).date()


def period_of(name: str, today: date, *, first: str = "", last: str = "") -> Period:
    """`today`, `7`, `30`, or two ISO days for anything else; bad days fall back to the last seven."""
    spans = {"today": 0, "7": 6, "30": 29}
    if name in spans:
        return Period(today - timedelta(days=spans[name]), today)
    try:
        begin, end = sorted((date.fromisoformat(first), date.fromisoformat(last)))
    except ValueError:
        return Period(today - timedelta(days=6), today)
    return Period(max(begin, end - timedelta(days=LONGEST_DAYS)), end)


def share(part: int, whole: int) -> str:
    """A percentage with one decimal, or a dash where there is nothing to divide by."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


def series(days: Sequence[date], counts: Mapping[date, int]) -> list[int]:
    """One number a day, zero where nothing was counted."""
    return [counts.get(day, 0) for day in days]


def seconds(span: timedelta | None) -> str:
    """A wait as it is shown: whole seconds, or a dash where there was none."""
    return f"{span.total_seconds():.0f}秒" if span is not None else "—"
