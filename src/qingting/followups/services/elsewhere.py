"""A follow-up that another organisation makes in our place (代为回访): asked, answered, refused, taken back.

What they find stands on the referral, and comes to the follow-up's page; one of us reads it and completes the follow-up, since
whether it helped, and what follows from that, is ours to say. Its deadline goes on all the while.
"""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import joined
from qingting.followups import selectors
from qingting.followups.events import OtherDeskAsked
from qingting.followups.models import FollowUp
from qingting.followups.permissions import CALL
from qingting.followups.services.due import ids_of, over, subject_of
from qingting.followups.states import FollowUpState
from qingting.linkage import services as linkage
from qingting.linkage.selectors import partner_name
from qingting.linkage.services import Referral
from qingting.linkage.states import OPEN, CancelReason
from qingting.staff.services import News, notify_holders

LEAD = "duty.lead"
DONE_HERE = "12355的回访已经结束，不必再联系本人。"


@transaction.atomic
def ask_other_desk(*, actor: Actor, follow_up_id: int, referral: Referral, at: datetime) -> FollowUp:
    """Ask another organisation to follow up in our place, with the least data and the person's own consent.

    Organising it is no part of the follow-up itself, so whoever did the work may ask. Raises NotAllowed, DomainError where it
    is over or somebody was asked already, and what `linkage.services.ask_follow_up` refuses.
    """
    follow_up = selectors.follow_up_of(actor, follow_up_id)
    actor.require(CALL, follow_up.organisation_id)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).select_related("case", "handoff").get(pk=follow_up.pk)
    if follow_up.state != FollowUpState.DUE:
        raise over(follow_up)
    if follow_up.handoff is not None and follow_up.handoff.state in OPEN:
        raise DomainError(
            "已经请其他单位代为回访，正在等对方答复。",
            code="followups.other-desk.asked-already",
            do_next="对方迟迟不办的，可以先撤回，再请别的单位，或由本单位回访。",
        )
    handoff = linkage.ask_follow_up(actor=actor, case_id=follow_up.case_id, referral=referral, at=at)
    follow_up.handoff = handoff
    follow_up.save(update_fields=["handoff"])
    told = OtherDeskAsked(**ids_of(follow_up, actor), handoff_id=handoff.pk, partner=partner_name(handoff.desk))
    publish(told, actor=actor, at=at)
    return follow_up


@joined
def hear_of_other_desk(*, handoff_id: int, answered: bool, alarming: bool = False, at: datetime) -> None:
    """The other side has answered, or will not do it: whoever follows up here is told; where the person is worse than before or in
    danger, at once, and the shift leaders too."""
    with acting(EVERYTHING):
        due = FollowUp.objects.filter(handoff_id=handoff_id, state=FollowUpState.DUE).select_related("case").first()
    if due is None:
        return
    if alarming:
        _raise_alarm(due, at)
        return
    kind = "followups.other-desk-answered" if answered else "followups.other-desk-refused"
    news = News(kind=kind, subject=subject_of(due), urgency=due.case.urgency, case_id=due.case_id)
    notify_holders(organisation_id=due.organisation_id, permission=CALL, news=news, at=at)


def _raise_alarm(due: FollowUp, at: datetime) -> None:
    news = News(kind="followups.other-desk-alarm", subject=subject_of(due), urgency="URGENT", case_id=due.case_id)
    for permission in (CALL, LEAD):
        notify_holders(organisation_id=due.organisation_id, permission=permission, news=news, at=at)


@transaction.atomic
def take_back(*, actor: Actor, follow_up_id: int, words: str, at: datetime) -> FollowUp:
    """Ask the other organisation no longer (撤回); the follow-up is ours again. DomainError where nobody is asked."""
    follow_up = selectors.follow_up_of(actor, follow_up_id)
    actor.require(CALL, follow_up.organisation_id)
    if not let_go(follow_up, words or "改由12355自行回访，不必再联系本人。", at):
        raise DomainError(
            "现在没有请其他单位代为回访。", code="followups.other-desk.not-asked", do_next="请刷新页面查看。"
        )
    return follow_up


def let_go(follow_up: FollowUp, words: str, at: datetime) -> bool:
    """Nobody elsewhere need call the person any more. False where nobody was asked, or they have answered."""
    handoff = follow_up.handoff
    if handoff is None or handoff.state not in OPEN:
        return False
    system = system_for(follow_up.organisation_id, follow_up.province)
    reason = CancelReason.OTHER
    linkage.cancel_handoff(actor=system, handoff_id=handoff.pk, reason=reason, words=words, at=at)
    return True
