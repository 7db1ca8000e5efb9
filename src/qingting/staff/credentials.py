"""Making and checking what people prove themselves with: passwords, one-time secrets, recovery codes."""

import secrets
from functools import cache
from pathlib import Path

import pyotp
from django.contrib.auth.hashers import check_password, make_password

from qingting.core import crypto
from qingting.core.errors import Invalid
from qingting.staff import rules
from qingting.staff.models import Account

RECOVERY_CODES = 10
ISSUER = "青听12355"
_TOTP_FIELD = "staff_account.totp_secret"
_CODE_FIELD = "staff_recoverycode.digest"
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without the ones that look alike on paper


@cache
def common_passwords() -> frozenset[str]:
    """Words that are tried first by whoever guesses."""
    return frozenset((Path(__file__).parent / "data" / "common-passwords.txt").read_text("ascii").split())


def password_fits(account: Account | None, password: str) -> bool:
    """Whether the password is the account's. Nobody's account takes as long to refuse as a real one."""
    if account is None or not account.is_active:
        make_password(password)
        return False
    return check_password(password, account.password)


def require_good_password(new: str, *, username: str, old: str = "") -> None:
    """Raise Invalid with everything that is wrong with a new password."""
    faults = rules.password_faults(new, username=username, old=old, common=common_passwords())
    if faults:
        raise Invalid(
            f"新密码{'；'.join(faults)}。",
            code="staff.password.weak",
            do_next="可以用几个不相关的词连起来，好记又难猜。",
        )


def _random(groups: int, size: int) -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))


def temporary_password() -> str:
    """A random password that can be read out over the telephone; it has to be changed at the first sign-in."""
    return _random(4, 4)


def new_recovery_code() -> str:
    """About 50 bits, in two groups."""
    return _random(2, 5)


def recovery_digest(code: str) -> bytes:
    """What the table keeps of a recovery code: a digest keyed outside the database."""
    return crypto.blind_index(rules.normal_recovery_code(code), field=_CODE_FIELD)


def new_totp_secret() -> str:
    return pyotp.random_base32()


def seal_totp_secret(secret: str) -> bytes:
    return crypto.seal(secret, field=_TOTP_FIELD)


def totp_secret(account: Account) -> str:
    """The account's one-time secret, in base32; '' where there is none yet."""
    return crypto.unseal(bytes(account.totp_secret), field=_TOTP_FIELD) if account.totp_secret else ""


def enrolment_address(account: Account) -> str:
    """What the QR code holds: `otpauth://totp/…`."""
    return pyotp.TOTP(totp_secret(account)).provisioning_uri(name=account.username, issuer_name=ISSUER)
