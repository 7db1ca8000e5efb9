"""Pure rules of following up: who may call and when again, what counts as low, and what stands behind a link."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from typing import Protocol, TypeVar

from qingting.core.time import local
from qingting.followups.states import LOW_SCORE, MOST_ATTEMPTS, RHYTHMS, Helped

TOKEN_BYTES = 24  # 192 random bits; at least 128 are asked for


def fresh_token() -> str:
    """What the link carries; nobody can guess it."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What is kept to recognise a token."""
    return hashlib.sha256(token.encode()).digest()


def is_third_person(account_id: int, involved: Collection[int]) -> bool:
    """Whether somebody may follow up: only who had no part in the work."""
    return account_id not in involved


def is_low(score: int, helped: str) -> bool:
    """Whether an answer calls for review."""
    return score <= LOW_SCORE or helped == Helped.NO


def may_give_up(attempts: int, most: int = MOST_ATTEMPTS) -> bool:
    """Whether enough attempts were made to stop calling."""
    return attempts >= most


EARLIEST, LATEST = time(9), time(20, 30)  # nobody is called in school's first hour or late at night: product default


def next_attempt(at: datetime, spacing_hours: int) -> datetime:
    """When to try again: some hours later, and within the day in Beijing."""
    later = local(at) + timedelta(hours=spacing_hours)
    if later.time() < EARLIEST:
        return datetime.combine(later.date(), EARLIEST, later.tzinfo)
    if later.time() > LATEST:
        return datetime.combine(later.date() + timedelta(days=1), EARLIEST, later.tzinfo)
    return later


def next_visit(rhythm: str, done: int, at: datetime) -> datetime | None:
    """When the contact after `done` contacts falls due, counted from `at`; None when the rhythm has run out."""
    for days, times in RHYTHMS[rhythm]:
        if done < times:
            return at + timedelta(days=days)
        done -= times
    return None


class Terms(Protocol):
    """A line of the rules; an empty value fits everything."""

    @property
    def category(self) -> str: ...
    @property
    def urgency(self) -> str: ...


AnyTerms = TypeVar("AnyTerms", bound=Terms)


def first_fitting(lines: Iterable[AnyTerms], categories: Collection[str], urgency: str) -> AnyTerms | None:
    """The first line, from the top, that fits a case: its category or the one above it, and its urgency."""
    fitting = (
        line for line in lines if (not line.category or line.category in categories) and line.urgency in ("", urgency)
    )
    return next(fitting, None)
