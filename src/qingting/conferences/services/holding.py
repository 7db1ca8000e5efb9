"""召开: who came, and what was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from qingting.conferences import selectors
from qingting.conferences.events import ConferenceHeld, MinutesCorrected
from qingting.conferences.models import CaseConference, ConferenceSeat
from qingting.conferences.services.steps import hosted, move, note, require_words, tell
from qingting.conferences.states import ConferenceState, NoteKind
from qingting.core.actors import Actor
from qingting.core.clocks import meet_clock
from qingting.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Record:
    """minutes: what was said; attendees: seat id → who came for it, for those who came."""

    minutes: str
    attendees: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def record_meeting(*, actor: Actor, conference_id: int, record: Record, at: datetime) -> CaseConference:
    """Attendance and minutes. Recording again corrects them; the earlier minutes stay on file."""
    conference = hosted(actor, conference_id)
    minutes = require_words(record.minutes, 10, "写明各单位的意见和形成的共识，至少十个字。")
    first = conference.state == ConferenceState.CALLED
    if first and at < conference.starts_at:
        raise DomainError(
            "会商还没有到开始时间。",
            code="conferences.not-begun",
            do_next="提前召开的，请先把时间改为实际开始的时间。",
        )
    move(conference, "hold", held_at=conference.held_at or at)
    for seat in selectors.seats_of(conference):
        here = seat.pk in record.attendees
        who = record.attendees.get(seat.pk, "").strip()[:100]
        ConferenceSeat.objects.filter(pk=seat.pk).update(attended=here, attendees=who if here else "")
    meet_clock(subject=("conference", conference.pk), at=at)
    kept = note(conference, NoteKind.MINUTES, minutes, (actor, at))
    if first:
        tell(ConferenceHeld, conference, (actor, at), note=kept, present=len(record.attendees))
    else:
        tell(MinutesCorrected, conference, (actor, at), note=kept)
    return conference
