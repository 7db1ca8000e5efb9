"""Reading accounts, posts, sessions and notices, within what the actor may see."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from qingting.core.actors import Actor
from qingting.core.errors import not_found
from qingting.directory.models import Organisation
from qingting.staff.actors import held_at
from qingting.staff.models import Account, Notice, NoticeRead, Post, Session
from qingting.staff.permissions import APPOINT_OVERSEERS, MANAGE
from qingting.staff.roles import ROLES, Role
from qingting.staff.sessions import live_session

RECENT = 100


def own_account(actor: Actor) -> Account:
    """The person's own account."""
    return Account.objects.get(pk=actor.account_id)


def own_sessions(actor: Actor, *, at: datetime) -> QuerySet[Session]:
    """The person's own live sessions, the latest first."""
    live = Session.objects.filter(account_id=actor.account_id, revoked_at=None, expires_at__gt=at)
    return live.exclude(second_factor_at=None).order_by("-last_seen_at")


def is_live_session(session_id: int, token: str, *, at: datetime) -> bool:
    """Whether this cookie's token opens this very session, and it is still live: for doors outside of the pages."""
    session = live_session(token, at=at)
    return session is not None and session.pk == session_id


def recovery_codes_left(actor: Actor) -> int:
    """How many recovery codes the person has not used yet."""
    return own_account(actor).recovery_codes.filter(used_at=None).count()


def display_names(account_ids: set[int]) -> dict[int, str]:
    """What colleagues are called, by account id."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("id", "display_name"))


def holders(organisation_id: int, permission: str, *, at: datetime) -> QuerySet[Account]:
    """Active people whose post in the organisation holds the permission now."""
    roles = [role.code for role in ROLES.values() if permission in role.permissions]
    posts = Post.objects.filter(held_at(at), organisation_id=organisation_id, role__in=roles)
    return Account.objects.filter(is_active=True, pk__in=posts.values("account_id")).order_by("display_name")


def colleagues_within(actor: Actor) -> list[tuple[int, str]]:
    """Ids and names of everybody who has or had a post in the actor's organisations, by name; for choosing a person."""
    posts = Post.objects.filter(organisation_id__in=actor.scope.organisations)
    found = Account.objects.filter(pk__in=posts.values("account_id")).order_by("display_name", "username")
    return list(found.values_list("pk", "display_name"))


# --- administration ---------------------------------------------------------------------------------------------------


def _within(actor: Actor) -> QuerySet[Post]:
    return Post.objects.filter(organisation_id__in=actor.scope.organisations)


def people(actor: Actor, *, words: str = "") -> QuerySet[Account]:
    """Accounts that have or had a post in one of the actor's organisations, found by name or username."""
    actor.require(MANAGE)
    posts = _within(actor).select_related("organisation").order_by("valid_from")
    found = Account.objects.filter(Exists(_within(actor).filter(account_id=OuterRef("pk"))))
    if words:
        found = found.filter(Q(display_name__icontains=words) | Q(username__icontains=words))
    return found.prefetch_related(Prefetch("posts", posts, "posts_within")).order_by("-is_active", "username")


def manageable_account(actor: Actor, account_id: int) -> Account:
    """One account of the actor's organisations; from outside, an account elsewhere looks like none."""
    found = people(actor).filter(pk=account_id).first()
    if found is None:
        raise not_found("账号", "staff.account.not-found")
    return found


def manageable_post(actor: Actor, post_id: int) -> Post:
    """One post in the actor's organisations."""
    actor.require(MANAGE)
    found = _within(actor).select_related("organisation").filter(pk=post_id).first()
    if found is None:
        raise not_found("岗位", "staff.post.not-found")
    return found


def organisations_within(actor: Actor) -> QuerySet[Organisation]:
    """Organisations where the actor may appoint people, from the top of the tree down."""
    return Organisation.objects.filter(pk__in=actor.scope.organisations, active=True).order_by("path")


def appointable_roles(actor: Actor) -> list[Role]:
    """Roles the actor may give: those that oversee administrators are given from further up."""
    overseers = actor.may(APPOINT_OVERSEERS)
    return [role for role in ROLES.values() if overseers or not role.oversees]


# --- notices ----------------------------------------------------------------------------------------------------------


def _for(actor: Actor) -> QuerySet[Notice]:
    """Notices of the organisation the actor acts for: told to them, or to a permission they hold."""
    theirs = Q(account_id=actor.account_id) | Q(account_id=None, permission__in=actor.permissions)
    notices = Notice.objects.filter(theirs, organisation_id=actor.organisation_id)
    return notices.annotate(is_read=_read_by(actor)).order_by("-created_at", "-id")


def _read_by(actor: Actor) -> Exists:
    return Exists(NoticeRead.objects.filter(notice_id=OuterRef("pk"), account_id=actor.account_id))


def notices_for(actor: Actor, *, limit: int = RECENT) -> list[Notice]:
    """The latest notices for the actor, newest first; each carries `is_read`."""
    return list(_for(actor)[:limit])


def unread_notices(actor: Actor) -> QuerySet[Notice]:
    """What the actor has not seen yet."""
    return _for(actor).exclude(_read_by(actor))


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not seen yet."""
    return unread_notices(actor).count()


def notice(actor: Actor, notice_id: int) -> Notice:
    """One notice that is for the actor."""
    found = _for(actor).filter(pk=notice_id).first()
    if found is None:
        raise not_found("提醒", "staff.notice.not-found")
    return found
