"""Pure rules of assistance. Money is a whole number of fen (分), never a float."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

MOST_FEN = 100_000_000_00
"""One hundred million yuan: more than any single grant, so a slip of the finger is caught."""
_YUAN = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?")
_COUNT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?")
_HOURS = re.compile(r"(\d{1,4})(?:\.(\d))?")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")


def fen_from(text: str) -> int | None:
    """「1200」「1200.5」「1,200.50」 in yuan as fen; None for anything else, and for more than two decimals."""
    found = _YUAN.fullmatch(text.replace(",", "").replace("，", "").strip())
    if found is None:
        return None
    fen = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    return fen if fen <= MOST_FEN else None


def yuan(fen: int) -> str:
    """Fen as people read them: 「1,200.50」."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def balance(entries: Iterable[int]) -> int:
    """What has been paid, reversals taken off, in fen."""
    return sum(entries)


def may_pay(granted: int, paid: int, amount: int) -> bool:
    """Whether a payment stays within what was granted."""
    return 0 < amount <= granted - paid


def hundredths_from(text: str) -> int | None:
    """「2」「0.5」「1.25」 pieces or days as hundredths; None for anything else and for nothing."""
    found = _COUNT.fullmatch(text.strip())
    count = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
    return count or None


def count_words(hundredths: int) -> str:
    """Hundredths as people read them: 「2」「0.5」."""
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")


def minutes_from(text: str) -> int | None:
    """Hours with at most one decimal (「12」「3.5」) as minutes; None for anything else and for nothing."""
    found = _HOURS.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2] or "0") * 6 if found else 0
    return minutes or None


def hours_words(minutes: int) -> str:
    """Minutes as hours: 「12」「3.5」; empty for none."""
    tenths = minutes // 6
    return "" if not tenths else f"{tenths // 10}.{tenths % 10}".removesuffix(".0")


def is_phone(text: str) -> bool:
    """Whether this can be dialled."""
    return _PHONE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate as it was set. level: 0 for the house's own, 1 for the one above, and so on."""

    id: int
    level: int
    service: str
    unit: str
    fen: int
    valid_from: date
    set_at: datetime


def rate_for(rates: Iterable[Rate], work: tuple[str, str], day: date) -> Rate | None:
    """The rate for `work` (service, unit) on a day: the nearest house's, of these the latest to begin, of these the one
    that was set last (a correction). None where there is none yet."""
    fitting = [rate for rate in rates if (rate.service, rate.unit) == work and rate.valid_from <= day]
    return max(fitting, key=lambda rate: (-rate.level, rate.valid_from, rate.set_at, rate.id), default=None)


def subsidy(fen: int, hundredths: int) -> int:
    """What so many hundredths of a piece or day come to, in whole fen; half a fen is rounded up."""
    return (fen * hundredths + 50) // 100


def differs(calculated: int, paid: int, amount: int) -> bool:
    """Whether a payment is not exactly what the calculation still leaves to pay."""
    return paid + amount != calculated
