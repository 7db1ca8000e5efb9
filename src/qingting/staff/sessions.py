"""The cookie's token and the session behind it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse

from qingting.core import crypto
from qingting.staff import rules
from qingting.staff.actors import valid_posts
from qingting.staff.models import Session

IDLE = timedelta(hours=4)
LONGEST = timedelta(hours=14)
HALF_WAY = timedelta(minutes=10)  # from the password to the second factor
_TOUCH_EVERY = timedelta(seconds=60)


def digest(token: str) -> bytes:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def find_session(token: str, *, at: datetime) -> Session | None:
    """The session of a token, however far its sign-in has come: not revoked, not expired, not idle too long."""
    if not token:
        return None
    session = (
        Session.objects.select_related("account", "organisation")
        .filter(digest=digest(token), revoked_at=None, expires_at__gt=at, account__is_active=True)
        .first()
    )
    if session is None or session.last_seen_at + IDLE <= at:
        return None
    if session.last_seen_at + _TOUCH_EVERY <= at:
        Session.objects.filter(pk=session.pk).update(last_seen_at=at)
    return session


def live_session(token: str, *, at: datetime) -> Session | None:
    """The session of a token whose second factor is passed, or None."""
    session = find_session(token, at=at)
    return session if session is not None and session.second_factor_at is not None else None


def waits_for(session: Session, *, at: datetime) -> str:
    """The step this sign-in waits for (see `rules.next_step`)."""
    held = {post.organisation_id for post in valid_posts(session.account_id, at=at)}
    progress = rules.Progress(
        enrolled=session.account.totp_confirmed_at is not None,
        second_factor_passed=session.second_factor_at is not None,
        must_change_password=session.account.must_change_password,
        at_a_post=session.organisation_id in held,
    )
    return rules.next_step(progress)


def set_cookie(response: HttpResponse, token: str) -> None:
    """Hand the token to the browser: out of scripts' reach, not sent along from other sites, gone with the browser."""
    response.set_cookie(settings.SESSION_COOKIE, token, httponly=True, samesite="Lax", secure=settings.SECURE_COOKIES)


def address_digest(address: str) -> bytes:
    """A keyed digest: two sessions from the same place can be told to be so, the place itself can't."""
    return crypto.blind_index(address, field="staff_session.address_digest")
