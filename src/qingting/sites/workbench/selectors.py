"""What the shell itself shows of the person who is signed in."""

from dataclasses import dataclass
from datetime import datetime

from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.staff import selectors as notices
from qingting.staff.actors import valid_posts
from qingting.staff.models import Notice
from qingting.staff.notices import text_of
from qingting.staff.roles import ROLES


@dataclass(frozen=True, slots=True)
class PostChoice:
    """An organisation one may act for. roles: what one is there, in Chinese."""

    organisation_id: int
    organisation: str
    roles: str
    current: bool


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice on the start page. urgency: CRITICAL, URGENT or ROUTINE."""

    text: str
    urgency: str
    at: datetime


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


def unread_count(actor: Actor) -> int:
    """How many notices this person has not read."""
    return notices.unread_count(actor)


@dataclass(frozen=True, slots=True)
class Ring:
    """What the bell says: how many are unread, the newest of them (its id, as the page gives it back), and what is urgent and
    came since the page last asked."""

    unread: int
    newest: str
    urgent: NoticeLine | None


def ring(actor: Actor, *, seen: str) -> Ring:
    """`seen`: the newest notice this page knows of; empty where it asks for the first time, and nothing is said aloud."""
    unread = notices.unread_notices(actor)
    newest = unread.order_by("-pk").values_list("pk", flat=True).first() or 0
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return Ring(unread.count(), str(newest), None)
    urgent = unread.filter(pk__gt=int(seen), urgency__in=["CRITICAL", "URGENT"]).order_by("urgency", "-pk").first()
    line = NoticeLine(_aloud(urgent), urgent.urgency, urgent.created_at) if urgent else None
    return Ring(unread.count(), str(max(newest, int(seen))), line)


def _aloud(notice: Notice) -> str:
    return f"{Urgency(notice.urgency).label}：{text_of(notice.kind)}"


def unread_lines(actor: Actor, *, limit: int = 5) -> list[NoticeLine]:
    """The latest of them, in words."""
    unread = notices.unread_notices(actor)[:limit]
    return [NoticeLine(text_of(notice.kind), notice.urgency, notice.created_at) for notice in unread]
