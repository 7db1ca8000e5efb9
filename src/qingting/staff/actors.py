"""From a session to an actor: who, for which organisation, with which permissions, seeing what."""

from datetime import datetime

from django.db.models import Q

from qingting.core.actors import Actor
from qingting.core.scope import Scope
from qingting.directory.models import Organisation
from qingting.directory.selectors import subtree_ids
from qingting.staff.models import Post
from qingting.staff.roles import ROLES


def held_at(at: datetime) -> Q:
    """The condition under which a post is held at a moment."""
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def valid_posts(account_id: int, *, at: datetime) -> list[Post]:
    """Posts held at this moment in organisations that are in use, oldest first."""
    held = Post.objects.filter(held_at(at), account_id=account_id, organisation__active=True)
    return list(held.select_related("organisation").order_by("id"))


def actor_for(account_id: int, organisation: Organisation, *, at: datetime) -> Actor:
    """The person acting for one organisation: permissions of all posts there, sight of it and all below."""
    posts = [post for post in valid_posts(account_id, at=at) if post.organisation_id == organisation.id]
    permissions = frozenset().union(*(ROLES[post.role].permissions for post in posts if post.role in ROLES))
    scope = Scope(reach(organisation)) if posts else Scope()
    return Actor(account_id, organisation.id, organisation.province, "person", permissions, scope)


def reach(organisation: Organisation) -> frozenset[int]:
    """The organisations whose rows a post sees: its own and all below. Partners have none below."""
    return subtree_ids(organisation.id)
