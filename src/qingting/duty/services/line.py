"""The one waiting line for all channels: coming in, moving up, leaving; and what somebody is busy with."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.at_once import UNLESS_THERE, store
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.events import LineEntered, LineLeft, PriorityRaised
from qingting.duty.models import Engagement, Offer, WaitingEntry
from qingting.duty.rules import Need, priority_of
from qingting.duty.services.offers import distribute, withdraw_unfit_offer
from qingting.duty.states import EntryState, OfferState

Subject = tuple[str, int]
_WAITS = (EntryState.WAITING, EntryState.OFFERED)


def _waiting(subject: Subject) -> WaitingEntry | None:
    return (
        WaitingEntry.objects.select_for_update()
        .filter(subject_kind=subject[0], subject_id=subject[1], state__in=_WAITS)
        .first()
    )


@transaction.atomic(savepoint=False)
def enter_line(*, actor: Actor, subject: Subject, need: Need, at: datetime) -> int:
    """Put something into the line of the actor's organisation and offer it at once. Returns the entry's id.

    Entering twice changes nothing.
    """
    with acting(EVERYTHING):
        entry = WaitingEntry(
            organisation_id=actor.organisation_id,
            province=actor.province,
            subject_kind=subject[0],
            subject_id=subject[1],
            skill=need.skill,
            language=need.language,
            priority=priority_of(need.level),
            danger_level=need.level,
            preferred_account_id=need.preferred,
            entered_at=at,
        )
        event = LineEntered(**entry.facts(), priority=entry.priority)
        if store([entry], [event], actor=actor, provided=UNLESS_THERE, at=at):
            distribute(entry.organisation_id, at=at)
            return entry.id
        waiting = _waiting(subject)
        return waiting.id if waiting else enter_line(actor=actor, subject=subject, need=need, at=at)


@transaction.atomic
def raise_priority(*, subject: Subject, level: str, at: datetime) -> None:
    """A danger sign moves what waits to the front; nothing moves it back."""
    with acting(EVERYTHING):
        entry = _waiting(subject)
        if entry is None or priority_of(level) >= entry.priority:
            return
        entry.priority, entry.danger_level = priority_of(level), level
        WaitingEntry.objects.filter(pk=entry.pk).update(priority=entry.priority, danger_level=level)
        event = PriorityRaised(**entry.facts(), level=level)
        publish(event, actor=system_for(entry.organisation_id, entry.province), at=at)
        distribute(entry.organisation_id, at=at)


@transaction.atomic
def change_need(*, subject: Subject, skill: str, language: str, at: datetime) -> None:
    """What waits turns out to need another skill or language: it keeps its place, and an offer to somebody without it is
    withdrawn."""
    with acting(EVERYTHING):
        entry = _waiting(subject)
        if entry is None or (entry.skill, entry.language) == (skill, language):
            return
        entry.skill, entry.language = skill, language
        WaitingEntry.objects.filter(pk=entry.pk).update(skill=skill, language=language)
        withdraw_unfit_offer(entry, at=at)
        distribute(entry.organisation_id, at=at)


@transaction.atomic(savepoint=False)
def leave_line(*, actor: Actor, subject: Subject, at: datetime) -> None:
    """What waited has gone; an open offer of it is withdrawn."""
    with acting(EVERYTHING):
        entry = _waiting(subject)
        if entry is None:
            return
        WaitingEntry.objects.filter(pk=entry.pk).update(state=EntryState.LEFT, left_at=at)
        Offer.objects.filter(entry=entry, state=OfferState.OPEN).update(state=OfferState.WITHDRAWN, ended_at=at)
        publish(LineLeft(**entry.facts()), actor=actor, at=at)


@transaction.atomic(savepoint=False)
def end_engagement(*, subject: Subject, at: datetime) -> None:
    """Somebody is done with it; they are free for the next."""
    with acting(EVERYTHING):
        engagements = Engagement.objects.filter(subject_kind=subject[0], subject_id=subject[1], ended_at=None)
        for engagement in engagements.select_for_update():
            Engagement.objects.filter(pk=engagement.pk).update(ended_at=at)
            distribute(engagement.organisation_id, at=at)


@transaction.atomic
def move_engagement(*, subject: Subject, to_account: int, at: datetime) -> None:
    """Somebody else is busy with it from now on (an accepted hand-over)."""
    with acting(EVERYTHING):
        open_now = Engagement.objects.filter(subject_kind=subject[0], subject_id=subject[1], ended_at=None)
        engagement = open_now.select_for_update().first()
        if engagement is None:
            return
        Engagement.objects.filter(pk=engagement.pk).update(ended_at=at)
        Engagement.objects.create(
            organisation_id=engagement.organisation_id,
            province=engagement.province,
            account_id=to_account,
            subject_kind=subject[0],
            subject_id=subject[1],
            started_at=at,
        )
        distribute(engagement.organisation_id, at=at)
