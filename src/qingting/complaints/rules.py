"""Pure rules of complaints: numbers, receipts, and who deals with one."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import date


def fresh_number(day: date) -> str:
    """`TS-20260304-482913`: told to the complainant; says when, and nothing of what."""
    return f"TS-{day:%Y%m%d}-{secrets.randbelow(1_000_000):06d}"


def fresh_token() -> str:
    """192 random bits for the receipt, which alone opens the answer."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> bytes:
    """What is kept of a receipt."""
    return hashlib.sha256(token.encode()).digest()


def house_for(upwards: Iterable[int], holders: Mapping[int, set[int]], concerned: set[int]) -> int | None:
    """The first organisation, going up, in which somebody may deal with it who is not concerned; None where there is none."""
    return next((house for house in upwards if holders.get(house, set()) - concerned), None)
