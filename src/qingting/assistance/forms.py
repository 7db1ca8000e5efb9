"""From what a page sends to what a service takes; the services say what is missing."""

from datetime import datetime, timedelta

from django.http import QueryDict

from qingting.assistance.rules import fen_from
from qingting.assistance.services import Application, Grant, Payment
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
    return Payment(fen_from(data.get("amount", "")), words_from(data, "voucher", 40), words_from(data, "words"))


def year_from(data: QueryDict, now: datetime) -> tuple[datetime, datetime]:
    """The year asked for, on the clocks of China; this year for anything odd."""
    text = data.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 and text > "1999" else now.year
    start = datetime(year, 1, 1, tzinfo=BEIJING)
    return start, (start + timedelta(days=366)).replace(month=1, day=1)
