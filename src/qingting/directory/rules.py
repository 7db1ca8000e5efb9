"""Pure rules of the directory: which divisions stand above a code, and how working time is counted."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

WorksOn = Callable[[date], bool]
BEIJING = ZoneInfo("Asia/Shanghai")
DAY_BEGINS, DAY_ENDS = time(9, 0), time(18, 0)


def division_line(code: str) -> list[str]:
    """A GB/T 2260 code and those above it: 440106 → [440106, 440100, 440000]."""
    line = [code, code[:4] + "00", code[:2] + "0000"]
    return list(dict.fromkeys(line))


def works_on(overrides: Mapping[date, bool]) -> WorksOn:
    """A function that tells whether a day is worked: an override wins, then the State Council's published calendar,
    then, for years not published yet, Monday to Friday."""

    def works(day: date) -> bool:
        if day in overrides:
            return overrides[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    return works


def add_working_time(start: datetime, span: timedelta, works: WorksOn) -> datetime:
    """The moment at which `span` of working time (09:00–18:00 Beijing time on worked days) has passed since `start`."""
    moment, left = start.astimezone(BEIJING), span
    while True:
        begins = datetime.combine(moment.date(), DAY_BEGINS, BEIJING)
        ends = datetime.combine(moment.date(), DAY_ENDS, BEIJING)
        if works(moment.date()) and moment < ends:
            moment = max(moment, begins)
            if left <= ends - moment:
                return (moment + left).astimezone(start.tzinfo)
            left -= ends - moment
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0), BEIJING)
