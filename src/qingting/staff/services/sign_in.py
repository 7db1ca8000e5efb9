"""Signing in: password, then a one-time code or a recovery code, then the session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from django.db import transaction
from django.db.models import F, Q

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, NotAllowed
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.staff import credentials, rules, sessions
from qingting.staff.actors import valid_posts
from qingting.staff.events import (
    AccountLocked,
    RecoveryCodeUsed,
    SecondFactorEnrolled,
    SignedIn,
    SignInFailed,
)
from qingting.staff.models import Account, RecoveryCode, Session

# A whole office may share one address at the change of shifts; against guessing there is the lock of each account.
ATTEMPTS_PER_ADDRESS, WINDOW_SECONDS = 100, 300


@dataclass(frozen=True, slots=True)
class Browser:
    """address: where the request comes from; device: what the person recognises it by."""

    address: str
    device: str


def _refused() -> DomainError:
    """One answer for an unknown name, a wrong password and a locked account, so that none of them is given away."""
    return NotAllowed(
        "用户名或密码不正确，或账号已暂时锁定。",
        code="staff.sign-in.refused",
        do_next="请核对后再试，连续输错会锁定一段时间。忘记密码请联系本单位管理员重置。",
    )


def actor_of(account: Account | None, *, at: datetime) -> Actor:
    """The person as the journal names them before they act at a post: at the first organisation they belong to."""
    post = next(iter(valid_posts(account.id, at=at)), None) if account else None
    return Actor(
        account_id=account.id if account else 0,
        organisation_id=post.organisation_id if post else 0,
        province=post.organisation.province if post else "",
        acting_as="person" if account else "anybody",
    )


def begin_sign_in(*, username: str, password: str, browser: Browser, at: datetime) -> str:
    """Check the password and open a session that waits for its second factor. Returns the cookie's token.

    Raises NotAllowed, always with the same words, and TooMany where one address tries too often.
    """
    check_rate("sign-in", browser.address, limit=ATTEMPTS_PER_ADDRESS, seconds=WINDOW_SECONDS, at=at)
    account = Account.objects.filter(username=rules.normal_username(username)).first()
    fits = credentials.password_fits(account, password)
    if account is None or not fits or _is_locked(account, at):
        _count_failure(account, "PASSWORD", at=at)
        raise _refused()
    token = sessions.new_token()
    Session.objects.create(
        account=account,
        digest=sessions.digest(token),
        created_at=at,
        last_seen_at=at,
        expires_at=at + sessions.HALF_WAY,
        device=browser.device,
        address_digest=sessions.address_digest(browser.address),
    )
    return token


def _is_locked(account: Account, at: datetime) -> bool:
    return account.locked_until is not None and account.locked_until > at


@transaction.atomic
def _count_failure(account: Account | None, reason: str, *, at: datetime) -> None:
    """Tell the journal, and count towards the lock unless the account rests already. Commits before the refusal."""
    actor = actor_of(account, at=at)
    locked = account is not None and _is_locked(account, at)
    failed = SignInFailed(
        organisation_id=actor.organisation_id,
        province=actor.province,
        account_id=actor.account_id,
        reason="LOCKED" if locked else reason,
    )
    publish(failed, actor=actor, at=at)
    if account is not None and not locked:
        _count_towards_lock(account, actor, at=at)


def _count_towards_lock(account: Account, actor: Actor, *, at: datetime) -> None:
    Account.objects.filter(pk=account.pk, failed_attempts__lt=1000).update(failed_attempts=F("failed_attempts") + 1)
    account.refresh_from_db(fields=["failed_attempts"])
    span = rules.lock_for(account.failed_attempts)
    if span is not None:
        Account.objects.filter(pk=account.pk).update(locked_until=at + span)
        event = AccountLocked(
            organisation_id=actor.organisation_id,
            province=actor.province,
            account_id=account.id,
            minutes=span // timedelta(minutes=1),
        )
        publish(event, actor=actor, at=at)


def start_enrolment(*, session: Session) -> Account:
    """Give an account without a second factor a secret to enrol with; the same one until it is confirmed."""
    account = session.account
    if account.totp_confirmed_at is not None:
        raise _already_enrolled()
    if not account.totp_secret:
        fresh = credentials.seal_totp_secret(credentials.new_totp_secret())
        Account.objects.filter(pk=account.pk, totp_secret=None).update(totp_secret=fresh)
        account.refresh_from_db()
    return account


def _already_enrolled() -> DomainError:
    return DomainError("这个账号已经绑定了验证器。", code="staff.enrolment.done", do_next="请输入验证器上的6位数字。")


def _wrong_code() -> DomainError:
    return NotAllowed(
        "验证码不正确或已使用过。",
        code="staff.second-factor.refused",
        do_next="请等验证器显示下一组数字再输入；手机时间不准也会导致不正确。",
    )


def confirm_enrolment(*, session: Session, code: str, at: datetime) -> tuple[str, list[str]]:
    """The authenticator shows the right code: bind it. Returns the new token and ten recovery codes, shown once."""
    if session.account.totp_confirmed_at is not None:
        raise _already_enrolled()
    if not _spend_totp(session.account, code, at=at):
        _refuse_code(session, at=at)
    with transaction.atomic():
        Account.objects.filter(pk=session.account_id).update(totp_confirmed_at=at)
        codes = issue_recovery_codes(session.account)
        actor = actor_of(session.account, at=at)
        event = SecondFactorEnrolled(
            organisation_id=actor.organisation_id, province=actor.province, account_id=actor.account_id
        )
        publish(event, actor=actor, at=at)
        return _complete(session, at=at), codes


def issue_recovery_codes(account: Account) -> list[str]:
    """Ten fresh codes; the ones before stop working."""
    codes = [credentials.new_recovery_code() for _ in range(credentials.RECOVERY_CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(account=account, digest=credentials.recovery_digest(code)) for code in codes]
    )
    return codes


def pass_second_factor(*, session: Session, code: str, at: datetime) -> str:
    """Take a one-time code or a recovery code. Returns a new token: the one from before the second factor is dead."""
    account = session.account
    if account.totp_confirmed_at is None or _is_locked(account, at):
        _refuse_code(session, at=at)
    with transaction.atomic():
        right = _spend_totp(account, code, at=at) or _spend_recovery_code(account, code, at=at)
        token = _complete(session, at=at) if right else ""
    return token or _refuse_code(session, at=at)


def _refuse_code(session: Session, *, at: datetime) -> NoReturn:
    _count_failure(session.account, "SECOND_FACTOR", at=at)
    raise _wrong_code()


def _spend_totp(account: Account, code: str, *, at: datetime) -> bool:
    """Whether the code is right and later than every one used before; two browsers can't use the same one."""
    secret = credentials.totp_secret(account)
    step = rules.matching_step(secret, code, at) if secret else None
    later = Account.objects.filter(pk=account.pk, totp_last_step__lt=step or 0)
    return step is not None and later.update(totp_last_step=step) == 1


