"""Every write of following up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from qingting.cases import services as cases
from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState, HoldKind
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import meet_clock, start_clock
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, Scope, acting
from qingting.core.transactions import joined
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.followups import rules, selectors
from qingting.followups.events import (
    FollowUpAttempted,
    FollowUpGivenUp,
    FollowUpPlanned,
    FollowUpRecorded,
    RatingGiven,
    RatingInvited,
    RatingWaived,
)
from qingting.followups.models import FollowUp, RatingInvitation
from qingting.followups.permissions import CALL
from qingting.followups.states import INVITATION_DAYS, MOST_ATTEMPTS, SCORES, FollowUpState, Helped, Means
from qingting.orders.selectors import others_open
from qingting.staff.services import News, notify_holders


def _subject(follow_up: FollowUp) -> tuple[str, int]:
    return ("follow_up", follow_up.pk)


@joined
def plan_after_order(*, order_id: int, case_id: int, organisation_id: int, at: datetime) -> None:
    """An order is finished: when no other order of the case is open, plan a follow-up and ask for the person's own word."""
    if others_open(case_id, order_id):
        return
    own = Scope(frozenset({organisation_id}))
    with acting(own):
        province = Case.objects.values_list("province", flat=True).get(pk=case_id)
        actor = replace(system_for(organisation_id, province), scope=own)
        plan_follow_up(actor=actor, case_id=case_id, at=at)
        invite_rating(actor=actor, case_id=case_id, at=at)


@joined
def plan_follow_up(*, actor: Actor, case_id: int, at: datetime) -> FollowUp:
    """Have the person called by somebody who had no part in the work; holds the case from sign-off. Planning twice is once."""
    case = case_of(actor, case_id)
    due = FollowUp.objects.filter(case=case, state=FollowUpState.DUE).first()
    if due is not None:
        return due
    span = clock_span(case.organisation_id, ClockKind.FOLLOW_UP, start=at)
    follow_up = FollowUp.objects.create(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        due_at=span.due_at,
        planned_at=at,
    )
    cases.place_hold(actor=actor, case_id=case.pk, kind=HoldKind.FOLLOW_UP_DUE, subject=_subject(follow_up), at=at)
    start_clock(
        actor=system_for(case.organisation_id, case.province),
        kind=ClockKind.FOLLOW_UP,
        subject=_subject(follow_up),
        span=span,
        at=at,
        case_id=case.pk,
    )
    publish(FollowUpPlanned(**_ids(follow_up, actor)), actor=actor, at=at)
    _tell(case, "followups.planned", CALL, _subject(follow_up), at)
    return follow_up


def _ids(follow_up: FollowUp, actor: Actor) -> dict[str, Any]:
    return {
        "organisation_id": follow_up.organisation_id,
        "province": follow_up.province,
        "follow_up_id": follow_up.pk,
        "case_id": follow_up.case_id,
        "acting_organisation_id": actor.organisation_id,
    }


