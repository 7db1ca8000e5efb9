"""A seat that was rung and did not pick up: the line goes on to the next."""

from datetime import datetime

from django.db import transaction

from qingting.core.errors import DomainError
from qingting.directory.models import Organisation
from qingting.duty import services as duty
from qingting.duty.models import Offer
from qingting.duty.states import OfferState
from qingting.staff.actors import actor_for


@transaction.atomic
def decline_for(*, account_id: int, offer_id: int, at: datetime) -> None:
    """End the offer in the name of the seat that did not answer, unless the line was faster."""
    offer = Offer.objects.filter(pk=offer_id, account_id=account_id, state=OfferState.OPEN).first()
    if offer is None:
        return
    actor = actor_for(account_id, Organisation.objects.get(pk=offer.organisation_id), at=at)
    try:
        duty.decline_offer(actor=actor, offer_id=offer_id, at=at)
    except DomainError:
        return
