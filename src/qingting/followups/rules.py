"""Pure rules of following up: who may call, what counts as low, and what stands behind a link."""

import hashlib
import secrets
from collections.abc import Collection

from qingting.followups.states import LOW_SCORE, MOST_ATTEMPTS, Helped

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


def may_give_up(attempts: int) -> bool:
    """Whether enough attempts were made to stop calling."""
    return attempts >= MOST_ATTEMPTS
