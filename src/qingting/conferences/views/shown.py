"""A conference as its page shows it, to the host and to a guest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qingting.cases.models import Case
from qingting.conferences import selectors
from qingting.conferences.models import CaseConference, ConferenceSeat
from qingting.conferences.permissions import CONVENE
from qingting.conferences.states import UNSETTLED, ConferenceState, Invited, NoteKind
from qingting.core.actors import Actor
from qingting.directory.states import Urgency
from qingting.linkage.selectors import referral_choices
from qingting.orders.selectors import all_handlers, handler_proposals
from qingting.orders.states import OrderKind


@dataclass(frozen=True, slots=True)
class Guest:
    """One organisation at the table: its name, its seat, what it answered last."""

    row: ConferenceSeat
    name: str
    words: str
    mine: bool

    @property
    def by_letter(self) -> bool:
        """Whether a letter is to be printed."""
        return self.row.invited == Invited.LETTER


def shown(actor: Actor, conference: CaseConference, *, at: datetime) -> dict[str, Any]:
    """Everything the page of one conference needs."""
    notes = selectors.notes_of(conference)
    seats = selectors.seats_of(conference)
    decided = selectors.decisions_of(conference)
    known = {seat.guest_organisation_id for seat in seats} | {each.row.responsible_organisation_id for each in decided}
    names = selectors.names_of({*known, conference.organisation_id})
    hosts = actor.may(CONVENE, conference.organisation_id)
    context = {
        "row": conference,
        "kind": selectors.kind_of(conference.kind),
        "host": names.get(conference.organisation_id, ""),
        "guests": [_guest(seat, names, notes, actor) for seat in seats],
        "told": selectors.told_lines(notes),
        "agenda": _last(notes, NoteKind.AGENDA),
        "minutes": [note for note in notes if note.kind == NoteKind.MINUTES][::-1],
        "ending": _last(notes, NoteKind.CLOSED) or _last(notes, NoteKind.CANCELLED),
        "changed": _last(notes, NoteKind.CHANGED),
        "decided": [(each, names.get(each.row.responsible_organisation_id, "")) for each in decided],
        "left": sum(each.row.state in UNSETTLED for each in decided),
        "hosts": hosts,
        "begun": at >= conference.starts_at,
        "inside": conference.organisation_id in actor.scope.organisations,
    }
    return context | (_for_host(conference) if hosts else {})


def _guest(seat: ConferenceSeat, names: dict[int, str], notes: list[selectors.Words], actor: Actor) -> Guest:
    said = next((note.text for note in reversed(notes) if note.seat_id == seat.pk), "")
    mine = seat.guest_organisation_id == actor.organisation_id
    return Guest(seat, names.get(seat.guest_organisation_id, ""), said, mine)


def _last(notes: list[selectors.Words], kind: str) -> str:
    return next((note.text for note in reversed(notes) if note.kind == kind), "")


def _for_host(conference: CaseConference) -> dict[str, Any]:
    """What the host may choose from, while the conference runs."""
    if conference.state not in {ConferenceState.CALLED, ConferenceState.HELD}:
        return {}
    case = Case.objects.get(pk=conference.case_id)
    near = handler_proposals(case.division, case.province)
    close = {house.pk for house in near}
    return {
        "case": case,
        "invitable": selectors.guests_of(conference.province, conference.organisation_id).order_by("kind", "name"),
        "handlers": [
            ("按所在地推荐", near),
            ("其他单位", [h for h in all_handlers(case.province) if h.pk not in close]),
        ],
        "order_kinds": OrderKind.choices,
        "urgencies": Urgency.choices,
        "referrals": referral_choices(case),
    }
