"""Opening hours, pure: whether a place is open at a moment, and how a person says when; read again from what a person wrote."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from qingting.core.time import local

Hours = Iterable[Mapping[str, Any]]
_DAYS = "一二三四五六日"
RANK = {True: 0, None: 1, False: 2}  # open now first, then what nobody wrote down, then closed
MOST_SPANS = 6


def is_open(hours: Hours, at: datetime) -> bool | None:
    """Whether it is open; None where nobody wrote down when. A span may run over midnight (20:00–02:00)."""
    spans = list(hours)
    if not spans:
        return None
    moment = local(at)
    clock, today = moment.strftime("%H:%M"), moment.isoweekday()
    return any(span.get("always") or _within(span, clock, today) for span in spans)


def _within(span: Mapping[str, Any], clock: str, today: int) -> bool:
    begins, ends, days = str(span["from"]), str(span["to"]), span["days"]
    if begins <= ends:
        return today in days and begins <= clock < ends
    yesterday = 7 if today == 1 else today - 1
    return (today in days and clock >= begins) or (yesterday in days and clock < ends)


def in_words(hours: Hours) -> str:
    """Such as 全天 or 周一至周五 09:00–17:00; '' where nobody wrote it down."""
    return "；".join("全天" if span.get("always") else f"{_days(span['days'])} {_span(span)}" for span in hours)


def _span(span: Mapping[str, Any]) -> str:
    over = "次日" if str(span["from"]) > str(span["to"]) else ""
    return f"{span['from']}–{over}{span['to']}"


def _days(days: list[int]) -> str:
    ordered = sorted(days)
    if ordered == list(range(1, 8)):
        return "每天"
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"周{_DAYS[ordered[0] - 1]}至周{_DAYS[ordered[-1] - 1]}"
    return "、".join(f"周{_DAYS[day - 1]}" for day in ordered)


_ALWAYS = frozenset({"全天", "24小时", "每天全天", "全天24小时", "全年全天"})
_WRITTEN = re.compile(r"(.*?)\s*(\d{1,2}:\d{2})\s*(?:[-–—~～]+|至|到)\s*(次日)?\s*(\d{1,2}:\d{2})")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def from_words(text: str) -> list[dict[str, Any]]:
    """What `in_words` says, as hours again; also 周一到周五, 工作日, 周末 and 24小时. Raises ValueError, which says what can't be read."""
    spans = [part.strip() for part in re.split("[;\n]", unicodedata.normalize("NFKC", text)) if part.strip()]
    if len(spans) > MOST_SPANS:
        raise ValueError(f"开放时间最多{MOST_SPANS}段")
    return [_read_span(span) for span in spans]


def _read_span(span: str) -> dict[str, Any]:
    if span.replace(" ", "") in _ALWAYS:
        return {"always": True}
    found = _WRITTEN.fullmatch(span)
    if found is None:
        raise ValueError(f"看不懂开放时间“{span[:30]}”，请写成“周一至周五 09:00–17:00”，几段用分号隔开；全天写“全天”")
    begins, ends = found[2].zfill(5), found[4].zfill(5)
    if not _CLOCK.fullmatch(begins) or not (_CLOCK.fullmatch(ends) or ends == "24:00") or begins == ends:
        raise ValueError(f"开放时间“{span[:30]}”里的钟点不对")
    if found[3] and begins < ends:
        raise ValueError(f"开放时间“{span[:30]}”写了次日，可是结束比开始晚")
    return {"days": _read_days(found[1].strip()), "from": begins, "to": ends}


_NAMED = {
    "": range(1, 8),
    "每天": range(1, 8),
    "每日": range(1, 8),
    "天天": range(1, 8),
    "工作日": range(1, 6),
    "周末": range(6, 8),
}


def _read_days(words: str) -> list[int]:
    plain = (
        re.sub("星期|礼拜", "周", words).replace("周天", "周日").replace("周末", "周六日")
        if words not in _NAMED
        else words
    )
    if plain in _NAMED:
        return list(_NAMED[plain])
    days: set[int] = set()
    for part in re.split("[、,/ 和]+", plain):
        run = re.fullmatch(f"周([{_DAYS}])\\s*(?:[-–—~～]+|至|到)\\s*周?([{_DAYS}])", part)
        several = re.fullmatch(f"周?([{_DAYS}]+)", part)
        if run is not None and _DAYS.index(run[1]) <= _DAYS.index(run[2]):
            days |= set(range(_DAYS.index(run[1]) + 1, _DAYS.index(run[2]) + 2))
        elif several is not None:
            days |= {_DAYS.index(day) + 1 for day in several[1]}
        else:
            raise ValueError(f"看不懂星期“{words[:20]}”，请写成“周一至周五”“周六、周日”或“每天”")
    return sorted(days)
