"""A follow-up that is due: who may make it, and how it comes to its end."""

from datetime import datetime
from typing import Any

from django.db.models import F

from qingting.cases import services as cases
from qingting.cases.states import HoldKind
from qingting.core.actors import Actor
from qingting.core.clocks import meet_clock
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.time import local
from qingting.followups import rules, selectors
from qingting.followups.events import FollowUpAttempted
from qingting.followups.models import FollowUp
from qingting.followups.permissions import CALL
from qingting.followups.states import FollowUpKind, FollowUpState


def subject_of(follow_up: FollowUp) -> tuple[str, int]:
    """What clocks, holds and notices call it."""
    return ("follow_up", follow_up.pk)


def callable_by(actor: Actor, follow_up_id: int) -> FollowUp:
    """The follow-up, if this person may make the call: permitted, a third person, and it is still due."""
    follow_up = selectors.follow_up_of(actor, follow_up_id)
    actor.require(CALL, follow_up.organisation_id)
    if follow_up.kind == FollowUpKind.AFTER_WORK and not selectors.may_follow_up(actor, follow_up.case):
        raise DomainError(
            "您参与过这个个案的接待、办理或审核，不能由您回访。",
            code="followups.not-third-person",
            do_next="请交给没有参与办理的同事回访。",
        )
    if follow_up.state != FollowUpState.DUE:
        raise over(follow_up)
    return follow_up


def over(follow_up: FollowUp) -> DomainError:
    return DomainError(
        f"这次回访已是“{FollowUpState(follow_up.state).label}”。",
        code="followups.follow-up.wrong-state",
        do_next="可能有同事刚刚记录过，请刷新页面查看。",
    )


def ids_of(follow_up: FollowUp, actor: Actor) -> dict[str, Any]:
    """The fields that all its events share."""
    return {
        "organisation_id": follow_up.organisation_id,
        "province": follow_up.province,
        "follow_up_id": follow_up.pk,
        "case_id": follow_up.case_id,
        "acting_organisation_id": actor.organisation_id,
    }


def require_pause(follow_up: FollowUp, at: datetime) -> None:
    """Raises DomainError (`followups.too-soon`) before the time of the next attempt."""
    if follow_up.attempts and follow_up.not_before and follow_up.not_before > at:
        raise DomainError(
            "刚刚联系过，还没到下一次的时间。",
            code="followups.too-soon",
            do_next=f"请在{local(follow_up.not_before):%m月%d日 %H:%M}以后再试，换个时段更容易联系上。",
        )


def count_attempt(follow_up: FollowUp, actor: Actor, at: datetime) -> None:
    """Nobody was reached once more; the next attempt is some hours later, within the day."""
    due = FollowUp.objects.filter(pk=follow_up.pk, state=FollowUpState.DUE)
    later = rules.next_attempt(at, follow_up.spacing_hours)
    if not due.update(attempts=F("attempts") + 1, not_before=later):
        follow_up.refresh_from_db()
        raise over(follow_up)
    follow_up.refresh_from_db()
    publish(FollowUpAttempted(**ids_of(follow_up, actor), attempts=follow_up.attempts), actor=actor, at=at)


def end(follow_up: FollowUp, actor: Actor, at: datetime, **changes: object) -> None:
    """Bring a due follow-up to its end if nobody was faster; its clock stops and its hold falls."""
    due = FollowUp.objects.filter(pk=follow_up.pk, state=FollowUpState.DUE)
    if not due.update(done_by_account_id=actor.account_id or None, done_at=at, **changes):
        follow_up.refresh_from_db()
        raise over(follow_up)
    follow_up.refresh_from_db()
    meet_clock(subject=subject_of(follow_up), at=at)
    cases.lift_hold(
        actor=actor,
        case_id=follow_up.case_id,
        kind=HoldKind.FOLLOW_UP_DUE,
        subject=subject_of(follow_up),
        at=at,
    )
