"""Keys that systems of the house call with, and receipts for what they handed in."""

from django.db import models

from qingting.core.ids import new_id
from qingting.core.models import Row


class ApiKey(models.Model):
    """A key bound to an account at an organisation; what it may do is what the account's posts there may. Only a digest
    is kept. Stands outside the wall: it is read to find out who is asking."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(unique=True)
    account_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    label = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Receipt(Row):
    """What came of one intake, under the sender's own key for it (`Idempotency-Key`), so that asking again does nothing."""

    account_id = models.BigIntegerField()
    idempotency_key = models.CharField(max_length=100)
    body_digest = models.BinaryField()
    contact_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="exchange_receipt_old")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "account_id", "idempotency_key"], name="exchange_receipt_once"
            )
        ]
