"""Opening a row to another organisation, with a purpose and an end; and closing it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.events import Event, publish
from qingting.core.models import Grant
from qingting.core.scope import EVERYTHING, acting


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGranted(Event):
    name: ClassVar[str] = "core.access-granted"
    subject: ClassVar[str] = "grant_id"
    grant_id: int
    granted_to_id: int
    subject_kind: str
    purpose: str
    case_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEnded(Event):
    name: ClassVar[str] = "core.access-ended"
    subject: ClassVar[str] = "grant_id"
    grant_id: int
    granted_to_id: int
    subject_kind: str
    purpose: str


@transaction.atomic
def grant_access(
    *,
    actor: Actor,
    subject: tuple[str, int],
    to_organisation: int,
    purpose: str,
    at: datetime,
    ends_at: datetime | None = None,
) -> None:
    """Open `subject` (kind, id) to an organisation. Granting what is already granted for the purpose changes nothing."""
    kind, subject_id = subject
    with acting(EVERYTHING):
        grant, created = Grant.objects.get_or_create(
            subject_kind=kind,
            subject_id=subject_id,
            organisation_id=to_organisation,
            purpose=purpose,
            revoked_at=None,
            defaults={
                "province": actor.province,
                "granted_by_organisation_id": actor.organisation_id,
                "starts_at": at,
                "ends_at": ends_at,
            },
        )
        if created:
            publish(_granted(grant, actor), actor=actor, at=at)


def _granted(grant: Grant, actor: Actor) -> AccessGranted:
    return AccessGranted(
        organisation_id=actor.organisation_id,
        province=actor.province,
        grant_id=grant.id,
        granted_to_id=grant.organisation_id,
        subject_kind=grant.subject_kind,
        purpose=grant.purpose,
        case_id=grant.subject_id if grant.subject_kind == "case" else 0,
    )


@transaction.atomic
def end_access(*, actor: Actor, subject: tuple[str, int], at: datetime, purpose: str | None = None) -> int:
    """End the live grants on `subject` (of one purpose, or all). Returns how many ended."""
    kind, subject_id = subject
    with acting(EVERYTHING):
        live = Grant.objects.filter(subject_kind=kind, subject_id=subject_id, revoked_at=None)
        if purpose is not None:
            live = live.filter(purpose=purpose)
        grants = list(live.select_for_update())
        for grant in grants:
            Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=at)
            publish(
                AccessEnded(
                    organisation_id=actor.organisation_id,
                    province=actor.province,
                    grant_id=grant.id,
                    granted_to_id=grant.organisation_id,
                    subject_kind=kind,
                    purpose=grant.purpose,
                ),
                actor=actor,
                at=at,
            )
    return len(grants)
