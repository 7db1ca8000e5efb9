"""The anonymous visit behind the portal: a cookie's token, its digest, and the actor it makes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from qingting.chat.models import Visit
from qingting.core.actors import Actor
from qingting.core.scope import EVERYTHING, Scope, acting
from qingting.directory.models import Organisation

LASTS = timedelta(days=2)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def open_visit(station: Organisation, *, at: datetime) -> tuple[str, Visit]:
    """Begin a visit at a station. Returns the token for the cookie, which is kept nowhere, and the visit."""
    token = secrets.token_urlsafe(32)
    with acting(EVERYTHING):
        visit = Visit.objects.create(
            organisation_id=station.id,
            province=station.province,
            digest=_digest(token),
            created_at=at,
            expires_at=at + LASTS,
        )
    return token, visit


@transaction.atomic
def visit_of(token: str, *, at: datetime) -> Visit | None:
    """The live visit of a cookie."""
    if not token:
        return None
    with acting(EVERYTHING):
        return Visit.objects.filter(digest=_digest(token), expires_at__gt=at).first()


def seeker_actor(visit: Visit) -> Actor:
    """The seeker on this visit: sees nothing but the visit's own chat."""
    return Actor(
        account_id=0,
        organisation_id=visit.organisation_id,
        province=visit.province,
        acting_as="seeker",
        scope=Scope(visit=visit.id),
        visit_id=visit.id,
    )
