"""Pure rules of the directory: which divisions stand above a code, and how working time is counted."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from qingting.directory.states import OrganisationKind as Kind

WorksOn = Callable[[date], bool]
BEIJING = ZoneInfo("Asia/Shanghai")
DAY_BEGINS, DAY_ENDS = time(9, 0), time(18, 0)
NATION = "000000"

_LEAGUE = (Kind.NATION, Kind.PROVINCE, Kind.CITY, Kind.COUNTY)
# Which kinds an organisation may stand below. Stations, places and services may stand below any committee of
# the league: one line for a province (省级统一接入) or one a city (地市独立接入) is configuration.
_BELOW = {
    Kind.NATION: (None,),
    Kind.REGIONAL_CENTRE: (Kind.NATION,),
    Kind.PROVINCE: (Kind.NATION,),
    Kind.CITY: (Kind.PROVINCE,),
    Kind.COUNTY: (Kind.CITY, Kind.PROVINCE),
    Kind.SERVICE_CENTRE: (*_LEAGUE, Kind.STATION),
    Kind.PARTNER: (*_LEAGUE, Kind.PARTNER),
}


def may_stand_below(kind: Kind, above: Kind | None) -> bool:
    """Whether an organisation of `kind` fits below one of kind `above` (None: at the top)."""
    return above in _BELOW.get(kind, _LEAGUE)


def province_of(division_code: str, otherwise: str) -> str:
    """The GB/T 2260 province code of a division; `otherwise` where there is no division."""
    return division_code[:2] + "0000" if division_code else otherwise


def clock_rule_is_sane(minutes: int, warn_minutes_before: int, escalate_minutes: int) -> bool:
    """A clock runs for some time, warns before it is due, and climbs at some interval."""
    return 0 <= warn_minutes_before < minutes and escalate_minutes > 0


def division_line(code: str) -> list[str]:
    """A GB/T 2260 code and those above it: 440106 → [440106, 440100, 440000]."""
    line = [code, code[:4] + "00", code[:2] + "0000"]
    return list(dict.fromkeys(line))


def works_on(overrides: Mapping[date, bool]) -> WorksOn:
    """A function that tells whether a day is worked: an override wins, then the State Council's published
    calendar, then, for years not published yet, Monday to Friday."""

    def works(day: date) -> bool:
        if day in overrides:
            return overrides[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    return works


def add_working_time(start: datetime, span: timedelta, works: WorksOn) -> datetime:
    """The moment at which `span` of working time has passed since `start`.

    Working time is 09:00–18:00 Beijing time on worked days.
    """
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


_COMMITTEE = (  # how a division's name ends, and how its league committee is called for short
    ("特别行政区", "团委"),
    ("自治区", "团区委"),
    ("自治州", "团州委"),
    ("自治县", "团县委"),
    ("地区", "团地委"),
    ("省", "团省委"),
    ("市", "团市委"),
    ("区", "团区委"),
    ("县", "团县委"),
    ("旗", "团旗委"),
)
_PEOPLES = ("壮族", "回族", "维吾尔")


def committee_short_name(division_name: str) -> str:
    """What people call a division's league committee: 广东省 → 广东团省委, 天河区 → 天河团区委."""
    for ending, committee in _COMMITTEE:
        stem = division_name.removesuffix(ending)
        if stem != division_name:
            for people in _PEOPLES if ending == "自治区" else ():
                stem = stem.removesuffix(people)
            return stem + committee
    return division_name + "团委"
