"""Reading follow-ups and rating invitations."""

from django.urls import NoReverseMatch, reverse

from qingting.cases.models import Case
from qingting.core import crypto
from qingting.followups.models import RatingInvitation

TOKEN_FIELD = "followups_ratinginvitation.token_sealed"


def open_rating_path(conversation_id: int) -> str:
    """The path of the rating link that the young person of this conversation may still use; empty while there is none."""
    cases = Case.objects.filter(conversation_id=conversation_id).values_list("id", flat=True)
    invitation = RatingInvitation.objects.filter(case_id__in=list(cases), rated_at=None, waived_at=None).first()
    if invitation is None:
        return ""
    try:
        return reverse("followups:rate", args=[crypto.unseal(invitation.token_sealed, field=TOKEN_FIELD)])
    except NoReverseMatch:
        return ""
