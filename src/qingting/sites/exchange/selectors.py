"""Who holds a key, and what came of an earlier intake."""

import hashlib
from dataclasses import replace

from django.db import transaction

from qingting.cases.models import Case
from qingting.core import time
from qingting.core.actors import Actor
from qingting.core.remembered import remembered
from qingting.directory.selectors import organisation
from qingting.orders.models import WorkOrder
from qingting.orders.services import TakenIn
from qingting.sites.exchange.models import ApiKey, Receipt
from qingting.staff.actors import actor_for

PREFIX = "qk_"


def digest_of(key: str) -> bytes:
    """What the table keeps of a key."""
    return hashlib.sha256(key.encode()).digest()


@remembered(2)
@transaction.atomic
def holder_of(digest: bytes) -> Actor | None:
    """Who acts with a key: the account at its organisation, as a machine. None for an unknown or revoked key and where
    the account no longer holds a post there. A revoked key may work for two seconds more."""
    key = ApiKey.objects.filter(digest=digest, revoked_at=None).first()
    if key is None:
        return None
    actor = actor_for(key.account_id, organisation(key.organisation_id), at=time.now())
    return replace(actor, acting_as="machine") if actor.scope.organisations else None


def receipt_of(actor: Actor, idempotency_key: str) -> Receipt | None:
    """The receipt of an earlier intake under the same key of the same sender."""
    mine = Receipt.objects.filter(organisation_id=actor.organisation_id, account_id=actor.account_id)
    return mine.filter(idempotency_key=idempotency_key).first()


def taken_in_before(receipt: Receipt) -> TakenIn:
    """The answer that was given then."""
    case, order = Case.objects.get(pk=receipt.case_id), WorkOrder.objects.get(pk=receipt.order_id)
    return TakenIn(receipt.contact_id, case.pk, order.pk, case.number, order.number)
