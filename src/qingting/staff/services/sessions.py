"""Sessions: where the person acts, and ending them."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import NotAllowed, not_found
from qingting.core.events import publish
from qingting.staff.actors import actor_for, valid_posts
from qingting.staff.events import PostSwitched, SessionsRevoked, SignedOut
from qingting.staff.models import Session
from qingting.staff.services.sign_in import actor_of


@transaction.atomic
def choose_post(*, session: Session, organisation_id: int, at: datetime) -> None:
    """Act for one of the organisations where the person holds a valid post; NotAllowed for any other."""
    posts = {post.organisation_id: post for post in valid_posts(session.account_id, at=at)}
    if organisation_id not in posts:
        raise NotAllowed(
            "您在这个单位没有有效岗位。",
            code="staff.post.not-held",
            do_next="请在列表中选择，或联系管理员续任。",
        )
    organisation = posts[organisation_id].organisation
    Session.objects.filter(pk=session.pk, revoked_at=None).update(organisation=organisation)
    event = PostSwitched(
        organisation_id=organisation.id,
        province=organisation.province,
        account_id=session.account_id,
        session_id=session.id,
    )
    publish(event, actor=actor_for(session.account_id, organisation, at=at), at=at)


@transaction.atomic
def sign_out(*, session: Session, at: datetime) -> None:
    """End this session. Ending it twice changes nothing."""
    if Session.objects.filter(pk=session.pk, revoked_at=None).update(revoked_at=at):
        actor = actor_of(session.account, at=at)
        event = SignedOut(
            organisation_id=actor.organisation_id,
            province=actor.province,
            account_id=session.account_id,
            session_id=session.id,
        )
        publish(event, actor=actor, at=at)


@transaction.atomic
def revoke_session(*, actor: Actor, session_id: int, at: datetime) -> None:
    """End one of one's own sessions, such as that of a lost phone; NotFound for anybody else's."""
    own = Session.objects.filter(pk=session_id, account_id=actor.account_id, revoked_at=None)
    if own.update(revoked_at=at) == 0:
        raise not_found("登录会话", "staff.session.not-found")
    _tell_revoked(actor, actor.account_id, 1, at)


@transaction.atomic
def revoke_others(*, actor: Actor, keep: Session, at: datetime) -> int:
    """End all of one's own sessions but this one. Returns how many."""
    return revoke_all(actor=actor, account_id=actor.account_id, at=at, keep=keep.id)


def revoke_all(*, actor: Actor, account_id: int, at: datetime, keep: int = 0) -> int:
    """End every session of an account, but the one named. Inside the caller's transaction."""
    live = Session.objects.filter(account_id=account_id, revoked_at=None, expires_at__gt=at)
    count = live.exclude(pk=keep).update(revoked_at=at)
    if count:
        _tell_revoked(actor, account_id, count, at)
    return count


def _tell_revoked(actor: Actor, account_id: int, count: int, at: datetime) -> None:
    event = SessionsRevoked(
        organisation_id=actor.organisation_id, province=actor.province, account_id=account_id, count=count
    )
    publish(event, actor=actor, at=at)
