"""A handoff as a page shows it: its steps, what was said, what is still to be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from qingting.core.actors import Actor
from qingting.directory.states import Direction
from qingting.linkage import rules, selectors
from qingting.linkage.models import Handoff
from qingting.linkage.permissions import HAND_OFF
from qingting.linkage.referral_kinds import follows_up
from qingting.linkage.selectors import NoteWords
from qingting.linkage.states import (
    OPEN,
    STEPS,
    CancelReason,
    Condition,
    Found,
    HandoffState,
    Manner,
    NoteKind,
    Outcome,
    RejectionReason,
    Stage,
)

_CODES = {
    NoteKind.PROGRESS: Stage,
    NoteKind.RESULT: Outcome,
    NoteKind.REJECTION: RejectionReason,
    NoteKind.CANCELLATION: CancelReason,
}
PAGE = 30
_ENDED_BADLY = frozenset({HandoffState.REJECTED, HandoffState.FAILED, HandoffState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: words, when it was reached (None: not yet), whether the handoff stands here now."""

    label: str
    at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One line of what was said: who, on what, the words, when."""

    who: str
    what: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything a template needs of one handoff."""

    row: Handoff
    partner: str
    steps: list[Step]
    said: list[Said]
    trouble: str
    reached: str
    running: bool
    mine: bool
    to_confirm: bool
    case_url: str
    refused: str
    by_hand: bool
    words: rules.Wording
    found: Sequence[tuple[str, str]] = ()
    conditions: Sequence[tuple[str, str]] = ()

    @property
    def follows_up(self) -> bool:
        """Whether the other side was asked to follow up in our place, and so answers how the person is."""
        return bool(self.found)


def shown_to_partner(handoff: Handoff) -> Shown:
    """Prepare a referral for the people it went to: their own words are ours here, and nothing of the case is shown."""
    ours, theirs = "我单位", "12355"
    said = [_said(note, theirs, us=theirs, them=ours) for note in selectors.notes_of(handoff)]
    return Shown(
        row=handoff,
        partner=theirs,
        steps=_steps(handoff, ours),
        said=said,
        trouble=_trouble(handoff, ours),
        reached="",
        running=handoff.state in OPEN,
        mine=True,
        to_confirm=False,
        case_url="",
        refused="",
        by_hand=True,
        words=selectors.wording_of(handoff.desk),
        **follow_up_choices(handoff),
    )


def shown(actor: Actor, handoff: Handoff) -> Shown:
    """Prepare a handoff that was read in the actor's sight."""
    partner, words = selectors.partner_name(handoff.desk), selectors.wording_of(handoff.desk)
    ended = handoff.state in {HandoffState.COMPLETED, HandoffState.FAILED}
    outward = handoff.direction == Direction.TO_POLICE
    return Shown(
        row=handoff,
        partner=partner,
        steps=_steps(handoff, partner),
        said=[_said(note, partner) for note in selectors.notes_of(handoff)],
        trouble=_trouble(handoff, partner),
        reached=rules.reached_label(handoff.officers_reached, words.staff)
        if ended and outward and not follows_up(handoff.referral_kind)
        else "",
        running=handoff.state in OPEN,
        mine=actor.may(HAND_OFF, handoff.organisation_id),
        to_confirm=ended and outward and rules.needs_confirmation(handoff.urgency, handoff.officers_reached),
        case_url=case_url(handoff.case_id),
        refused=selectors.refused_on(handoff),
        by_hand=outward and handoff.desk.manner != Manner.WIRE,
        words=words,
        **follow_up_choices(handoff),
    )


def follow_up_choices(handoff: Handoff) -> dict[str, Sequence[tuple[str, str]]]:
    """What the form of a result offers where the other side follows up in our place; nothing otherwise."""
    if not follows_up(handoff.referral_kind):
        return {}
    return {"found": Found.choices, "conditions": Condition.choices}


def with_names(found: Iterable[Handoff]) -> list[tuple[Handoff, str, str]]:
    """Handoffs for a list: each with its case's page and what people call the other desk."""
    return [(handoff, case_url(handoff.case_id), selectors.partner_name(handoff.desk)) for handoff in found]


def case_url(case_id: int | None) -> str:
    """The case's own page; '' while there is none."""
    for name in ("cases:case", "cases:detail"):
        try:
            return reverse(name, args=[case_id]) if case_id else ""
        except NoReverseMatch:
            continue
    return ""


def _steps(handoff: Handoff, partner: str) -> list[Step]:
    reached = {
        HandoffState.QUEUED: handoff.opened_at,
        HandoffState.SENT: handoff.delivered_at,
        HandoffState.ACKNOWLEDGED: handoff.acknowledged_at,
        HandoffState.IN_PROGRESS: handoff.progressed_at,
        HandoffState.COMPLETED: handoff.ended_at if handoff.state == HandoffState.COMPLETED else None,
    }
    labels = _labels(handoff, partner)
    return [Step(labels[state], reached[state], state == handoff.state) for state in STEPS]


def _labels(handoff: Handoff, partner: str) -> dict[HandoffState, str]:
    ours, theirs = ("已发出", f"{partner}已收到")
    if handoff.direction == Direction.FROM_POLICE:
        ours, theirs = (f"{partner}发来", "等待签收")
    return {
        HandoffState.QUEUED: ours,
        HandoffState.SENT: theirs,
        HandoffState.ACKNOWLEDGED: "已签收",
        HandoffState.IN_PROGRESS: "处置中",
        HandoffState.COMPLETED: "已反馈",
    }


def _trouble(handoff: Handoff, partner: str) -> str:
    if handoff.state not in _ENDED_BADLY:
        return ""
    if handoff.state == HandoffState.CANCELLED:
        return f"已撤回：{CancelReason(handoff.reason).label}" if handoff.reason else "已撤回"
    if handoff.state == HandoffState.REJECTED:
        return f"{partner}退回：{RejectionReason(handoff.reason).label}" if handoff.reason else f"{partner}退回"
    if handoff.outcome and follows_up(handoff.referral_kind):
        return "没有联系上本人"
    return f"未能完成：{Outcome(handoff.outcome).label}" if handoff.outcome else f"{partner}系统未能接收这次流转"


def _said(note: NoteWords, partner: str, *, us: str = "我方", them: str = "") -> Said:
    kind = NoteKind(note.kind)
    codes = _CODES.get(kind)
    label = str(codes(note.code).label) if codes and note.code else str(kind.label)
    operator = f"（{note.operator}）" if note.operator else ""
    return Said(us if note.ours else f"{them or partner}{operator}", label, note.words, note.at)
