"""What every act does: change the state if nobody was faster, keep the words, move the clocks, tell."""

from datetime import datetime
from typing import Any

from qingting.complaints import selectors
from qingting.complaints.events import EVENT_OF_ACT, ComplaintEvent
from qingting.complaints.models import Complaint, ComplaintNote
from qingting.complaints.states import MOVES, ComplaintState, Move
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import meet_clocks, start_clock
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.selectors import clock_span
from qingting.staff.services import News, notify_account


def subject_of(complaint: Complaint) -> tuple[str, int]:
    """What its clocks and notices are about."""
    return ("complaint", complaint.pk)


def step(complaint: Complaint, act: str, actor: Actor, words: str, at: datetime, **changes: Any) -> Complaint:
    """One act of the table. Raises Invalid without the words it needs, DomainError from another state."""
    move = MOVES[act]
    if move.words_label and not words.strip():
        raise Invalid(f"请填写{move.words_label}。", code="complaints.words-missing")
    with acting(EVERYTHING):
        _change(complaint, move, changes)
        keep_words(complaint, act, words, actor.account_id or None, at, told=move.told)
        _move_clocks(complaint, move, at)
        publish(event_of(complaint, EVENT_OF_ACT[act]), actor=actor, at=at)
    return complaint


def _change(complaint: Complaint, move: Move, changes: dict[str, Any]) -> None:
    where = {"pk": complaint.pk, "state": complaint.state, "organisation_id": complaint.organisation_id}
    fitting = complaint.state in move.sources
    if not fitting or not Complaint.objects.filter(**where).update(state=move.target, **changes):
        raise DomainError(
            f"这件投诉现在是“{ComplaintState(complaint.state).label}”，不能{move.label}。",
            code="complaints.wrong-state",
            do_next="可能有同事刚刚操作过，请刷新页面查看。",
        )
    for name, value in {"state": move.target, **changes}.items():
        setattr(complaint, name, value)


def keep_words(complaint: Complaint, act: str, words: str, account_id: int | None, at: datetime, *, told: bool) -> None:
    """Seal what was said at a step."""
    home = {"organisation_id": complaint.organisation_id, "province": complaint.province}
    sealed = seal(words.strip(), field=selectors.WORDS)
    ComplaintNote.objects.create(
        **home, complaint=complaint, act=act, words_sealed=sealed, told=told, account_id=account_id, at=at
    )


def _move_clocks(complaint: Complaint, move: Move, at: datetime) -> None:
    if move.meets:
        meet_clocks(subject=subject_of(complaint), kinds=[str(kind) for kind in move.meets], at=at)
    if move.starts:
        begin_clock(complaint, move.starts, at)


def begin_clock(complaint: Complaint, kind: str, at: datetime) -> None:
    """The clock of whoever deals with it now."""
    house = system_for(complaint.organisation_id, complaint.province)
    span = clock_span(complaint.organisation_id, kind, start=at)
    start_clock(actor=house, kind=kind, subject=subject_of(complaint), span=span, at=at)


def event_of(complaint: Complaint, event: type[ComplaintEvent]) -> ComplaintEvent:
    """The event of a complaint as it stands."""
    return event(
        organisation_id=complaint.organisation_id,
        province=complaint.province,
        complaint_id=complaint.pk,
        about_organisation_id=complaint.about_organisation_id,
        about=complaint.about,
        source=complaint.source,
        level=complaint.level,
        finding=complaint.finding,
    )


def tell_handlers(complaint: Complaint, kind: str, at: datetime) -> None:
    """A notice for each who may deal with it, and for nobody who is concerned."""
    news = News(kind=kind, subject=subject_of(complaint), urgency="URGENT")
    for account_id in selectors.handlers(complaint, at=at):
        notify_account(organisation_id=complaint.organisation_id, account_id=account_id, news=news, at=at)