def _spend_recovery_code(account: Account, code: str, *, at: datetime) -> bool:
    unused = RecoveryCode.objects.filter(account=account, used_at=None)
    if unused.filter(digest=credentials.recovery_digest(code)).update(used_at=at) == 0:
        return False
    actor = actor_of(account, at=at)
    event = RecoveryCodeUsed(
        organisation_id=actor.organisation_id,
        province=actor.province,
        account_id=account.id,
        left=unused.count(),
    )
    publish(event, actor=actor, at=at)
    return True


def _complete(session: Session, *, at: datetime) -> str:
    """Open the full session in place of the half-way one, and start at the only post where there is only one."""
    account, token = session.account, sessions.new_token()
    half_way = Session.objects.filter(Q(pk=session.pk), revoked_at=None)
    if half_way.update(revoked_at=at) == 0:
        raise _wrong_code()
    Account.objects.filter(pk=account.pk).update(failed_attempts=0, locked_until=None, last_login=at)
    full = Session.objects.create(
        account=account,
        digest=sessions.digest(token),
        organisation_id=None if account.must_change_password else only_organisation(account.id, at=at),
        created_at=at,
        last_seen_at=at,
        expires_at=at + sessions.LONGEST,
        second_factor_at=at,
        device=session.device,
        address_digest=session.address_digest,
    )
    actor = actor_of(account, at=at)
    event = SignedIn(
        organisation_id=actor.organisation_id,
        province=actor.province,
        account_id=account.id,
        session_id=full.id,
    )
    publish(event, actor=actor, at=at)
    return token


def only_organisation(account_id: int, *, at: datetime) -> int | None:
    """The organisation of somebody who has posts in one only; None where there is a choice, or nothing."""
    organisations = {post.organisation_id for post in valid_posts(account_id, at=at)}
    return organisations.pop() if len(organisations) == 1 else None
