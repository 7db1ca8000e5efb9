"""Opening a row to another organisation, with a purpose and an end; and closing it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

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
    """Open `subject` (kind, id) to an organisation. Granting again for the same purpose only moves a sooner end."""
    kind, subject_id = subject
    with acting(EVERYTHING):
        _close_run_out(subject, to_organisation, purpose, at)
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
        elif grant.ends_at is not None and (ends_at is None or ends_at > grant.ends_at):
            Grant.objects.filter(pk=grant.pk).update(ends_at=ends_at)


def _close_run_out(subject: tuple[str, int], organisation: int, purpose: str, at: datetime) -> None:
    """A grant whose end has passed makes room for a new one."""
    run_out = Grant.objects.filter(subject_kind=subject[0], subject_id=subject[1], purpose=purpose)
    run_out = run_out.filter(organisation_id=organisation, revoked_at=None, ends_at__lte=at)
    run_out.update(revoked_at=F("ends_at"))


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


def _live(subject: tuple[str, int], purpose: str | None, to_organisation: int | None) -> QuerySet[Grant]:
    named = {"purpose": purpose, "organisation_id": to_organisation}
    narrowed = {name: value for name, value in named.items() if value is not None}
    return Grant.objects.filter(subject_kind=subject[0], subject_id=subject[1], revoked_at=None, **narrowed)


@transaction.atomic
def end_access(
    *,
    actor: Actor,
    subject: tuple[str, int],
    at: datetime,
    purpose: str | None = None,
    to_organisation: int | None = None,
) -> int:
    """End the live grants on `subject`: of one purpose or all, of one organisation or all. Returns how many ended."""
    with acting(EVERYTHING):
        grants = list(_live(subject, purpose, to_organisation).select_for_update())
        for grant in grants:
            Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=at)
            publish(_ended(grant, actor), actor=actor, at=at)
    return len(grants)


def _ended(grant: Grant, actor: Actor) -> AccessEnded:
    return AccessEnded(
        organisation_id=actor.organisation_id,
        province=actor.province,
        grant_id=grant.id,
        granted_to_id=grant.organisation_id,
        subject_kind=grant.subject_kind,
        purpose=grant.purpose,
    )


@transaction.atomic
def limit_access(
    *,
    subject: tuple[str, int],
    ends_at: datetime,
    purpose: str | None = None,
    to_organisation: int | None = None,
) -> int:
    """Let live grants run out at `ends_at` at the latest, chosen as in `end_access`. Returns how many end sooner now."""
    with acting(EVERYTHING):
        later = Q(ends_at__isnull=True) | Q(ends_at__gt=ends_at)
        live = _live(subject, purpose, to_organisation).filter(later, starts_at__lt=ends_at)
        return live.update(ends_at=ends_at)


def opened_to(organisations: frozenset[int], kind: str) -> QuerySet[Grant, int]:
    """Ids of the subjects of `kind` that live grants open to these organisations; a subquery for selectors."""
    live = Q(revoked_at=None) & (Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))
    granted = Grant.objects.filter(live, subject_kind=kind, organisation_id__in=sorted(organisations))
    return granted.values_list("subject_id", flat=True)
