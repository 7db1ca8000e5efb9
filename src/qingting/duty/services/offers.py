"""Distribution: who waits longest in most danger is offered to whoever fits best; an offer lapses after some seconds."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.at_once import Change, store
from qingting.core.errors import DomainError, not_found
from qingting.core.events import Event, publish
from qingting.core.scope import EVERYTHING, acting
from qingting.duty import permissions, rules
from qingting.duty.events import EntryTaken, OfferEnded, OfferMade
from qingting.duty.models import Engagement, Offer, Presence, WaitingEntry
from qingting.duty.services.board import lock_and_look
from qingting.duty.states import EntryState, OfferState, PresenceState, Skill
from qingting.duty.subjects import FILLING, SUBJECTS

_WAITS = (EntryState.WAITING, EntryState.OFFERED)


@transaction.atomic(savepoint=False)
def distribute(organisation_id: int, *, at: datetime) -> int:
    """Offer what waits in this organisation's line. Returns how many offers were made."""
    with acting(EVERYTHING):
        board = lock_and_look(organisation_id, at=at)
        candidates = board.candidates
        if not any(candidate.has_room(fills=False) for candidate in candidates):
            return 0  # the usual case of a long line, and the one in which time counts
        made = 0
        for entry in board.entries:
            no = board.refused.get(entry.id, set())
            chosen = rules.choose(candidates, entry.need, refused=no, fills=entry.subject_kind in FILLING)
            if chosen is None:
                continue
            if not _offer(entry, chosen.account_id, at):
                continue
            candidates = [_busier(c, entry) if c is chosen else c for c in candidates]
            made += 1
        return made


def _busier(candidate: rules.Candidate, entry: WaitingEntry) -> rules.Candidate:
    occupied = candidate.occupied or entry.subject_kind in FILLING
    return replace(candidate, load=candidate.load + 1, occupied=occupied)


def _offer(entry: WaitingEntry, account_id: int, at: datetime) -> bool:
    """False where it left since it was read: somebody who hung up must not come back into the line as a ghost."""
    offer = Offer(
        organisation_id=entry.organisation_id,
        province=entry.province,
        entry=entry,
        account_id=account_id,
        offered_at=at,
        expires_at=at + rules.OFFER_LASTS,
    )
    event = OfferMade(**entry.facts(), offer_id=offer.id, account_id=account_id)
    still = Change(
        "UPDATE duty_waitingentry SET state = %s WHERE id = %s AND state = %s RETURNING 1",
        (EntryState.OFFERED, entry.id, EntryState.WAITING),
    )
    actor = system_for(entry.organisation_id, entry.province)
    return store([offer], [event], actor=actor, provided=still, at=at)


@transaction.atomic
def distribute_everywhere(*, at: datetime) -> int:
    """For the worker: lines in which something waits and nobody's act has triggered an offer."""
    with acting(EVERYTHING):
        waiting = WaitingEntry.objects.filter(state=EntryState.WAITING).values_list("organisation_id", flat=True)
        return sum(distribute(organisation_id, at=at) for organisation_id in sorted(set(waiting)))


def _end(offer: Offer, state: str, at: datetime) -> bool:
    """Close an open offer once; False where another act was faster."""
    changed = Offer.objects.filter(pk=offer.pk, state=OfferState.OPEN).update(state=state, ended_at=at)
    if not changed:
        return False
    offer.state = state
    publish(_ended(offer), actor=system_for(offer.organisation_id, offer.province), at=at)
    return True


def _ended(offer: Offer) -> OfferEnded:
    return OfferEnded(**offer.entry.facts(), offer_id=offer.id, account_id=offer.account_id, state=offer.state)


def _back_to_line(offer: Offer, state: str, at: datetime) -> None:
    if _end(offer, state, at):
        WaitingEntry.objects.filter(pk=offer.entry_id, state=EntryState.OFFERED).update(state=EntryState.WAITING)


@transaction.atomic
def expire_offers(*, at: datetime) -> int:
    """Offers nobody answered go back to the line, and on to the next person."""
    with acting(EVERYTHING):
        due = Offer.objects.filter(state=OfferState.OPEN, expires_at__lte=at).select_related("entry")
        offers = list(due.select_for_update(skip_locked=True, of=("self",))[:200])
        for offer in offers:
            _back_to_line(offer, OfferState.EXPIRED, at)
        for organisation_id in sorted({offer.organisation_id for offer in offers}):
            distribute(organisation_id, at=at)
    return len(offers)


@transaction.atomic
def withdraw_offers_of(account_id: int, *, at: datetime, kinds: Collection[str] = frozenset(SUBJECTS)) -> None:
    """Somebody is no longer ready (for matters of these kinds): what was on offer to them goes back to the line."""
    with acting(EVERYTHING):
        mine = Offer.objects.filter(account_id=account_id, state=OfferState.OPEN, entry__subject_kind__in=kinds)
        mine = mine.select_related("entry")
        for offer in mine.select_for_update(of=("self",)):
            _back_to_line(offer, OfferState.WITHDRAWN, at)


def withdraw_unfit_offer(entry: WaitingEntry, *, at: datetime) -> None:
    """An open offer of this entry goes back to the line unless its person has the skill and the language, too."""
    open_now = Offer.objects.filter(entry=entry, state=OfferState.OPEN).select_related("entry")
    for offer in open_now.select_for_update(of=("self",)):
        presence = Presence.objects.filter(account_id=offer.account_id).first()
        skills = set(presence.skills) if presence else set()
        if not {entry.skill, Skill.GENERAL} & skills or not rules.speaks(skills, entry.language):
            _back_to_line(offer, OfferState.WITHDRAWN, at)


