"""Accounts of browsers at the engine: made for one login or one visit, ended with it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.crypto import key_version, seal
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.duty import services as duty
from qingting.telephony import permissions, rules
from qingting.telephony.engine import BrowserAccount, engine
from qingting.telephony.events import TelephoneReady
from qingting.telephony.models import SipAccount
from qingting.telephony.places import ice_servers
from qingting.telephony.selectors import pass_for
from qingting.telephony.services.numbers import OWN
from qingting.telephony.services.waking import wake_controller
from qingting.telephony.states import AccountKind

SEAT_LASTS = timedelta(hours=14)  # as long as a login at most
VISIT_LASTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Issued:
    """What a page needs to sign in; password and pass are shown this once. ice_servers: as a browser wants them."""

    username: str
    password: str
    socket_pass: str
    expires_at: datetime
    ice_servers: list[dict[str, str]]


@transaction.atomic
def issue_seat_account(*, actor: Actor, session_id: int, at: datetime) -> Issued:
    """A fresh account for this login; one that the same login had before ends. Needs `telephony.talk`."""
    actor.require(permissions.TALK)
    check_rate("telephone-account", str(actor.account_id), limit=30, seconds=300, at=at)
    stale = SipAccount.objects.filter(
        account_id=actor.account_id, session_id=session_id, kind=AccountKind.SEAT, ended_at=None
    )
    for account in stale.select_for_update():
        _end(account, at)
    return _issue(actor, AccountKind.SEAT, at, account_id=actor.account_id, session_id=session_id)


@transaction.atomic
def issue_visit_account(*, actor: Actor, at: datetime) -> Issued:
    """For a portal visitor who calls from the browser: one account, which may dial the line and nothing else."""
    check_rate("telephone-visit", str(actor.visit_id), limit=10, seconds=600, at=at)
    with acting(EVERYTHING):
        for account in SipAccount.objects.select_for_update().filter(visit_id=actor.visit_id, ended_at=None):
            _end(account, at)
        return _issue(actor, AccountKind.VISIT, at, visit_id=actor.visit_id)


def _issue(actor: Actor, kind: AccountKind, at: datetime, **whose: int) -> Issued:
    name = f"{kind.lower()}-{secrets.token_hex(8)}"
    password = secrets.token_urlsafe(24)
    expires = at + (SEAT_LASTS if kind == AccountKind.SEAT else VISIT_LASTS)
    SipAccount.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        kind=kind,
        username=name,
        created_at=at,
        expires_at=expires,
        **whose,
    )
    context = "refuse" if kind == AccountKind.SEAT else "from-visit"
    engine().open_account(BrowserAccount(name, password, context))
    wake_controller("account")
    return Issued(name, password, pass_for(name), expires, ice_servers(name, at=at))


@transaction.atomic
def use_own_telephone(*, actor: Actor, number: str, at: datetime) -> None:
    """A seat without a working browser: calls ring at this number, and a key takes them. '' goes back to the browser."""
    actor.require(permissions.TALK)
    for account in SipAccount.objects.select_for_update().filter(
        account_id=actor.account_id, kind=AccountKind.PHONE, ended_at=None
    ):
        SipAccount.objects.filter(pk=account.pk).update(ended_at=at, registered=False, number_sealed=None)
    if number.strip():
        _keep_telephone(actor, number, at)
    _tell_reachable(actor.account_id, at)


def _keep_telephone(actor: Actor, number: str, at: datetime) -> None:
    clean = rules.clean_number(number)
    if not clean:
        raise Invalid("电话号码的位数不对。", code="telephony.own.number", do_next="手机11位，固定电话请带区号。")
    envelope = seal(clean, field=OWN)
    SipAccount.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        kind=AccountKind.PHONE,
        username=f"phone-{secrets.token_hex(8)}",
        account_id=actor.account_id,
        registered=True,
        number_sealed=envelope,
        number_tail=rules.tail(clean),
        key_version=key_version(envelope),
        created_at=at,
        expires_at=at + SEAT_LASTS,
    )


def _tell_reachable(account_id: int, at: datetime) -> bool:
    reachable = SipAccount.objects.filter(account_id=account_id, registered=True, ended_at=None).exists()
    duty.set_reachable(account_id=account_id, reachable=reachable, at=at)
    return reachable


@transaction.atomic
def note_registration(*, username: str, registered: bool, at: datetime) -> None:
    """Asterisk says that a browser has come or gone; its seat can be rung from now on, or no longer."""
    account = SipAccount.objects.select_for_update().filter(username=username).first()
    if account is None or account.registered == registered:
        return
    SipAccount.objects.filter(pk=account.pk).update(registered=registered)
    if account.account_id:
        ready = _tell_reachable(account.account_id, at)
        told = TelephoneReady(
            organisation_id=account.organisation_id,
            province=account.province,
            account_id=account.account_id,
            ready=ready,
        )
        publish(told, actor=system_for(account.organisation_id, account.province), at=at)


@transaction.atomic
def end_account(*, username: str, at: datetime) -> None:
    """The login or visit is over."""
    account = SipAccount.objects.select_for_update().filter(username=username, ended_at=None).first()
    if account is not None:
        _end(account, at)


def _end(account: SipAccount, at: datetime) -> None:
    engine().close_account(account.username)
    SipAccount.objects.filter(pk=account.pk).update(ended_at=at, registered=False)
    if account.account_id:
        _tell_reachable(account.account_id, at)
