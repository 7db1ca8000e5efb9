"""Sealing the authenticators' secrets anew after a change of keys."""

from datetime import datetime

from django.db import transaction

from qingting.core.crypto import keyring
from qingting.staff import credentials
from qingting.staff.models import Account

# The second and third byte of an envelope are the version of its key.
_STALE = "get_byte(totp_secret, 1) * 256 + get_byte(totp_secret, 2) < %s"


@transaction.atomic
def rotate_secrets(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` secrets of older keys with the current one. Returns how many; 0 when done."""
    stale = Account.objects.extra(where=[_STALE], params=[keyring().current]).exclude(totp_secret=None)  # noqa: S610
    accounts = list(stale.select_for_update(skip_locked=True)[:batch])
    for account in accounts:
        account.totp_secret = credentials.seal_totp_secret(credentials.totp_secret(account))
    Account.objects.bulk_update(accounts, ["totp_secret"])
    return len(accounts)
