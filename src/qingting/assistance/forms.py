"""From what a page sends to what a service takes; the services say what is missing."""

from datetime import date, datetime, timedelta

from django.http import QueryDict

from qingting.assistance.rules import fen_from, hundredths_from
from qingting.assistance.selectors import PARTS, ReportWords
from qingting.assistance.services import Application, Grant, NewLawyer, NewRate, NewService, Payment
from qingting.core.time import BEIJING


def words_from(data: QueryDict, name: str, most: int = 2000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def number_from(data: QueryDict, name: str) -> int:
    """An id; 0 for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def application(data: QueryDict) -> Application:
    """What is asked for. An empty amount is none."""
    return Application(words_from(data, "kind", 12), fen_from(data.get("asked") or "0"), words_from(data, "need"))


def grant(data: QueryDict) -> Grant:
    """What is granted."""
    handler = number_from(data, "handler")
    return Grant(fen_from(data.get("granted", "")), words_from(data, "funder", 60), handler, words_from(data, "words"))


def payment(data: QueryDict) -> Payment:
    """One payment."""
    fen, voucher = fen_from(data.get("amount", "")), words_from(data, "voucher", 40)
    return Payment(fen, voucher, words_from(data, "words"), words_from(data, "reason", 1000))


def day_from(data: QueryDict, name: str) -> date | None:
    """A day as the browser sends it; None for anything odd."""
    try:
        return date.fromisoformat(data.get(name, ""))
    except ValueError:
        return None


def lawyer(data: QueryDict) -> NewLawyer:
    """What the register holds."""
    name, number = words_from(data, "name", 40), words_from(data, "licence_number", 30)
    return NewLawyer(name, number, words_from(data, "firm", 80), words_from(data, "phone", 20))


def rate(data: QueryDict) -> NewRate:
    """One rate."""
    service, unit = words_from(data, "service", 12), words_from(data, "unit", 5)
    fen, day = fen_from(data.get("amount", "")), day_from(data, "valid_from")
    return NewRate(service, unit, fen, day, words_from(data, "source", 200))


def service(data: QueryDict) -> NewService:
    """One thing the lawyer did."""
    kind, unit = words_from(data, "service", 12), words_from(data, "unit", 5)
    count, day = hundredths_from(data.get("count", "")), day_from(data, "on")
    return NewService(kind, unit, count, day, words_from(data, "words", 1000))


def report(data: QueryDict) -> ReportWords:
    """The words of a closing report."""
    return ReportWords(**{name: words_from(data, name, 4000) for name in PARTS})


def year_from(data: QueryDict, now: datetime) -> tuple[datetime, datetime]:
    """The year asked for, on the clocks of China; this year for anything odd."""
    text = data.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 and text > "1999" else now.year
    start = datetime(year, 1, 1, tzinfo=BEIJING)
    return start, (start + timedelta(days=366)).replace(month=1, day=1)
