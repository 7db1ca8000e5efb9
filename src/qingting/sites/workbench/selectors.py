"""What the shell itself shows of the person who is signed in."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from qingting.core.actors import Actor
from qingting.staff.actors import valid_posts
from qingting.staff.models import Notice, NoticeRead
from qingting.staff.roles import ROLES


@dataclass(frozen=True, slots=True)
class PostChoice:
    """An organisation one may act for. roles: what one is there, in Chinese."""

    organisation_id: int
    organisation: str
    roles: str
    current: bool


def post_choices(actor: Actor, *, at: datetime) -> list[PostChoice]:
    """The organisations this person holds a post in, with their roles there."""
    roles: dict[tuple[int, str], list[str]] = {}
    for post in valid_posts(actor.account_id, at=at):
        label = ROLES[post.role].label if post.role in ROLES else post.role
        roles.setdefault((post.organisation_id, post.organisation.short_name), []).append(label)
    return [
        PostChoice(organisation_id, name, "、".join(labels), organisation_id == actor.organisation_id)
        for (organisation_id, name), labels in roles.items()
    ]


def unread_notices(actor: Actor) -> int:
    """How many notices to this person, or to whoever holds one of their permissions, they have not read."""
    mine = Q(account_id=actor.account_id) | Q(account_id=None, permission__in=actor.permissions)
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), account_id=actor.account_id)
    with transaction.atomic():
        notices = Notice.objects.filter(mine, organisation_id=actor.organisation_id)
        return notices.filter(~Exists(read)).count()
