"""After a change of keys nobody has to bind their authenticator anew."""

import pytest

from qingting.core import crypto
from qingting.staff import credentials
from qingting.staff.models import Account
from qingting.staff.services import rotate_secrets

pytestmark = pytest.mark.django_db


def test_secrets_are_sealed_anew_and_stay_the_same(at):
    secret = credentials.new_totp_secret()
    account = Account.objects.create(
        username="lan", display_name="李岚", totp_secret=credentials.seal_totp_secret(secret)
    )
    version = crypto.add_key()
    assert rotate_secrets(at=at) == 1
    assert rotate_secrets(at=at) == 0
    account.refresh_from_db()
    assert crypto.key_version(account.totp_secret) == version
    assert credentials.totp_secret(account) == secret
