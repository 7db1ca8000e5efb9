"""What a person does to their own account."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.staff import credentials
from qingting.staff.events import PasswordChanged, RecoveryCodesRenewed
from qingting.staff.models import Account, Session
from qingting.staff.services import sign_in
from qingting.staff.services.sessions import revoke_all


def change_password(*, session: Session, old: str, new: str, at: datetime) -> None:
    """Change one's own password; all other sessions end. Raises NotAllowed for a wrong old one, Invalid for a weak new."""
    account = session.account
    _require_password(account, old, at=at)
    credentials.require_good_password(new, username=account.username, old=old)
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(
            password=make_password(new), must_change_password=False, password_changed_at=at
        )
        actor = sign_in.actor_of(account, at=at)
        revoke_all(actor=actor, account_id=account.id, at=at, keep=session.id)
        if session.organisation_id is None:
            only = sign_in.only_organisation(account.id, at=at)
            Session.objects.filter(pk=session.pk).update(organisation_id=only)
        event = PasswordChanged(organisation_id=actor.organisation_id, province=actor.province, account_id=account.id)
        publish(event, actor=actor, at=at)


def _require_password(account: Account, password: str, *, at: datetime) -> None:
    """Somebody at an unattended screen may not take the account over, nor guess its password."""
    check_rate("own-password", str(account.id), limit=10, seconds=600, at=at)
    if not credentials.password_fits(account, password):
        raise NotAllowed(
            "原密码不正确。",
            code="staff.password.old-wrong",
            do_next="请核对后再试；忘记了请联系本单位管理员重置。",
        )


def renew_recovery_codes(*, actor: Actor, password: str, at: datetime) -> list[str]:
    """Ten fresh recovery codes, shown once; the password is asked again because the codes replace the phone."""
    account = Account.objects.get(pk=actor.account_id)
    _require_password(account, password, at=at)
    with transaction.atomic():
        codes = sign_in.issue_recovery_codes(account)
        event = RecoveryCodesRenewed(
            organisation_id=actor.organisation_id, province=actor.province, account_id=account.id
        )
        publish(event, actor=actor, at=at)
    return codes
