"""Issuing and revoking keys, and taking in what systems of the house hand over."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from qingting.core.actors import SYSTEM, Actor
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.core.ids import new_id
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import until_it_holds
from qingting.directory.models import Organisation
from qingting.orders.services import Drawn, Intake, Statement, TakenIn, dispatch, draw_intake, store_intake
from qingting.sites.exchange.events import ApiKeyEvent, ApiKeyIssued, ApiKeyRevoked
from qingting.sites.exchange.models import ApiKey, Receipt
from qingting.sites.exchange.selectors import PREFIX, digest_of, receipt_of, taken_in_before

RECEIPTS_KEPT = timedelta(days=7)


@transaction.atomic
def issue_key(*, account_id: int, organisation: Organisation, label: str, at: datetime) -> str:
    """Issue a key; returned once, kept as a digest only."""
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        digest=digest_of(key), account_id=account_id, organisation_id=organisation.pk, label=label, issued_at=at
    )
    _tell(ApiKeyIssued, row, organisation, at)
    return key


@transaction.atomic
def revoke_key(*, key_id: int, at: datetime) -> None:
    """End a key. Revoking twice changes nothing; NotFound for an unknown one."""
    row = ApiKey.objects.filter(pk=key_id).first()
    if row is None:
        raise not_found("接口密钥", "exchange.api-key.not-found")
    if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=at):
        _tell(ApiKeyRevoked, row, Organisation.objects.get(pk=row.organisation_id), at)


def _tell(event: type[ApiKeyEvent], row: ApiKey, organisation: Organisation, at: datetime) -> None:
    told = event(
        organisation_id=organisation.pk, province=organisation.province, api_key_id=row.pk, account_id=row.account_id
    )
    publish(told, actor=SYSTEM, at=at)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was handed in. key: the sender's own name for it, '' for none; digest: SHA-256 of the body as it came;
    handler_organisation_id: where the order goes at once, 0 for nowhere yet."""

    intake: Intake
    key: str
    digest: bytes
    handler_organisation_id: int = 0


def receive(*, actor: Actor, parcel: Parcel, at: datetime) -> tuple[TakenIn, bool]:
    """Take a parcel in, once. Returns what came of it and whether that is an earlier answer.

    Raises what `draw_intake` refuses (with fields named as in the parcel), and DomainError where the same key came with
    another body.
    """
    try:
        return until_it_holds(lambda: _taken_in(actor, parcel, at)), False
    except (_AlreadyHereError, DomainError) as refusal:  # what was right then need not be right any more
        with transaction.atomic():
            earlier = _earlier(actor, parcel)
        if earlier is None:
            raise _placed(refusal) from refusal
        return earlier, True


class _AlreadyHereError(Exception):
    """A parcel under the same key is stored; what was just written goes away with its transaction."""


@transaction.atomic
def _taken_in(actor: Actor, parcel: Parcel, at: datetime) -> TakenIn:
    drawn = draw_intake(actor=actor, intake=parcel.intake, at=at)
    taken, claimed = store_intake(drawn, first=_claim(parcel, drawn) if parcel.key else None)
    if parcel.key and not claimed:
        raise _AlreadyHereError
    if parcel.handler_organisation_id:
        handler = parcel.handler_organisation_id
        dispatch(actor=actor, order_id=taken.order_id, handler_organisation_id=handler, at=at)
    return taken


def _placed(refusal: Exception) -> Exception:
    """The contact's own field names, as they are called in the parcel."""
    if isinstance(refusal, Invalid) and refusal.fields:
        refusal.fields = {f"contact.{name}": why for name, why in refusal.fields.items()}
    return refusal


def _earlier(actor: Actor, parcel: Parcel) -> TakenIn | None:
    receipt = receipt_of(actor, parcel.key) if parcel.key else None
    if receipt is None:
        return None
    if bytes(receipt.body_digest) != parcel.digest:
        raise DomainError(
            "这个幂等键已用于另一份内容。",
            code="exchange.intake.key-reused",
            do_next="新的内容请使用新的 Idempotency-Key；重试请保持内容不变。",
        )
    return taken_in_before(receipt)


_CLAIM = """
INSERT INTO exchange_receipt (id, organisation_id, province, account_id, idempotency_key, body_digest, contact_id, case_id,
  order_id, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (organisation_id, account_id, idempotency_key) DO NOTHING
"""


def _claim(parcel: Parcel, drawn: Drawn) -> Statement:
    """Writes the receipt, unless there is one under this key; a second parcel waits here until the first is stored."""
    actor, case = drawn.actor, drawn.case
    who = (new_id(), case.organisation_id, case.province, actor.account_id)
    what = (parcel.key, parcel.digest, case.contact_id, case.pk, drawn.order.pk, drawn.at)
    return _CLAIM, (*who, *what)


@transaction.atomic
def forget_old_receipts(*, at: datetime) -> int:
    """Drop receipts that no sender asks about any more. Returns how many."""
    with acting(EVERYTHING):
        return Receipt.objects.filter(at__lt=at - RECEIPTS_KEPT).delete()[0]
