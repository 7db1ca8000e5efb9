"""From the seat to any other desk, by a kind of referral instead of an item of the list with 110."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import make_aware

from deskwire.envelope import MessageType
from deskwire.keys import Party
from deskwire.sending import Draft, new_link
from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState
from qingting.core.actors import Actor
from qingting.core.clocks import Span
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.grants import grant_access
from qingting.core.time import local
from qingting.directory.states import Direction, Urgency
from qingting.linkage import known, rules, selectors
from qingting.linkage.disclosure import Line, Wish, in_words, referral_body
from qingting.linkage.events import Referred
from qingting.linkage.models import Desk, Handoff
from qingting.linkage.permissions import HAND_OFF
from qingting.linkage.referral_kinds import ReferralKind
from qingting.linkage.services.delivering import deposit
from qingting.linkage.services.ending import hold_and_watch, watch
from qingting.linkage.services.posting import post, told
from qingting.linkage.services.telling import tell_partner
from qingting.linkage.states import Basis, HandoffState, Manner
from qingting.linkage.store import hold_alone


@dataclass(frozen=True, slots=True)
class Referral:
    """What somebody decided: kind, urgency, words and choices; agreed: that the person (SELF) or the guardian (GUARDIAN) has
    agreed, '' where nobody was asked; desk_id: 0 for the nearest desk of the kind."""

    kind: str
    urgency: str = "ROUTINE"
    wish: Wish = field(default_factory=Wish)
    agreed: str = ""
    desk_id: int = 0


_AGREED = {"SELF": Basis.CONSENT, "GUARDIAN": Basis.GUARDIAN_CONSENT}


@transaction.atomic
def refer(*, actor: Actor, case_id: int, referral: Referral, at: datetime) -> Handoff:
    """转介: tell another organisation the least it needs, on a stated ground, and wait for its answer.

    While a referral of the same kind to the same desk runs, that one is returned. Raises NotFound, NotAllowed, Invalid (no
    words, no such kind, no consent where it is needed), DomainError (no desk, case closed).
    """
    case = case_of(actor, case_id)
    actor.require(HAND_OFF, case.organisation_id)
    kind = selectors.referral_kind(referral.kind)
    if kind.follows_up:
        raise Invalid("代为回访请从回访页面发出。", code="linkage.referral.kind", do_next="请从列表中选择一项。")
    if case.state != CaseState.OPEN:
        raise DomainError(
            "个案已经结案，不能再转介。",
            code="linkage.referral.case-closed",
            do_next="如需继续办理，请先重新办理这个个案。",
        )
    return _referred(actor, case, (kind, referral), at)


@transaction.atomic
def ask_follow_up(*, actor: Actor, case_id: int, referral: Referral, at: datetime) -> Handoff:
    """代为回访: ask another organisation to follow up in our place, whether or not the case is closed by now. Whether the
    actor may is for the caller to check. Raises as `refer`."""
    kind = selectors.referral_kind(referral.kind)
    if not kind.follows_up:
        raise Invalid("请选择请谁代为回访。", code="linkage.referral.kind", do_next="从列表中选择一项。")
    return _referred(actor, case_of(actor, case_id), (kind, referral), at)


def _referred(actor: Actor, case: Case, what: tuple[ReferralKind, Referral], at: datetime) -> Handoff:
    kind, referral = what
    _refuse_unfit(kind, referral)
    desk = selectors.desk_to_refer_to(case, kind, referral.desk_id)
    hold_alone(f"handoff:{case.pk}")
    running = selectors.open_referral(case.pk, desk, kind.code)
    if running is not None:
        return running
    handoff = write_referral(actor, case, desk, (kind, referral), at)
    known.record_ground(actor, case, _ground(kind, referral), at=at, purpose=f"转介至{selectors.partner_name(desk)}")
    publish(
        Referred(**told(handoff, kind_label=kind.label, basis_label=str(handoff.get_basis_display()))),
        actor=actor,
        at=at,
    )
    return handoff


def _refuse_unfit(kind: ReferralKind, referral: Referral) -> None:
    if referral.urgency not in Urgency.values or len(referral.wish.words.strip()) < 4:
        raise Invalid(
            "请写明需要对方做什么。",
            code="linkage.referral.words-missing",
            do_next="写一两句对方办理所必需的情况，不写与办理无关的细节。",
        )
    if kind.needs_consent and referral.agreed not in _AGREED:
        raise Invalid(
            "这类转介要先征得同意。",
            code="linkage.referral.consent-missing",
            do_next="请征得本人或监护人同意后勾选；生命安全受到威胁时，请改选不需要同意的种类。",
        )


def _ground(kind: ReferralKind, referral: Referral) -> rules.Ground:
    agreed = _AGREED.get(referral.agreed)
    return replace(kind.ground, basis=agreed) if kind.needs_consent and agreed else kind.ground


def outline_referral(*, actor: Actor, case: Case, referral: Referral, at: datetime) -> list[Line]:
    """All that the other side would be told, in the words of its page; a number shows its end only. The case was read in sight."""
    kind = selectors.referral_kind(referral.kind)
    with_phone = referral.wish.with_phone and "phone" in kind.tells
    facts = known.facts_of(actor, case, with_phone=with_phone, at=at, look="outline")
    until = (local(at) + rules.RETENTION).date()
    what = (kind.label, kind.tells, _ground(kind, referral))
    return in_words(referral_body(what, facts, referral.wish, (referral.urgency, until)))


def write_referral(
    actor: Actor, case: Case, desk: Desk, what: tuple[ReferralKind, Referral], at: datetime, related: str = ""
) -> Handoff:
    """Store a referral with its message, hold and clock, and let the partner see it. The right was checked."""
    kind, referral = what
    span = _span(kind, referral, at)
    retain_until = (local(at) + rules.RETENTION).date()
    facts = known.facts_of(actor, case, with_phone=referral.wish.with_phone and "phone" in kind.tells, at=at)
    ground = _ground(kind, referral)
    body = referral_body((kind.label, kind.tells, ground), facts, referral.wish, (referral.urgency, retain_until))
    if related:
        body["relatedLinkId"] = related
    draft = Draft(MessageType.HANDOFF, body, reply_by=span.due_at)
    message = post(desk, new_link(Party(desk.code, desk.region_code)), draft, at=at)
    handoff = Handoff(
        **_fields(case, desk, kind, at),
        urgency=referral.urgency,
        basis=ground.basis,
        retain_until=retain_until,
        reply_by=span.due_at,
        link_id=UUID(message.link_id),
        message_id=UUID(message.message_id),
        opened_by_account_id=actor.account_id or None,
    )
    handoff.save(force_insert=True)
    if kind.follows_up:  # what holds the case is the follow-up itself
        watch(actor, handoff, span, at)
    else:
        hold_and_watch(actor, handoff, span, at)
    if desk.manner != Manner.WIRE:
        deposit(handoff, message, at=at)
        _let_partner_see(actor, handoff, at)
        tell_partner(handoff, "linkage.for-partner", at=at)
    return handoff


def _fields(case: Case, desk: Desk, kind: ReferralKind, at: datetime) -> dict[str, Any]:
    return {
        "organisation_id": case.organisation_id,
        "province": case.province,
        "case": case,
        "desk": desk,
        "direction": Direction.TO_POLICE,
        "item_text": kind.label,
        "referral_kind": kind.code,
        "state": HandoffState.QUEUED,
        "opened_at": at,
    }


def _span(kind: ReferralKind, referral: Referral, at: datetime) -> Span:
    """Answered within the kind's time; a 特急 matter within an hour at most."""
    within = min(kind.answer_within, timedelta(hours=1)) if referral.urgency == Urgency.CRITICAL else kind.answer_within
    return Span(at + within, at + within * 2 / 3, max(within / 2, timedelta(minutes=30)))


def _let_partner_see(actor: Actor, handoff: Handoff, at: datetime) -> None:
    """The partner sees this referral and nothing else, until the day to which it may keep what it was told."""
    ends_at = make_aware(datetime.combine(handoff.retain_until, datetime.min.time()))
    grant_access(
        actor=replace(actor, organisation_id=handoff.organisation_id, province=handoff.province),
        subject=("handoff", handoff.pk),
        to_organisation=handoff.desk.partner_id,
        purpose="转介",
        at=at,
        ends_at=ends_at,
    )
