"""What administrators do: accounts of their organisations, and the posts people hold there."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.events import publish
from qingting.directory.models import Organisation
from qingting.staff import credentials, rules, selectors
from qingting.staff.events import (
    AccountActivated,
    AccountAdded,
    AccountDeactivated,
    AccountEvent,
    PasswordReset,
    PostAdded,
    PostEnded,
    SecondFactorReset,
)
from qingting.staff.models import Account, Post, RecoveryCode
from qingting.staff.permissions import APPOINT_OVERSEERS, MANAGE
from qingting.staff.roles import ROLES
from qingting.staff.services.sessions import revoke_all


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A role in an organisation for a time; valid_to None: until further notice."""

    organisation_id: int
    role: str
    valid_from: datetime
    valid_to: datetime | None = None
    skills: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Somebody new, with their first post."""

    username: str
    display_name: str
    post: NewPost


@transaction.atomic
def add_account(*, actor: Actor, details: NewAccount, at: datetime) -> tuple[Account, str]:
    """Add an account with its first post. Returns it and a temporary password, which nobody can read again."""
    actor.require(MANAGE, details.post.organisation_id)
    username = rules.normal_username(details.username)
    _check_username(username)
    password = credentials.temporary_password()
    account = Account.objects.create(
        username=username,
        display_name=details.display_name.strip(),
        password=make_password(password),
        must_change_password=True,
    )
    event = AccountAdded(
        organisation_id=details.post.organisation_id,
        province=_organisation(details.post.organisation_id).province,
        account_id=account.id,
    )
    publish(event, actor=actor, at=at)
    _appoint(actor, account, details.post, at)
    return account, password


def _check_username(username: str) -> None:
    if not rules.is_username(username):
        raise Invalid(
            "用户名只能用3到60个小写字母、数字、点、横线和下划线，首尾须是字母或数字。",
            code="staff.username.malformed",
            do_next="请换一个用户名。",
        )
    if Account.objects.filter(username=username).exists():
        raise Invalid(
            "这个用户名已经有人使用。", code="staff.username.taken", do_next="请换一个用户名，如加上单位缩写。"
        )


@transaction.atomic
def add_post(*, actor: Actor, account_id: int, post: NewPost, at: datetime) -> Post:
    """Give somebody of one's organisations a further post in one of them."""
    account = selectors.manageable_account(actor, account_id)
    actor.require(MANAGE, post.organisation_id)
    return _appoint(actor, account, post, at)


def _appoint(actor: Actor, account: Account, details: NewPost, at: datetime) -> Post:
    _check_appointment(actor, account, details)
    post = Post.objects.create(
        account=account,
        organisation_id=details.organisation_id,
        role=details.role,
        skills=details.skills,
        valid_from=details.valid_from,
        valid_to=details.valid_to,
    )
    event = PostAdded(
        organisation_id=post.organisation_id,
        province=_organisation(post.organisation_id).province,
        account_id=account.id,
        post_id=post.id,
        role=post.role,
    )
    publish(event, actor=actor, at=at)
    return post


def _check_appointment(actor: Actor, account: Account, details: NewPost) -> None:
    if details.role not in ROLES:
        raise Invalid("没有这种岗位。", code="staff.role.unknown", do_next="请在列表中选择。")
    if ROLES[details.role].oversees:
        actor.require(APPOINT_OVERSEERS, details.organisation_id)
    if account.id == actor.account_id:
        raise NotAllowed("不能给自己增加岗位。", code="staff.post.own", do_next="请由上级单位管理员办理。")
    if details.valid_to is not None and details.valid_to <= details.valid_from:
        raise Invalid("结束时间要晚于开始时间。", code="staff.post.ends-before-start", do_next="请检查任期。")
    overlapping = Post.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=details.valid_from),
        account=account,
        organisation_id=details.organisation_id,
        role=details.role,
    )
    if overlapping.exists():
        raise Invalid(
            "此人在该单位已有同样的岗位。", code="staff.post.already-held", do_next="如要续任，请先结束原岗位。"
        )


