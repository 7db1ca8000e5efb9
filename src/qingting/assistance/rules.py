"""Pure rules of assistance. Money is a whole number of fen (分), never a float."""

import re
from collections.abc import Iterable

MOST_FEN = 100_000_000_00
"""One hundred million yuan: more than any single grant, so a slip of the finger is caught."""
_YUAN = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?")


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
