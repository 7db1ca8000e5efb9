"""What whoever complained does by their receipt: ask the next organisation to look again, or let it be."""

from datetime import datetime

from django.db import transaction

from qingting.complaints import selectors
from qingting.complaints.models import Complaint
from qingting.complaints.services.handling import climb
from qingting.complaints.services.steps import step, tell_handlers
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.rate_limits import check_rate
from qingting.core.scope import Scope


def _complainant(complaint: Complaint) -> Actor:
    house = Scope(frozenset({complaint.organisation_id}))
    return Actor(0, complaint.organisation_id, complaint.province, "seeker", scope=house)


def _behind(token: str, at: datetime) -> Complaint:
    complaint = selectors.complaint_behind(token)
    check_rate("complaint", str(complaint.pk), limit=20, seconds=600, at=at)
    return complaint


@transaction.atomic
def ask_review(*, token: str, words: str, at: datetime) -> Complaint:
    """Have the next organisation above look again (复核), within REVIEW_DAYS of the answer."""
    complaint = _behind(token, at)
    if not selectors.review_is_open(complaint, at=at):
        raise DomainError(
            "现在不能申请复核了。", code="complaints.review-over", do_next="如果还有新的情况，可以再提一件投诉。"
        )
    return climb(complaint, "review", _complainant(complaint), words, at)


@transaction.atomic
def withdraw(*, token: str, at: datetime) -> Complaint:
    """Let it be (撤回)."""
    complaint = _behind(token, at)
    done = step(complaint, "withdraw", _complainant(complaint), "", at)
    tell_handlers(done, "complaints.withdrawn", at)
    return done