@transaction.atomic
def end_post(*, actor: Actor, post_id: int, at: datetime) -> Post:
    """End a post now; what the person may do there ends with it at once."""
    post = selectors.manageable_post(actor, post_id)
    _check_ending(actor, post, at)
    if post.valid_from < at:
        post.valid_to = at
        post.save(update_fields=["valid_to"])
    else:  # it has not begun: nobody has acted on it, so it goes altogether
        Post.objects.filter(pk=post.pk).delete()
    event = PostEnded(
        organisation_id=post.organisation_id,
        province=post.organisation.province,
        account_id=post.account_id,
        post_id=post_id,
        role=post.role,
    )
    publish(event, actor=actor, at=at)
    return post


def _check_ending(actor: Actor, post: Post, at: datetime) -> None:
    if post.role in ROLES and ROLES[post.role].oversees:
        actor.require(APPOINT_OVERSEERS, post.organisation_id)
    if post.account_id == actor.account_id:
        raise NotAllowed("不能结束自己的岗位。", code="staff.post.own", do_next="请由另一位管理员办理。")
    if post.valid_to is not None and post.valid_to <= at:
        raise DomainError("这个岗位已经结束。", code="staff.post.ended-before", do_next="无需再办理。")


@transaction.atomic
def reset_second_factor(*, actor: Actor, account_id: int, at: datetime) -> None:
    """The phone is lost: the person enrols again at the next sign-in. All their sessions end."""
    account = _whole_account(actor, account_id, at=at)
    Account.objects.filter(pk=account.pk).update(
        totp_secret=None, totp_confirmed_at=None, failed_attempts=0, locked_until=None
    )
    RecoveryCode.objects.filter(account=account).delete()
    _finish(actor, account, SecondFactorReset, at)


@transaction.atomic
def reset_password(*, actor: Actor, account_id: int, at: datetime) -> str:
    """The password is forgotten: returns a temporary one, shown once. The account is unlocked, its sessions end."""
    account = _whole_account(actor, account_id, at=at)
    password = credentials.temporary_password()
    Account.objects.filter(pk=account.pk).update(
        password=make_password(password), must_change_password=True, failed_attempts=0, locked_until=None
    )
    _finish(actor, account, PasswordReset, at)
    return password


@transaction.atomic
def deactivate_account(*, actor: Actor, account_id: int, at: datetime) -> None:
    """The person has left: no further sign-in, and all sessions end. What they did stays under their name."""
    account = _whole_account(actor, account_id, at=at)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    _finish(actor, account, AccountDeactivated, at)


@transaction.atomic
def activate_account(*, actor: Actor, account_id: int, at: datetime) -> None:
    """The person is back."""
    account = _whole_account(actor, account_id, at=at)
    Account.objects.filter(pk=account.pk).update(is_active=True)
    _finish(actor, account, AccountActivated, at)


def _whole_account(actor: Actor, account_id: int, *, at: datetime) -> Account:
    """An account the actor may change as a whole: all its posts lie within reach, and it is not the actor's own.

    Otherwise a county could take over the account of somebody who also works for the province.
    """
    account = selectors.manageable_account(actor, account_id)
    if account.id == actor.account_id:
        raise NotAllowed("不能对自己的账号做这项操作。", code="staff.account.own", do_next="请由另一位管理员办理。")
    live = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), account=account)
    for post in live:
        if not actor.may(MANAGE, post.organisation_id):
            raise NotAllowed(
                "此人在其他单位也有岗位，不能由本单位办理。",
                code="staff.account.works-elsewhere",
                do_next="请由共同的上级单位管理员办理。",
            )
        if post.role in ROLES and ROLES[post.role].oversees:
            actor.require(APPOINT_OVERSEERS, post.organisation_id)
    return account


def _finish(actor: Actor, account: Account, event: type[AccountEvent], at: datetime) -> None:
    revoke_all(actor=actor, account_id=account.id, at=at)
    told = event(organisation_id=actor.organisation_id, province=actor.province, account_id=account.id)
    publish(told, actor=actor, at=at)


def _organisation(organisation_id: int) -> Organisation:
    return Organisation.objects.get(pk=organisation_id)
