"""Opening a row to another organisation, with a purpose and an end; and closing it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from qingting.core.actors import Actor
from qingting.core.events import Event, publish_many, publish_stored
from qingting.core.models import Grant
from qingting.core.rows import as_json, as_row
from qingting.core.scope import EVERYTHING, Scope, acting
from qingting.core.transactions import joined, later


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


@dataclass(frozen=True, slots=True)
class Opening:
    """What is to be opened: subject (kind, id), the organisation, for which purpose, until when (None: until it is ended)."""

    subject: tuple[str, int]
    to_organisation: int
    purpose: str
    ends_at: datetime | None = None


@joined
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
    grant_all(actor=actor, openings=[Opening(subject, to_organisation, purpose, ends_at)], at=at)


# A grant whose end has passed makes room for a new one; one that stands is left alone, or ends later from now on.
_CLOSE_RUN_OUT = """
UPDATE core_grant g SET revoked_at = g.ends_at FROM jsonb_populate_recordset(null::core_grant, %(rows)s::jsonb) r
WHERE g.subject_kind = r.subject_kind AND g.subject_id = r.subject_id AND g.organisation_id = r.organisation_id
  AND g.purpose = r.purpose AND g.revoked_at IS NULL AND g.ends_at <= %(at)s
"""
_GRANT = """
INSERT INTO core_grant SELECT * FROM jsonb_populate_recordset(null::core_grant, %(rows)s::jsonb)
ON CONFLICT (subject_kind, subject_id, organisation_id, purpose) WHERE revoked_at IS NULL
DO UPDATE SET ends_at = excluded.ends_at
  WHERE core_grant.ends_at IS NOT NULL AND (excluded.ends_at IS NULL OR excluded.ends_at > core_grant.ends_at)
RETURNING id
"""


@joined
def grant_all(*, actor: Actor, openings: Sequence[Opening], at: datetime) -> None:
    """The same for several at once, by two statements, the journal included."""
    grants = [_drawn(actor, opening, at) for opening in dict.fromkeys(openings)]
    if not grants:
        return
    given: dict[str, Any] = {"rows": as_json([as_row(grant) for grant in grants]), "at": at}
    told = [_granted(grant, actor) for grant in grants]
    with acting(EVERYTHING):
        later(_CLOSE_RUN_OUT, given)
        publish_stored(_GRANT, given, told, actor=actor, at=at)


def _drawn(actor: Actor, opening: Opening, at: datetime) -> Grant:
    return Grant(
        province=actor.province,
        subject_kind=opening.subject[0],
        subject_id=opening.subject[1],
        organisation_id=opening.to_organisation,
        granted_by_organisation_id=actor.organisation_id,
        purpose=opening.purpose,
        starts_at=at,
        ends_at=opening.ends_at,
    )


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


@joined
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
        if grants:
            Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(revoked_at=at)
            publish_many([_ended(grant, actor) for grant in grants], actor=actor, at=at)
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


@joined
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


def opened_row(organisations: frozenset[int], kind: str, column: str = "pk") -> Exists:
    """Whether a live grant opens this very row to these organisations: for looking at few rows by id, where `opened_to` would
    gather all that was ever opened to a city. `column` holds the subject's id."""
    live = Q(revoked_at=None) & (Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))
    granted = Grant.objects.filter(live, subject_kind=kind, subject_id=OuterRef(column))
    return Exists(granted.filter(organisation_id__in=sorted(organisations)))


def seen_sql(alias: str, kind: str) -> str:
    """The same, or the organisations' own row, as a condition for a SELECT written by hand; its parameters: `sight_of`."""
    return (
        f"(%(everything)s OR {alias}.organisation_id = ANY(%(organisations)s) OR EXISTS (SELECT 1 FROM core_grant g"
        f" WHERE g.subject_kind = '{kind}' AND g.subject_id = {alias}.id AND g.organisation_id = ANY(%(organisations)s)"
        " AND g.revoked_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > statement_timestamp())))"
    )


def sight_of(scope: Scope) -> dict[str, Any]:
    """What `seen_sql` asks for."""
    return {"everything": scope.everything, "organisations": sorted(scope.organisations)}


def opened_to(organisations: frozenset[int], kind: str) -> QuerySet[Grant, int]:
    """Ids of the subjects of `kind` that live grants open to these organisations; a subquery for selectors."""
    live = Q(revoked_at=None) & (Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))
    granted = Grant.objects.filter(live, subject_kind=kind, organisation_id__in=sorted(organisations))
    return granted.values_list("subject_id", flat=True)
