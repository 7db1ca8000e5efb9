"""The guests' answers: on their page, through the letter's code, or written down by the host."""

from datetime import datetime

from django.db import transaction

from qingting.conferences import selectors
from qingting.conferences.events import InvitationAnswered, LetterPrinted
from qingting.conferences.models import CaseConference, ConferenceSeat
from qingting.conferences.permissions import VIEW
from qingting.conferences.services.steps import hosted, note, require_words, tell, tell_host
from qingting.conferences.states import ConferenceState, NoteKind, SeatState
from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError, not_found
from qingting.core.scope import EVERYTHING, acting


@transaction.atomic
def reply(*, actor: Actor, conference_id: int, coming: bool, words: str, at: datetime) -> ConferenceSeat:
    """Somebody of a guest says whether they come; who does not, says why. The answer may be changed until the meeting."""
    conference = selectors.conference_of(actor, conference_id)
    actor.require(VIEW)
    seat = selectors.seat_of(conference, frozenset({actor.organisation_id}))
    if seat is None:
        raise not_found("会商邀请", "conferences.seat.not-found")
    return _answered(seat, actor, coming, words, at)


@transaction.atomic
def reply_by_hand(*, actor: Actor, seat_id: int, coming: bool, words: str, at: datetime) -> ConferenceSeat:
    """The host writes down what a guest said by telephone or on paper; words say who said it."""
    seat = ConferenceSeat.objects.filter(pk=seat_id).first()
    if seat is None:
        raise not_found("会商邀请", "conferences.seat.not-found")
    hosted(actor, seat.conference_id)
    said = require_words(words, 2, "写明对方是谁、怎么答复的。")
    return _answered(seat, actor, coming, said, at)


@transaction.atomic
def reply_by_letter(*, seat: ConferenceSeat, coming: bool, words: str, at: datetime) -> ConferenceSeat:
    """The receiver of the letter answers through its code. The caller has proven the code."""
    return _answered(seat, system_for(seat.organisation_id, seat.province), coming, words, at)


def _answered(seat: ConferenceSeat, actor: Actor, coming: bool, words: str, at: datetime) -> ConferenceSeat:
    said = words.strip() if coming else require_words(words, 2, "不参加的，请写明原因，也可以建议改期。")
    with acting(EVERYTHING):
        conference = CaseConference.objects.select_for_update().get(pk=seat.conference_id)
        if conference.state != ConferenceState.CALLED:
            raise DomainError(
                f"会商{ConferenceState(conference.state).label}，不用再回复。",
                code="conferences.reply.too-late",
                do_next="有情况要补充的，请直接联系召集单位。",
            )
        state = SeatState.COMING if coming else SeatState.NOT_COMING
        ConferenceSeat.objects.filter(pk=seat.pk).update(state=state, replied_at=at)
        seat.refresh_from_db()
        kept = note(conference, NoteKind.REPLIED, said, (actor, at), seat=seat)
        partner = selectors.names_of({seat.guest_organisation_id}).get(seat.guest_organisation_id, "")
        tell(InvitationAnswered, conference, (actor, at), note=kept, partner=partner, reply_label=str(state.label))
        tell_host(conference, "conferences.replied", at=at)
    return seat


@transaction.atomic
def print_letter(*, actor: Actor, seat_id: int, at: datetime) -> ConferenceSeat:
    """The letter of invitation is opened to be printed; the journal hears of it."""
    seat = ConferenceSeat.objects.filter(pk=seat_id).first()
    if seat is None:
        raise not_found("会商邀请", "conferences.seat.not-found")
    conference = hosted(actor, seat.conference_id)
    partner = selectors.names_of({seat.guest_organisation_id}).get(seat.guest_organisation_id, "")
    tell(LetterPrinted, conference, (actor, at), partner=partner)
    return seat
