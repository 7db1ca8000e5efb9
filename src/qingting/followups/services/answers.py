"""What the young person answers by their own link, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.core.scope import Scope, acting
from qingting.followups import rules, selectors
from qingting.followups.events import RatingGiven
from qingting.followups.models import RatingInvitation
from qingting.followups.services.calls import answered_by_link, reopen_case
from qingting.followups.services.ratings import invitation_ids, lift_rating_hold
from qingting.followups.states import SCORES, Helped, LowRating
from qingting.staff.services import News, notify_holders


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
    told = RatingGiven(**invitation_ids(invitation), score=invitation.score or 0)
    publish(told, actor=seeker, at=at)
    lift_rating_hold(invitation, seeker, at)
    if rules.is_low(invitation.score or 0, invitation.helped):
        _tell_of_low(invitation.case, at)
        _reopen_if_so_set(invitation, at)
    else:
        # Where the rule asks by link first, a good answer saves the call; a bad one never does.
        answered_by_link(case_id=invitation.case_id, helped=invitation.helped, words=invitation.words, at=at)


def _tell_of_low(case: Case, at: datetime) -> None:
    news = News(kind="followups.low-rating", subject=("case", case.pk), urgency=case.urgency, case_id=case.pk)
    notify_holders(organisation_id=case.organisation_id, permission="cases.close", news=news, at=at)


def _reopen_if_so_set(invitation: RatingInvitation, at: datetime) -> None:
    asked = selectors.terms_for(invitation.case).on_low
    if asked == LowRating.REOPEN or settings.LOW_RATING_REOPENS:
        reopen_case(invitation.case, f"本人评价：{SCORES[invitation.score or 1]}，按规定重新办理。", at)
