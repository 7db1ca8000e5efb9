"""召集: for which case, when and where, who comes, on which basis, what they are told."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.services import place_hold
from qingting.cases.states import CaseState, HoldKind
from qingting.conferences import selectors
from qingting.conferences.events import ConferenceCalled, ConferenceChanged, OrganisationInvited
from qingting.conferences.facts import lines_for
from qingting.conferences.kinds import ConferenceKind
from qingting.conferences.models import CaseConference, ConferenceSeat
from qingting.conferences.permissions import CONVENE
from qingting.conferences.services.steps import hosted, move, note, open_to_guest, require_words, tell, tell_guest
from qingting.conferences.states import ConferenceState, Invited, NoteKind, SeatState
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import cancel_clock, start_clock
from qingting.core.errors import DomainError, Invalid
from qingting.directory.models import Organisation
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.linkage.states import Basis
from qingting.seekers.permissions import RECORD
from qingting.seekers.services import record_consent
from qingting.seekers.states import ConsentBasis

_AGREED = {"SELF": Basis.CONSENT, "GUARDIAN": Basis.GUARDIAN_CONSENT}
_GROUNDS = {
    Basis.LIFE_AT_STAKE: ConsentBasis.LIFE_AT_STAKE,
    Basis.LEGAL_DUTY: ConsentBasis.STATUTE,
    Basis.CONSENT: ConsentBasis.SELF,
    Basis.GUARDIAN_CONSENT: ConsentBasis.GUARDIAN,
}


@dataclass(frozen=True, slots=True)
class NewConference:
    """kind: a code of `kinds`; starts_at and place: when and where; agenda: what is talked about, a line each; tells: which
    traits of the person the guests read, with words beside them; agreed: SELF or GUARDIAN, '' where nobody was asked."""

    kind: str
    topic: str
    starts_at: datetime
    place: str
    agenda: str
    words: str
    guests: frozenset[int]
    tells: frozenset[str] = frozenset()
    agreed: str = ""


@transaction.atomic
def convene(*, actor: Actor, case_id: int, new: NewConference, at: datetime) -> CaseConference:
    """Call several organisations together over a case (召集会商), and hold the case until the conference is over.

    Raises NotFound, NotAllowed, Invalid (nobody invited, no agenda, in the past, no consent where it is needed),
    DomainError (case closed).
    """
    case = case_of(actor, case_id)
    actor.require(CONVENE, case.organisation_id)
    kind = selectors.kind_of(new.kind)
    _refuse_unfit(case, kind, new, at)
    basis = _AGREED[new.agreed] if kind.needs_consent else kind.basis
    conference = CaseConference.objects.create(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        kind=kind.code,
        topic=new.topic.strip(),
        basis=basis,
        starts_at=new.starts_at,
        place=new.place.strip(),
        called_by_account_id=actor.account_id,
        called_at=at,
    )
    by = (actor, at)
    lines = lines_for(actor, case, kind, new.tells, new.words)
    note(conference, NoteKind.TOLD, json.dumps(lines, ensure_ascii=False), by)
    agenda = note(conference, NoteKind.AGENDA, new.agenda.strip(), by)
    place_hold(
        actor=system_for(case.organisation_id, case.province),
        case_id=case.pk,
        kind=HoldKind.CONFERENCE_OPEN,
        subject=("conference", conference.pk),
        at=at,
    )
    tell(ConferenceCalled, conference, by, note=agenda, kind_label=kind.label, basis_label=str(basis.label))
    _record_ground(actor, case, kind, basis, at)
    for organisation_id in sorted(new.guests):
        _invite(conference, organisation_id, actor, at)
    _watch(conference, at)
    return conference


def _refuse_unfit(case: Case, kind: ConferenceKind, new: NewConference, at: datetime) -> None:
    if case.state != CaseState.OPEN:
        raise DomainError(
            "个案已经结案，不能再召集会商。",
            code="conferences.case-closed",
            do_next="如需继续办理，请先重新办理这个个案。",
        )
    missing = {
        "topic": "" if new.topic.strip() else "请写会商的主题",
        "place": "" if new.place.strip() else "请写地点，或写“视频会议”",
        "agenda": "" if len(new.agenda.strip()) > 3 else "请写议程，一行一项",
        "guests": "" if new.guests else "请至少邀请一个单位",
        "starts_at": "" if new.starts_at > at else "请选择以后的时间",
        "agreed": "请先征得本人或监护人同意" if kind.needs_consent and new.agreed not in _AGREED else "",
    }
    wrong = {name: words for name, words in missing.items() if words}
    if wrong:
        raise Invalid(
            f"会商还没有召集：{'；'.join(wrong.values())}。",
            code="conferences.incomplete",
            do_next="请补充后再发出邀请。",
            fields=wrong,
        )


def _record_ground(actor: Actor, case: Case, kind: ConferenceKind, basis: Basis, at: datetime) -> None:
    if case.seeker_id is None or not actor.may(RECORD):
        return
    record_consent(
        actor=actor, seeker_id=case.seeker_id, basis=_GROUNDS[basis], purpose=kind.label, words=kind.ground, at=at
    )


def _invite(conference: CaseConference, organisation_id: int, actor: Actor, at: datetime) -> ConferenceSeat:
    guest = selectors.guests_of(conference.province, conference.organisation_id).filter(pk=organisation_id).first()
    if guest is None:
        raise Invalid(
            "有一个单位不能邀请。", code="conferences.guest.unknown", do_next="请从名单里选择本省在用的单位。"
        )
    seat, fresh = ConferenceSeat.objects.get_or_create(
        conference=conference,
        guest_organisation_id=guest.pk,
        defaults={
            "organisation_id": conference.organisation_id,
            "province": conference.province,
            "invited": selectors.how_to_invite(guest.pk, at=at),
            "invited_at": at,
        },
    )
    if fresh:
        _open(conference, seat, guest, (actor, at))
    return seat


def _open(conference: CaseConference, seat: ConferenceSeat, guest: Organisation, by: tuple[Actor, datetime]) -> None:
    actor, at = by
    tell(OrganisationInvited, conference, by, partner=guest.short_name, invited_organisation_id=guest.pk)
    if seat.invited == Invited.PAGE:
        open_to_guest(conference, seat, actor, at)
        tell_guest(seat, "conferences.invited", at=at)


@transaction.atomic
def invite(*, actor: Actor, conference_id: int, organisation_id: int, at: datetime) -> ConferenceSeat:
    """One more organisation. Inviting twice is once."""
    conference = hosted(actor, conference_id)
    if conference.state not in {ConferenceState.CALLED, ConferenceState.HELD}:
        move(conference, "invite")  # refuses, and says what the state is
    return _invite(conference, organisation_id, actor, at)


@transaction.atomic
def change(
    *, actor: Actor, conference_id: int, starts_at: datetime, place: str, words: str, at: datetime
) -> CaseConference:
    """Another time or place: everybody is told and asked again."""
    conference = hosted(actor, conference_id)
    said = require_words(words, 2, "写明为什么变更，各单位会看到。")
    if starts_at <= at or not place.strip():
        raise Invalid("请选择以后的时间并写明地点。", code="conferences.incomplete", do_next="补充后再变更。")
    move(conference, "change", starts_at=starts_at, place=place.strip())
    kept = note(conference, NoteKind.CHANGED, said, (actor, at))
    for seat in selectors.seats_of(conference):
        ConferenceSeat.objects.filter(pk=seat.pk).update(state=SeatState.INVITED, replied_at=None)
        if seat.invited == Invited.PAGE:
            open_to_guest(conference, seat, actor, at)
            tell_guest(seat, "conferences.changed", at=at)
    cancel_clock(subject=("conference", conference.pk), at=at)
    _watch(conference, at)
    tell(ConferenceChanged, conference, (actor, at), note=kept)
    return conference


def _watch(conference: CaseConference, at: datetime) -> None:
    """Minutes are due soon after the meeting was to begin: a conference that never took place must not be forgotten."""
    house = system_for(conference.organisation_id, conference.province)
    start_clock(
        actor=house,
        kind=ClockKind.CONFERENCE,
        subject=("conference", conference.pk),
        span=clock_span(conference.organisation_id, ClockKind.CONFERENCE, start=conference.starts_at),
        at=at,
        case_id=conference.case_id,
    )
