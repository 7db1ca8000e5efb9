"""Calls after the work: planned, tried, recorded, given up. Made by somebody who had no part in the work."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from qingting.cases import services as cases
from qingting.cases.models import Case
from qingting.cases.selectors import case_of
from qingting.cases.states import CaseState, HoldKind
from qingting.core.actors import Actor, system_for
from qingting.core.clocks import Span, drawn_clock, meet_clock, start_clock, start_clocks
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.models import Clock
from qingting.core.rows import store_later
from qingting.core.scope import Scope, acting
from qingting.core.transactions import joined
from qingting.directory.selectors import clock_span
from qingting.directory.states import ClockKind
from qingting.followups import rules, selectors
from qingting.followups.events import FollowUpGivenUp, FollowUpPlanned, FollowUpRecorded
from qingting.followups.models import FollowUp, TrackingPlan
from qingting.followups.permissions import CALL
from qingting.followups.services.dialling import put_down
from qingting.followups.services.due import callable_by, count_attempt, end, ids_of, require_pause, subject_of
from qingting.followups.services.elsewhere import DONE_HERE, let_go
from qingting.followups.services.messages import queue_rating_message
from qingting.followups.services.ratings import invited
from qingting.followups.states import Channel, FollowUpKind, FollowUpState, Helped, LowRating, Means
from qingting.orders import services as orders
from qingting.orders.selectors import last_finished, others_open
from qingting.staff.services import News, notify_holders


@joined
def plan_after_order(*, order_id: int, case_id: int, organisation_id: int, at: datetime) -> None:
    """An order is finished: when no other order of the case is open, plan a follow-up and ask for the person's own word."""
    if others_open(case_id, order_id):
        return
    own = Scope(frozenset({organisation_id}))
    with acting(own):
        case = Case.objects.get(pk=case_id, organisation_id=organisation_id)
        actor = replace(system_for(organisation_id, case.province), scope=own)
        follow_up = _planned(actor, case, at)
        invitation = invited(actor, case, at)
        if follow_up.channel == Channel.LINK_FIRST:
            queue_rating_message(actor=actor, invitation_id=invitation.pk, at=at)


@joined
def plan_follow_up(*, actor: Actor, case_id: int, at: datetime) -> FollowUp:
    """Have the person called by somebody who had no part in the work; holds the case from sign-off. Planning twice is once."""
    return _planned(actor, case_of(actor, case_id), at)


def _planned(actor: Actor, case: Case, at: datetime) -> FollowUp:
    due = FollowUp.objects.filter(case=case, kind=FollowUpKind.AFTER_WORK, state=FollowUpState.DUE).first()
    if due is not None:
        return due
    terms = selectors.terms_for(case)
    begins = at + timedelta(hours=terms.wait_hours)
    span = clock_span(case.organisation_id, ClockKind.FOLLOW_UP, start=begins)
    follow_up = FollowUp(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        due_at=span.due_at,
        planned_at=at,
        not_before=begins,
        channel=terms.channel,
        script=terms.script,
        most_attempts=terms.most_attempts,
        spacing_hours=terms.spacing_hours,
        on_low=terms.on_low,
    )
    store_later([follow_up])
    cases.place_hold(actor=actor, case_id=case.pk, kind=HoldKind.FOLLOW_UP_DUE, subject=subject_of(follow_up), at=at)
    start_clocks([_clock(follow_up, span, at)])
    publish(FollowUpPlanned(**ids_of(follow_up, actor)), actor=actor, at=at)
    _tell(case, "followups.planned", CALL, subject_of(follow_up), at)
    return follow_up


def _clock(follow_up: FollowUp, span: Span, at: datetime) -> Clock:
    return drawn_clock(
        actor=system_for(follow_up.organisation_id, follow_up.province),
        kind=ClockKind.FOLLOW_UP,
        subject=subject_of(follow_up),
        span=span,
        at=at,
        case_id=follow_up.case_id,
    )


def _tell(case: Case, kind: str, permission: str, subject: tuple[str, int], at: datetime) -> None:
    news = News(kind=kind, subject=subject, urgency=case.urgency, case_id=case.pk)
    notify_holders(organisation_id=case.organisation_id, permission=permission, news=news, at=at)


