"""The end: called off before it took place, or closed when every decision is settled. The guests see nothing any more."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from qingting.cases.services import lift_hold
from qingting.cases.states import HoldKind
from qingting.conferences import selectors
from qingting.conferences.events import ConferenceCancelled, ConferenceClosed
from qingting.conferences.models import CaseConference, ConferenceDecision
from qingting.conferences.services.steps import PURPOSE, hosted, move, note, require_words, tell, tell_guest
from qingting.conferences.states import UNSETTLED, Invited, NoteKind
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import cancel_clock
from qingting.core.errors import DomainError
from qingting.core.grants import end_access


@transaction.atomic
def cancel(*, actor: Actor, conference_id: int, words: str, at: datetime) -> CaseConference:
    """Call the conference off, with the reason; everybody invited is told."""
    conference = hosted(actor, conference_id)
    said = require_words(words, 2, "写明为什么取消。")
    move(conference, "cancel", ended_at=at)
    kept = note(conference, NoteKind.CANCELLED, said, (actor, at))
    for seat in selectors.seats_of(conference):
        if seat.invited == Invited.PAGE:
            tell_guest(seat, "conferences.called-off", at=at)
    _end(conference, actor, at)
    tell(ConferenceCancelled, conference, (actor, at), note=kept)
    return conference


@transaction.atomic
def close(*, actor: Actor, conference_id: int, words: str, at: datetime) -> CaseConference:
    """Close the conference (结束会商): refused while a decision is neither carried out nor let go with a reason."""
    conference = hosted(actor, conference_id)
    said = require_words(words, 4, "写明决定落实得怎么样。")
    left = ConferenceDecision.objects.filter(conference=conference, state__in=sorted(UNSETTLED)).order_by("number")
    numbers = "、".join(str(row.number) for row in left)
    if numbers:
        raise DomainError(
            f"第{numbers}项决定还没有结果，不能结束会商。",
            code="conferences.decisions-open",
            do_next="请等待办理结果；不再需要的，在那一项写明理由，记为“不再落实”。",
        )
    move(conference, "close", ended_at=at)
    kept = note(conference, NoteKind.CLOSED, said, (actor, at))
    _end(conference, actor, at)
    tell(ConferenceClosed, conference, (actor, at), note=kept)
    return conference


def _end(conference: CaseConference, actor: Actor, at: datetime) -> None:
    subject = ("conference", conference.pk)
    house = replace(actor, organisation_id=conference.organisation_id, province=conference.province)
    end_access(actor=house, subject=subject, purpose=PURPOSE, at=at)
    cancel_clock(subject=subject, at=at)
    lift_hold(
        actor=system_for(conference.organisation_id, conference.province),
        case_id=conference.case_id,
        kind=HoldKind.CONFERENCE_OPEN,
        subject=subject,
        at=at,
    )
