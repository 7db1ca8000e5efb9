"""The young person's own word, by a link for them alone: asked for, given once, waived when nobody answers."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qingting.cases import services as cases
from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.states import HoldKind
from qingting.core.actors import Actor, system_for
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.events import publish
from qingting.core.rows import store_later
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import joined
from qingting.followups import rules, selectors
from qingting.followups.events import RatingInvited, RatingWaived
from qingting.followups.models import RatingInvitation
from qingting.followups.states import INVITATION_DAYS


def invitation_ids(invitation: RatingInvitation) -> dict[str, Any]:
    return {
        "organisation_id": invitation.organisation_id,
        "province": invitation.province,
        "invitation_id": invitation.pk,
        "case_id": invitation.case_id,
    }


@joined
def invite_rating(*, actor: Actor, case_id: int, at: datetime) -> RatingInvitation:
    """Make a link for the young person's own word; good for INVITATION_DAYS and one answer. Inviting twice is once."""
    return invited(actor, case_of(actor, case_id), at)


def invited(actor: Actor, case: Case, at: datetime) -> RatingInvitation:
    """The same for a case that was read."""
    standing = RatingInvitation.objects.filter(case=case, rated_at=None, waived_at=None).first()
    if standing is not None:
        return standing
    token = rules.fresh_token()
    invitation = RatingInvitation(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        digest=rules.digest(token),
        token_sealed=seal(token, field=selectors.SEALED_IN),
        invited_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    store_later([invitation])
    subject = ("invitation", invitation.pk)
    cases.place_hold(actor=actor, case_id=case.pk, kind=HoldKind.RATING_AWAITED, subject=subject, at=at)
    told = RatingInvited(**invitation_ids(invitation), conversation_id=case.conversation_id or 0)
    publish(told, actor=actor, at=at)
    return invitation


def lift_rating_hold(invitation: RatingInvitation, actor: Actor, at: datetime) -> None:
    subject = ("invitation", invitation.pk)
    cases.lift_hold(actor=actor, case_id=invitation.case_id, kind=HoldKind.RATING_AWAITED, subject=subject, at=at)


@transaction.atomic
def waive_expired_ratings(*, at: datetime, limit: int = 200) -> int:
    """Nobody answered in time: lift the hold. A worker's loop calls this; returns how many were waived."""
    with acting(EVERYTHING):
        waiting = RatingInvitation.objects.filter(rated_at=None, waived_at=None, expires_at__lte=at)
        expired = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("expires_at")[:limit])
        for invitation in expired:
            RatingInvitation.objects.filter(pk=invitation.pk).update(waived_at=at)
            actor = system_for(invitation.organisation_id, invitation.province)
            publish(RatingWaived(**invitation_ids(invitation)), actor=actor, at=at)
            lift_rating_hold(invitation, actor, at)
    return len(expired)


@transaction.atomic
def rotate_tokens(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` tokens of open invitations with the current key. Returns how many; 0 when done."""
    with acting(EVERYTHING):
        older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
        stale = RatingInvitation.objects.filter(rated_at=None, waived_at=None, token_sealed__lt=older)
        invitations = list(stale.select_for_update(skip_locked=True)[:batch])
        for invitation in invitations:
            plain = unseal(bytes(invitation.token_sealed), field=selectors.SEALED_IN)
            invitation.token_sealed = seal(plain, field=selectors.SEALED_IN)
        RatingInvitation.objects.bulk_update(invitations, ["token_sealed"])
    return len(invitations)
