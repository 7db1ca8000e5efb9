"""What every act on a conference does: take the move, keep the words, tell the journal and the people."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from qingting.conferences import selectors
from qingting.conferences.events import ConferenceEvent
from qingting.conferences.models import CaseConference, ConferenceDecision, ConferenceNote, ConferenceSeat
from qingting.conferences.permissions import CONVENE, VIEW
from qingting.conferences.states import MOVES, ConferenceState, NoteKind
from qingting.core.actors import Actor
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.grants import grant_access
from qingting.core.scope import EVERYTHING, acting
from qingting.staff.services import News, notify_account, notify_holders

PURPOSE = "会商"


def hosted(actor: Actor, conference_id: int) -> CaseConference:
    """A conference that the actor may run, with its row locked."""
    conference = selectors.conference_of(actor, conference_id)
    actor.require(CONVENE, conference.organisation_id)
    return CaseConference.objects.select_for_update().get(pk=conference.pk)


def move(conference: CaseConference, act: str, **fields: object) -> None:
    """Change the state if `act` is allowed from it."""
    target = MOVES.get((conference.state, act))
    if target is None:
        raise DomainError(
            f"会商现在是“{ConferenceState(conference.state).label}”，不能这样操作。",
            code="conferences.conference.wrong-state",
            do_next="请刷新页面查看最新状态。",
        )
    conference.state = target
    for name, value in fields.items():
        setattr(conference, name, value)
    conference.save(update_fields=["state", *fields])


def require_words(words: str, least: int, do_next: str) -> str:
    """Trimmed words; Invalid where there are fewer than `least` characters."""
    if len(words.strip()) < least:
        raise Invalid("请写几句说明。", code="conferences.words-missing", do_next=do_next)
    return words.strip()


def note(
    conference: CaseConference, kind: NoteKind, words: str, by: tuple[Actor, datetime], **about: Any
) -> ConferenceNote | None:
    """Keep the words of a step, sealed. by: who and when; about: a decision or a seat. None where there are none."""
    actor, at = by
    if not words:
        return None
    return ConferenceNote.objects.create(
        organisation_id=conference.organisation_id,
        province=conference.province,
        conference=conference,
        kind=kind,
        words_sealed=seal(words, field=selectors.WORDS),
        account_id=actor.account_id or None,
        at=at,
        **about,
    )


def tell(event: type[ConferenceEvent], conference: CaseConference, by: tuple[Actor, datetime], **more: Any) -> None:
    """Into the journal of the host. more: what the event says beside the usual; note: the words of the step."""
    actor, at = by
    kept = more.pop("note", None)
    told = event(
        organisation_id=conference.organisation_id,
        province=conference.province,
        conference_id=conference.pk,
        case_id=conference.case_id,
        acting_organisation_id=actor.organisation_id,
        note_id=kept.pk if kept else 0,
        **more,
    )
    publish(told, actor=actor, at=at)


def open_to_guest(conference: CaseConference, seat: ConferenceSeat, actor: Actor, at: datetime) -> None:
    """The guest sees this conference until it is over, and nothing else of the case."""
    grant_access(
        actor=replace(actor, organisation_id=conference.organisation_id, province=conference.province),
        subject=("conference", conference.pk),
        to_organisation=seat.guest_organisation_id,
        purpose=PURPOSE,
        at=at,
        ends_at=max(selectors.open_until(conference), at + selectors.READING),
    )


def tell_guest(seat: ConferenceSeat, kind: str, *, at: datetime) -> None:
    """The bell of everybody of the guest who may answer."""
    news = News(
        kind=kind,
        subject=("conference", seat.conference_id),
        urgency="URGENT",
        dedupe=f"{kind}:{seat.conference_id}:{at.timestamp()}",
    )
    notify_holders(organisation_id=seat.guest_organisation_id, permission=VIEW, news=news, at=at)


def tell_host(conference: CaseConference, kind: str, *, at: datetime, urgency: str = "ROUTINE") -> None:
    """The bell of whoever called the conference."""
    news = News(kind=kind, subject=("conference", conference.pk), urgency=urgency, case_id=conference.case_id)
    notify_account(
        organisation_id=conference.organisation_id, account_id=conference.called_by_account_id, news=news, at=at
    )


def number_next(conference: CaseConference) -> int:
    """The number of the next decision of a conference whose row is locked."""
    with acting(EVERYTHING):
        return ConferenceDecision.objects.filter(conference=conference).count() + 1
