"""Accounts of browsers, and telephones of seats."""

from django.db import models

from qingting.core.models import Row
from qingting.telephony.states import (
    AccountKind,
)


class SipAccount(Row):
    """A browser's account at Asterisk, for one login or one visit; or a seat's own telephone (虚拟台), by its number.

    The password is kept nowhere but at Asterisk and in the page.
    """

    kind = models.CharField(max_length=6, choices=AccountKind)
    username = models.CharField(max_length=60, unique=True)
    account_id = models.BigIntegerField(null=True)
    session_id = models.BigIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    registered = models.BooleanField(default=False)
    number_sealed = models.BinaryField(null=True)
    number_tail = models.CharField(max_length=2, blank=True)
    key_version = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="telephony_sip_account", condition=models.Q(ended_at=None)),
            models.Index(fields=["expires_at"], name="telephony_sip_expiry", condition=models.Q(ended_at=None)),
        ]