def _tell(case: Case, kind: str, permission: str, subject: tuple[str, int], at: datetime) -> None:
    news = News(kind=kind, subject=subject, urgency=case.urgency, case_id=case.pk)
    notify_holders(organisation_id=case.organisation_id, permission=permission, news=news, at=at)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a follow-up found: by which means, whether it helped, in words."""

    means: str
    helped: str
    words: str


def _callable(actor: Actor, follow_up_id: int) -> FollowUp:
    """The follow-up, if this person may make the call: permitted, a third person, and it is still due."""
    follow_up = selectors.follow_up_of(actor, follow_up_id)
    actor.require(CALL, follow_up.organisation_id)
    if not selectors.may_follow_up(actor, follow_up.case):
        raise DomainError(
            "您参与过这个个案的接待、办理或审核，不能由您回访。",
            code="followups.not-third-person",
            do_next="请交给没有参与办理的同事回访。",
        )
    if follow_up.state != FollowUpState.DUE:
        raise _over(follow_up)
    return follow_up


def _over(follow_up: FollowUp) -> DomainError:
    return DomainError(
        f"这次回访已是“{FollowUpState(follow_up.state).label}”。",
        code="followups.follow-up.wrong-state",
        do_next="可能有同事刚刚记录过，请刷新页面查看。",
    )


def _end(follow_up: FollowUp, actor: Actor, at: datetime, **changes: object) -> None:
    """Bring a due follow-up to its end if nobody was faster; its clock stops and its hold falls."""
    due = FollowUp.objects.filter(pk=follow_up.pk, state=FollowUpState.DUE)
    if not due.update(done_by_account_id=actor.account_id or None, done_at=at, **changes):
        follow_up.refresh_from_db()
        raise _over(follow_up)
    follow_up.refresh_from_db()
    meet_clock(subject=_subject(follow_up), at=at)
    cases.lift_hold(
        actor=actor,
        case_id=follow_up.case_id,
        kind=HoldKind.FOLLOW_UP_DUE,
        subject=_subject(follow_up),
        at=at,
    )


@transaction.atomic
def record_follow_up(*, actor: Actor, follow_up_id: int, outcome: Outcome, at: datetime) -> FollowUp:
    """Record a follow-up call (回访). Refused for anyone who had a part in the work (`followups.not-third-person`)."""
    follow_up = _callable(actor, follow_up_id)
    if outcome.means not in Means.values or outcome.helped not in Helped.values:
        raise Invalid("请选择回访方式和本人的回答。", code="followups.outcome.missing")
    if not outcome.words.strip():
        raise Invalid(
            "请记下本人怎么说。", code="followups.words-missing", do_next="写明本人现在的情况和对帮助的看法。"
        )
    _end(
        follow_up,
        actor,
        at,
        state=FollowUpState.DONE,
        means=outcome.means,
        helped=outcome.helped,
        words=outcome.words.strip(),
    )
    meet_clock(subject=("case", follow_up.case_id), kind=ClockKind.CASE_REPLY, at=at)
    label = str(Helped(outcome.helped).label)
    told = FollowUpRecorded(**_ids(follow_up, actor), helped=outcome.helped, helped_label=label)
    publish(told, actor=actor, at=at)
    if outcome.helped == Helped.NO:
        _tell(follow_up.case, "followups.low-rating", "cases.close", ("case", follow_up.case_id), at)
    return follow_up


@transaction.atomic
def record_attempt(*, actor: Actor, follow_up_id: int, at: datetime) -> FollowUp:
    """Nobody was reached (未联系上). After MOST_ATTEMPTS one may give up."""
    follow_up = _callable(actor, follow_up_id)
    due = FollowUp.objects.filter(pk=follow_up.pk, state=FollowUpState.DUE)
    if not due.update(attempts=F("attempts") + 1):
        follow_up.refresh_from_db()
        raise _over(follow_up)
    follow_up.refresh_from_db()
    told = FollowUpAttempted(**_ids(follow_up, actor), attempts=follow_up.attempts)
    publish(told, actor=actor, at=at)
    return follow_up


@transaction.atomic
def give_up(*, actor: Actor, follow_up_id: int, words: str, at: datetime) -> FollowUp:
    """Stop calling after MOST_ATTEMPTS attempts without an answer."""
    follow_up = _callable(actor, follow_up_id)
    if not rules.may_give_up(follow_up.attempts):
        raise DomainError(
            f"才联系了{follow_up.attempts}次，还不能结束回访。",
            code="followups.too-few-attempts",
            do_next=f"请换个时段再试，满{MOST_ATTEMPTS}次仍联系不上方可结束。",
        )
    _end(follow_up, actor, at, state=FollowUpState.UNREACHED, words=words.strip())
    publish(FollowUpGivenUp(**_ids(follow_up, actor)), actor=actor, at=at)
    return follow_up


def _invitation_ids(invitation: RatingInvitation) -> dict[str, Any]:
    return {
        "organisation_id": invitation.organisation_id,
        "province": invitation.province,
        "invitation_id": invitation.pk,
        "case_id": invitation.case_id,
    }


@joined
def invite_rating(*, actor: Actor, case_id: int, at: datetime) -> RatingInvitation:
    """Make a link for the young person's own word; good for INVITATION_DAYS and one answer. Inviting twice is once."""
    case = case_of(actor, case_id)
    standing = RatingInvitation.objects.filter(case=case, rated_at=None, waived_at=None).first()
    if standing is not None:
        return standing
    token = rules.fresh_token()
    invitation = RatingInvitation.objects.create(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        digest=rules.digest(token),
        token_sealed=seal(token, field=selectors.SEALED_IN),
        invited_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    subject = ("invitation", invitation.pk)
    cases.place_hold(actor=actor, case_id=case.pk, kind=HoldKind.RATING_AWAITED, subject=subject, at=at)
    told = RatingInvited(**_invitation_ids(invitation), conversation_id=case.conversation_id or 0)
    publish(told, actor=actor, at=at)
    return invitation


@dataclass(frozen=True, slots=True)
class Rating:
    """The young person's own word: 1 to 5, whether it helped, and words if they like."""

    score: int
    helped: str
    words: str = ""


@transaction.atomic
def rate(*, token: str, rating: Rating, at: datetime) -> RatingInvitation:
    """Take the answer behind a link, once; the same answer again changes nothing.

    Raises NotFound for an unknown link, DomainError for one that is spent (`followups.rating.spent`) or has expired
    (`followups.rating.expired`), Invalid for a score outside 1 to 5, TooMany when tried too often.
    """
    check_rate("rating", rules.digest(token).hex(), limit=20, seconds=600, at=at)
    invitation = selectors.invitation_behind(token)
    if rating.score not in SCORES or (rating.helped and rating.helped not in Helped.values):
        raise Invalid("请选一个最接近您感受的选项。", code="followups.rating.score-missing")
    with acting(Scope(frozenset({invitation.organisation_id}))):
        if _store(invitation, rating, at):
            _rated(invitation, at)
    return invitation


def _store(invitation: RatingInvitation, rating: Rating, at: datetime) -> bool:
    """Whether the answer is new. Raises when another answer was given, or the link has run out."""
    answer = {"score": rating.score, "helped": rating.helped, "words": rating.words.strip()}
    open_one = RatingInvitation.objects.filter(pk=invitation.pk, rated_at=None, waived_at=None, expires_at__gt=at)
    if open_one.update(rated_at=at, **answer):
        invitation.refresh_from_db()
        return True
    invitation.refresh_from_db()
    if invitation.rated_at is None:
        raise DomainError(
            "这个评价链接已经过期。",
            code="followups.rating.expired",
            do_next="如果还想说说您的感受，欢迎拨打12355告诉我们。",
        )
    if any(getattr(invitation, name) != value for name, value in answer.items()):
        raise DomainError(
            "您已经评价过了，谢谢。",
            code="followups.rating.spent",
            do_next="如果情况有变化，欢迎再次联系12355。",
        )
    return False


def _rated(invitation: RatingInvitation, at: datetime) -> None:
    own_scope = Scope(frozenset({invitation.organisation_id}))
    seeker = Actor(0, invitation.organisation_id, invitation.province, "seeker", scope=own_scope)
    told = RatingGiven(**_invitation_ids(invitation), score=invitation.score or 0)
    publish(told, actor=seeker, at=at)
    _lift_rating_hold(invitation, seeker, at)
    if rules.is_low(invitation.score or 0, invitation.helped):
        _tell(invitation.case, "followups.low-rating", "cases.close", ("case", invitation.case_id), at)
        _reopen_if_so_set(invitation, at)


def _lift_rating_hold(invitation: RatingInvitation, actor: Actor, at: datetime) -> None:
    subject = ("invitation", invitation.pk)
    cases.lift_hold(actor=actor, case_id=invitation.case_id, kind=HoldKind.RATING_AWAITED, subject=subject, at=at)


def _reopen_if_so_set(invitation: RatingInvitation, at: datetime) -> None:
    state = Case.objects.values_list("state", flat=True).get(pk=invitation.case_id)
    if settings.LOW_RATING_REOPENS and state != CaseState.OPEN:
        cases.reopen(
            actor=system_for(invitation.organisation_id, invitation.province),
            case_id=invitation.case_id,
            words=f"本人评价：{SCORES[invitation.score or 1]}，按规定重新办理。",
            at=at,
        )


@transaction.atomic
def waive_expired_ratings(*, at: datetime, limit: int = 200) -> int:
    """Nobody answered in time: lift the hold. A worker's loop calls this; returns how many were waived."""
    with acting(EVERYTHING):
        waiting = RatingInvitation.objects.filter(rated_at=None, waived_at=None, expires_at__lte=at)
        expired = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("expires_at")[:limit])
        for invitation in expired:
            RatingInvitation.objects.filter(pk=invitation.pk).update(waived_at=at)
            actor = system_for(invitation.organisation_id, invitation.province)
            publish(RatingWaived(**_invitation_ids(invitation)), actor=actor, at=at)
            _lift_rating_hold(invitation, actor, at)
    return len(expired)


@transaction.atomic
def rotate_tokens(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` tokens of open invitations with the current key. Returns how many; 0 when done."""
    with acting(EVERYTHING):
        older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
        stale = RatingInvitation.objects.filter(rated_at=None, waived_at=None, token_sealed__lt=older)
        invitations = list(stale.select_for_update(skip_locked=True)[:batch])
        for invitation in invitations:
            plain = unseal(bytes(invitation.token_sealed), field=selectors.SEALED_IN)
            invitation.token_sealed = seal(plain, field=selectors.SEALED_IN)
        RatingInvitation.objects.bulk_update(invitations, ["token_sealed"])
    return len(invitations)
