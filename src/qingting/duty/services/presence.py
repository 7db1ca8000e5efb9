"""Being at a seat: what one says of oneself, and what the heartbeat says."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import SYSTEM, Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.duty import permissions
from qingting.duty.events import PresenceChanged
from qingting.duty.models import Presence
from qingting.duty.rules import HEARTBEAT_LASTS, WRAP_UP_LASTS
from qingting.duty.services.offers import distribute, withdraw_offers_of
from qingting.duty.states import PresenceState, Skill
from qingting.duty.subjects import FILLING
from qingting.staff.models import Post


def _skills(actor: Actor) -> list[str]:
    posts = Post.objects.filter(account_id=actor.account_id, organisation_id=actor.organisation_id)
    skills = {skill for post in posts for skill in post.skills}
    return sorted(skills) or [Skill.GENERAL]


@transaction.atomic
def set_presence(*, actor: Actor, state: str, at: datetime) -> Presence:
    """Say what one is doing: ready, not ready, on a break, wrapping up, or gone. Readiness is offered work at once."""
    actor.require(permissions.TAKE)
    if state not in PresenceState.values:
        raise Invalid("请选择一个状态。", code="duty.presence.unknown-state", do_next="在右上角的状态菜单里选择。")
    presence, _ = Presence.objects.update_or_create(
        account_id=actor.account_id,
        defaults={
            "organisation_id": actor.organisation_id,
            "province": actor.province,
            "state": PresenceState(state),
            "skills": _skills(actor),
            "last_heartbeat_at": at,
            "changed_at": at,
            "idle_since": at,
            "wrap_up_until": None,
        },
    )
    publish(_changed(presence), actor=actor, at=at)
    if state != PresenceState.READY:
        withdraw_offers_of(actor.account_id, at=at)
    distribute(actor.organisation_id, at=at)
    return presence


def _changed(presence: Presence) -> PresenceChanged:
    return PresenceChanged(
        organisation_id=presence.organisation_id,
        province=presence.province,
        account_id=presence.account_id,
        state=presence.state,
    )


@transaction.atomic
def heartbeat(*, actor: Actor, at: datetime) -> None:
    """The seat's page is open and answers. A lapsed presence comes back only when the person says so."""
    Presence.objects.filter(account_id=actor.account_id).update(last_heartbeat_at=at)


@transaction.atomic
def set_reachable(*, account_id: int, reachable: bool, at: datetime) -> None:
    """A telephone of somebody at a seat would ring from now on, or no longer. Calls on offer to them go on to others."""
    with acting(EVERYTHING):
        changed = Presence.objects.filter(account_id=account_id).exclude(reachable=reachable)
        presence = changed.select_for_update().first()
        if presence is None:
            return
        Presence.objects.filter(pk=presence.pk).update(reachable=reachable)
        if not reachable:
            withdraw_offers_of(account_id, at=at, kinds=FILLING)
        distribute(presence.organisation_id, at=at)


@transaction.atomic
def begin_wrap_up(*, account_id: int, at: datetime) -> None:
    """After a call: time to write it down. Ends by itself, or when they say that they are ready."""
    with acting(EVERYTHING):
        ready = Presence.objects.select_for_update().filter(account_id=account_id, state=PresenceState.READY)
        _move(list(ready), PresenceState.WRAP_UP, at + WRAP_UP_LASTS, at)


@transaction.atomic
def end_wrap_ups(*, at: datetime) -> int:
    """Whoever's time after a call is over is ready again."""
    with acting(EVERYTHING):
        due = Presence.objects.select_for_update(skip_locked=True).filter(state=PresenceState.WRAP_UP)
        over = list(due.filter(wrap_up_until__lte=at))
        _move(over, PresenceState.READY, None, at)
        for organisation_id in sorted({presence.organisation_id for presence in over}):
            distribute(organisation_id, at=at)
    return len(over)


def _move(presences: list[Presence], state: PresenceState, until: datetime | None, at: datetime) -> None:
    for presence in presences:
        presence.state = state
        Presence.objects.filter(pk=presence.pk).update(state=state, wrap_up_until=until, changed_at=at, idle_since=at)
        publish(_changed(presence), actor=SYSTEM, at=at)


@transaction.atomic
def lapse_presences(*, at: datetime) -> int:
    """Whoever has not been heard of goes offline, and what was offered to them is offered to others."""
    with acting(EVERYTHING):
        silent = Presence.objects.exclude(state=PresenceState.OFFLINE).filter(
            last_heartbeat_at__lt=at - HEARTBEAT_LASTS
        )
        lapsed = list(silent.select_for_update(skip_locked=True))
        for presence in lapsed:
            presence.state, presence.changed_at = PresenceState.OFFLINE, at
            Presence.objects.filter(pk=presence.pk).update(state=presence.state, changed_at=at)
            publish(_changed(presence), actor=SYSTEM, at=at)
            withdraw_offers_of(presence.account_id, at=at)
    return len(lapsed)
