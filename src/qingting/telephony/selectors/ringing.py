"""Which seat is to ring, and how: the offers of calls, each with the telephone on which its person is reached."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from qingting.duty.states import OfferState
from qingting.telephony.states import AccountKind


@dataclass(frozen=True, slots=True)
class SeatTelephone:
    """How a seat is rung: a browser by its account; a telephone by its number, which must press a key to take a call."""

    username: str = ""
    sealed_number: bytes = b""


@dataclass(frozen=True, slots=True)
class Ringing:
    """An open offer of a call: which seat is to ring, and until when; telephone: on which it would ring just now."""

    offer_id: int
    call_id: int
    account_id: int
    expires_at: datetime
    telephone: SeatTelephone | None = field(default=None, compare=False)


# The browser that somebody sits at now, else their own telephone.
_TELEPHONE = f"""SELECT kind, username, number_sealed FROM telephony_sipaccount
WHERE account_id = {{account}} AND ended_at IS NULL AND registered
ORDER BY kind = '{AccountKind.PHONE}', created_at DESC LIMIT 1"""
_OFFERS = f"""SELECT o.id, e.subject_id, o.account_id, o.expires_at, s.kind, s.username, s.number_sealed
FROM duty_offer o JOIN duty_waitingentry e ON e.id = o.entry_id AND e.subject_kind = 'call'
LEFT JOIN LATERAL ({_TELEPHONE.format(account="o.account_id")}) s ON true
WHERE o.state = '{OfferState.OPEN}' {{about}} ORDER BY o.offered_at"""


def offers_to_ring() -> list[Ringing]:
    """Every call that is on offer to a seat now."""
    return list(_offers("", []))


def offer_of(call_id: int) -> Ringing | None:
    """The seat that this call is on offer to now."""
    return next(_offers("AND e.subject_id = %s", [call_id]), None)


def _offers(about: str, parameters: list[int]) -> Iterator[Ringing]:
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS.format(about=about), parameters)
        rows = cursor.fetchall()
    for offer_id, call_id, account_id, expires_at, *telephone in rows:
        yield Ringing(offer_id, call_id, account_id, expires_at, _telephone(*telephone))


def _telephone(kind: str | None, username: str, sealed_number: Any) -> SeatTelephone | None:
    if kind is None:
        return None
    if kind == AccountKind.PHONE:
        return SeatTelephone(sealed_number=bytes(sealed_number or b""))
    return SeatTelephone(username=username)


def seat_telephone(account_id: int) -> SeatTelephone | None:
    """On which somebody is reached now; None where nothing would ring."""
    with connection.cursor() as cursor:
        cursor.execute(_TELEPHONE.format(account="%s"), [account_id])
        row = cursor.fetchone()
    return _telephone(*row) if row else None