@joined
def plan_visit(*, plan: TrackingPlan, at: datetime) -> FollowUp:
    """The next contact of a tracking plan is due (长期跟踪). It holds nothing: a case may be signed off long before."""
    actor = system_for(plan.organisation_id, plan.province)
    span = clock_span(plan.organisation_id, ClockKind.TRACKING, start=at)
    follow_up = FollowUp.objects.create(
        organisation_id=plan.organisation_id,
        province=plan.province,
        case_id=plan.case_id,
        plan=plan,
        kind=FollowUpKind.TRACKING,
        due_at=span.due_at,
        planned_at=at,
        not_before=at,
        script=FollowUpKind.TRACKING,
    )
    start_clock(
        actor=actor, kind=ClockKind.TRACKING, subject=subject_of(follow_up), span=span, at=at, case_id=plan.case_id
    )
    publish(FollowUpPlanned(**ids_of(follow_up, actor)), actor=actor, at=at)
    return follow_up


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a follow-up found: by which means, whether it helped, in words."""

    means: str
    helped: str
    words: str


@transaction.atomic
def record_follow_up(*, actor: Actor, follow_up_id: int, outcome: Outcome, at: datetime) -> FollowUp:
    """Record a follow-up call (回访). Refused for anyone who had a part in the work (`followups.not-third-person`)."""
    follow_up = callable_by(actor, follow_up_id)
    if outcome.means not in Means.values or outcome.helped not in Helped.values:
        raise Invalid("请选择回访方式和本人的回答。", code="followups.outcome.missing")
    if not outcome.words.strip():
        raise Invalid(
            "请记下本人怎么说。", code="followups.words-missing", do_next="写明本人现在的情况和对帮助的看法。"
        )
    end(
        follow_up,
        actor,
        at,
        state=FollowUpState.DONE,
        means=outcome.means,
        helped=outcome.helped,
        words=outcome.words.strip(),
    )
    put_down(follow_up, at)
    let_go(follow_up, DONE_HERE, at)
    meet_clock(subject=("case", follow_up.case_id), kind=ClockKind.CASE_REPLY, at=at)
    label = str(Helped(outcome.helped).label)
    told = FollowUpRecorded(**ids_of(follow_up, actor), helped=outcome.helped, helped_label=label)
    publish(told, actor=actor, at=at)
    if outcome.helped == Helped.NO:
        _tell(follow_up.case, "followups.low-rating", "cases.close", ("case", follow_up.case_id), at)
        if follow_up.on_low == LowRating.REOPEN:
            reopen_case(follow_up.case, "本人在回访中说没有帮助，按规定重新办理。", at)
    return follow_up


def reopen_case(case: Case, words: str, at: datetime) -> None:
    """Take the case up again where it is not open, and the order that was finished last: so the work lies with somebody again,
    against a clock. Nothing of an order where another one of the case is open anyway."""
    system = system_for(case.organisation_id, case.province)
    state = Case.objects.values_list("state", flat=True).get(pk=case.pk)
    if state != CaseState.OPEN:
        cases.reopen(actor=system, case_id=case.pk, words=words, at=at)
    last = last_finished(case)
    if last is not None and not others_open(case.pk, last.pk):
        orders.reopen(actor=system, order_id=last.pk, words=words, at=at)


@joined
def answered_by_link(*, case_id: int, helped: str, words: str, at: datetime) -> None:
    """The person has answered by the link before anybody called, where the rule asks by link first: that is the follow-up."""
    due = FollowUp.objects.filter(case_id=case_id, state=FollowUpState.DUE, channel=Channel.LINK_FIRST)
    follow_up = due.filter(attempts=0).select_related("case").first()
    if follow_up is None:
        return
    system = system_for(follow_up.organisation_id, follow_up.province)
    said = {"means": Means.LINK, "helped": helped or Helped.YES, "words": words}
    end(follow_up, system, at, state=FollowUpState.DONE, **said)
    let_go(follow_up, DONE_HERE, at)
    label = str(Helped(said["helped"]).label)
    told = FollowUpRecorded(**ids_of(follow_up, system), helped=said["helped"], helped_label=label)
    publish(told, actor=system, at=at)


@transaction.atomic
def record_attempt(*, actor: Actor, follow_up_id: int, at: datetime) -> FollowUp:
    """Nobody was reached (未联系上). The next attempt is some hours later, within the day; after `most_attempts` one may
    give up. Raises DomainError (`followups.too-soon`) for an attempt before its time."""
    follow_up = callable_by(actor, follow_up_id)
    require_pause(follow_up, at)
    count_attempt(follow_up, actor, at)
    put_down(follow_up, at)
    return follow_up


@transaction.atomic
def give_up(*, actor: Actor, follow_up_id: int, words: str, at: datetime) -> FollowUp:
    """Stop calling after `most_attempts` attempts without an answer."""
    follow_up = callable_by(actor, follow_up_id)
    if not rules.may_give_up(follow_up.attempts, follow_up.most_attempts):
        raise DomainError(
            f"才联系了{follow_up.attempts}次，还不能结束回访。",
            code="followups.too-few-attempts",
            do_next=f"请换个时段再试，满{follow_up.most_attempts}次仍联系不上方可结束。",
        )
    end(follow_up, actor, at, state=FollowUpState.UNREACHED, words=words.strip())
    put_down(follow_up, at)
    let_go(follow_up, DONE_HERE, at)
    publish(FollowUpGivenUp(**ids_of(follow_up, actor)), actor=actor, at=at)
    return follow_up