def _my_offer(actor: Actor, offer_id: int) -> Offer:
    mine = Offer.objects.select_related("entry").select_for_update(of=("self",))
    offer = mine.filter(pk=offer_id, account_id=actor.account_id).first()
    if offer is None:
        raise not_found("分配", "duty.offer.not-found")
    return offer


@transaction.atomic
def accept_offer(*, actor: Actor, offer_id: int, at: datetime) -> WaitingEntry:
    """Take what is offered. The room of the subject calls this and then begins its own work with it."""
    actor.require(permissions.TAKE)
    offer = _my_offer(actor, offer_id)
    if not _end(offer, OfferState.ACCEPTED, at):
        raise DomainError(
            "这个来访已经转给别的同事了。", code="duty.offer.gone", do_next="不用担心，请等待下一个分配。"
        )
    return _take(offer.entry, actor, at)


@transaction.atomic
def decline_offer(*, actor: Actor, offer_id: int, at: datetime) -> None:
    """Let it go to somebody else at once."""
    offer = _my_offer(actor, offer_id)
    _back_to_line(offer, OfferState.DECLINED, at)
    distribute(offer.organisation_id, at=at)


@transaction.atomic
def take_from_line(*, actor: Actor, entry_id: int, at: datetime) -> WaitingEntry:
    """Pick something out of the line by hand; an offer of it to somebody else is withdrawn."""
    actor.require(permissions.TAKE)
    waiting = WaitingEntry.objects.select_for_update().filter(pk=entry_id)
    entry = waiting.filter(state__in=[EntryState.WAITING, EntryState.OFFERED]).first()
    if entry is None:
        raise DomainError("这个来访已被接入或已离开。", code="duty.entry.gone", do_next="请从列表中选择其他来访。")
    for offer in Offer.objects.filter(entry=entry, state=OfferState.OPEN).select_related("entry"):
        _end(offer, OfferState.WITHDRAWN, at)
    return _take(entry, actor, at)


@transaction.atomic
def prefer(*, actor: Actor, entry_id: int, at: datetime) -> None:
    """Pick something out of the line that can't be handed over by a click (a call): it is offered to this person next.

    An offer of it to somebody else is withdrawn. Raises DomainError where it is gone or they can't be reached.
    """
    actor.require(permissions.TAKE)
    waiting = WaitingEntry.objects.select_for_update().filter(pk=entry_id)
    entry = waiting.filter(state__in=[EntryState.WAITING, EntryState.OFFERED]).first()
    if entry is None:
        raise DomainError("这个来访已被接入或已离开。", code="duty.entry.gone", do_next="请从列表中选择其他来访。")
    able = Presence.objects.filter(account_id=actor.account_id, state=PresenceState.READY, reachable=True)
    if not able.exists():
        raise DomainError("您的电话还没有接通。", code="duty.entry.unreachable", do_next="请先打开电话，并设为可接入。")
    for offer in Offer.objects.filter(entry=entry, state=OfferState.OPEN).select_related("entry"):
        _end(offer, OfferState.WITHDRAWN, at)
    WaitingEntry.objects.filter(pk=entry.pk).update(preferred_account_id=actor.account_id, state=EntryState.WAITING)
    _offer(entry, actor.account_id, at)


def _take(entry: WaitingEntry, actor: Actor, at: datetime, ended: Offer | None = None) -> WaitingEntry:
    """The entry is in this person's hands, unless it has left the line meanwhile; its offer is `ended` with it."""
    entry.state, entry.taken_at, entry.taken_by_account_id = EntryState.TAKEN, at, actor.account_id
    engagement = Engagement(
        organisation_id=entry.organisation_id,
        province=entry.province,
        account_id=actor.account_id,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        started_at=at,
    )
    waited = int((at - entry.entered_at).total_seconds())
    events: list[Event] = [EntryTaken(**entry.facts(), account_id=actor.account_id, waited_seconds=waited)]
    also = [Change("UPDATE duty_presence SET idle_since = %s WHERE account_id = %s", (at, actor.account_id))]
    if ended is not None:
        events.insert(0, _ended(ended))
        also.append(Change(_END_OFFER, (ended.state, at, ended.pk)))
    taken = Change(_TAKE, (entry.state, at, actor.account_id, entry.pk))
    store([engagement], events, actor=actor, provided=taken, also=also, at=at)
    return entry


_TAKE = f"""UPDATE duty_waitingentry SET state = %s, taken_at = %s, taken_by_account_id = %s
WHERE id = %s AND state IN ('{EntryState.WAITING}', '{EntryState.OFFERED}') RETURNING 1"""
_END_OFFER = f"UPDATE duty_offer SET state = %s, ended_at = %s WHERE id = %s AND state = '{OfferState.OPEN}'"


@transaction.atomic(savepoint=False)
def take(*, actor: Actor, subject: tuple[str, int], at: datetime) -> None:
    """Somebody has it in hand already (the two are talking): whatever the line thought of it, the record follows."""
    with acting(EVERYTHING):
        about = {"entry__subject_kind": subject[0], "entry__subject_id": subject[1], "entry__state__in": _WAITS}
        offers = Offer.objects.select_related("entry").select_for_update(of=("self",))
        offer = offers.filter(**about, state=OfferState.OPEN).first()
        if offer is not None:
            offer.state = OfferState.ACCEPTED if offer.account_id == actor.account_id else OfferState.WITHDRAWN
            _take(offer.entry, actor, at, ended=offer)
            return
        waiting = WaitingEntry.objects.select_for_update().filter(state__in=_WAITS)
        entry = waiting.filter(subject_kind=subject[0], subject_id=subject[1]).first()
        if entry is not None:
            _take(entry, actor, at)
