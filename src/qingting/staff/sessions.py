"""The cookie's token and the session behind it."""

import hashlib
from datetime import datetime, timedelta

from qingting.staff.models import Session

IDLE = timedelta(hours=4)
LONGEST = timedelta(hours=14)
_TOUCH_EVERY = timedelta(seconds=60)


def digest(token: str) -> bytes:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def live_session(token: str, *, at: datetime) -> Session | None:
    """The signed-in session of a token: not revoked, not expired, not idle too long, second factor passed."""
    if not token:
        return None
    session = (
        Session.objects.select_related("account", "organisation")
        .filter(digest=digest(token), revoked_at=None, expires_at__gt=at, account__is_active=True)
        .first()
    )
    if session is None or session.second_factor_at is None or session.last_seen_at + IDLE <= at:
        return None
    if session.last_seen_at + _TOUCH_EVERY <= at:
        Session.objects.filter(pk=session.pk).update(last_seen_at=at)
    return session
