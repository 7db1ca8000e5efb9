"""Opening hours, pure: whether a place is open at a moment, and how a person says when."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from qingting.core.time import local

Hours = Iterable[Mapping[str, Any]]
_DAYS = "一二三四五六日"


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
