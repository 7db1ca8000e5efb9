"""Tracking plans (长期跟踪): somebody is asked again over months and years, by a rhythm of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.cases.selectors import case_of
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import Event, publish
from qingting.core.scope import EVERYTHING, acting
from qingting.followups import rules, selectors
from qingting.followups.events import (
    TrackingBegun,
    TrackingEnded,
    TrackingHandedOver,
    TrackingPaused,
    TrackingResumed,
)
from qingting.followups.models import TrackingPlan
from qingting.followups.permissions import CALL, PLAN
from qingting.followups.services.calls import plan_visit
from qingting.followups.states import PlanState, Rhythm
from qingting.staff.selectors import holders
from qingting.staff.services import News, notify_account


@dataclass(frozen=True, slots=True)
class NewPlan:
    """rhythm: one of `states.Rhythm`; keeper: the account of the colleague who keeps in touch; purpose: in words."""

    rhythm: str
    keeper_account_id: int
    purpose: str


@transaction.atomic
def begin_tracking(*, actor: Actor, case_id: int, new: NewPlan, at: datetime) -> TrackingPlan:
    """Keep in touch with the person of a case. One running plan for a case.

    Raises NotFound for a case out of sight, NotAllowed without the right, Invalid, and DomainError where one runs.
    """
    case = case_of(actor, case_id)
    actor.require(PLAN, case.organisation_id)
    if new.rhythm not in Rhythm.values or not new.purpose.strip():
        raise Invalid("请选择节奏，并写明为什么要长期跟踪。", code="followups.plan.words-missing")
    if TrackingPlan.objects.filter(case=case).exclude(state=PlanState.ENDED).exists():
        raise DomainError("这个个案已经有一份跟踪计划。", code="followups.plan.running", do_next="请在原计划上调整。")
    plan = TrackingPlan.objects.create(
        organisation_id=case.organisation_id,
        province=case.province,
        case=case,
        rhythm=new.rhythm,
        purpose=new.purpose.strip()[:500],
        keeper_account_id=_keeper(case.organisation_id, new.keeper_account_id, at),
        begun_at=at,
        next_at=rules.next_visit(new.rhythm, 0, at),
    )
    _publish(TrackingBegun, plan, actor, at, rhythm_label=str(Rhythm(new.rhythm).label))
    _tell_keeper(plan, at)
    return plan


def _keeper(organisation_id: int, account_id: int, at: datetime) -> int:
    if not holders(organisation_id, CALL, at=at).filter(pk=account_id).exists():
        raise Invalid("请选择本单位的回访人员。", code="followups.plan.not-a-colleague")
    return account_id


def _tell_keeper(plan: TrackingPlan, at: datetime) -> None:
    news = News(kind="followups.tracking", subject=("plan", plan.pk), urgency="ROUTINE", case_id=plan.case_id)
    notify_account(organisation_id=plan.organisation_id, account_id=plan.keeper_account_id, news=news, at=at)


def _publish(event: type[Event], plan: TrackingPlan, actor: Actor, at: datetime, **told: Any) -> None:
    ids: dict[str, Any] = {
        "organisation_id": plan.organisation_id,
        "province": plan.province,
        "plan_id": plan.pk,
        "case_id": plan.case_id,
    }
    publish(event(**ids, **told), actor=actor, at=at)


def _mine(actor: Actor, plan_id: int, *states: str) -> TrackingPlan:
    """The plan, locked, if this person may change it and it is in one of the states."""
    selectors.plan_of(actor, plan_id)
    plan = TrackingPlan.objects.select_for_update().get(pk=plan_id)
    if not (actor.may(PLAN, plan.organisation_id) or plan.keeper_account_id == actor.account_id):
        actor.require(PLAN, plan.organisation_id)
    if plan.state not in states:
        raise DomainError(
            f"跟踪计划现在是“{PlanState(plan.state).label}”。",
            code="followups.plan.wrong-state",
            do_next="可能有同事刚刚操作过，请刷新页面查看。",
        )
    return plan


def _words(words: str) -> str:
    if not words.strip():
        raise Invalid("请写明理由。", code="followups.plan.reason-missing")
    return words.strip()[:500]


@transaction.atomic
def pause_tracking(*, actor: Actor, plan_id: int, words: str, at: datetime) -> TrackingPlan:
    """Let it rest, with a reason (暂停): no contact falls due until it goes on."""
    plan = _mine(actor, plan_id, PlanState.RUNNING)
    plan.state, plan.words, plan.paused_at = PlanState.PAUSED, _words(words), at
    plan.save()
    _publish(TrackingPaused, plan, actor, at)
    return plan


@transaction.atomic
def resume_tracking(*, actor: Actor, plan_id: int, at: datetime) -> TrackingPlan:
    """Go on. What fell due during the pause comes at once, one contact and not several."""
    plan = _mine(actor, plan_id, PlanState.PAUSED)
    plan.state, plan.words, plan.paused_at = PlanState.RUNNING, "", None
    plan.next_at = max(plan.next_at or at, at)
    plan.save()
    _publish(TrackingResumed, plan, actor, at)
    return plan


@transaction.atomic
def hand_over_tracking(*, actor: Actor, plan_id: int, account_id: int, at: datetime) -> TrackingPlan:
    """Another colleague keeps in touch from now on (移交), and is told."""
    plan = _mine(actor, plan_id, PlanState.RUNNING, PlanState.PAUSED)
    former, plan.keeper_account_id = plan.keeper_account_id, _keeper(plan.organisation_id, account_id, at)
    if former != plan.keeper_account_id:
        plan.save()
        _publish(TrackingHandedOver, plan, actor, at, keeper_account_id=plan.keeper_account_id)
        _tell_keeper(plan, at)
    return plan


@transaction.atomic
def end_tracking(*, actor: Actor, plan_id: int, words: str, at: datetime) -> TrackingPlan:
    """No further contacts (结束跟踪), with what it came to."""
    plan = _mine(actor, plan_id, PlanState.RUNNING, PlanState.PAUSED)
    plan.state, plan.words, plan.ended_at, plan.next_at = PlanState.ENDED, _words(words), at, None
    plan.save()
    _publish(TrackingEnded, plan, actor, at)
    return plan


@transaction.atomic
def make_visits(*, at: datetime, limit: int = 100) -> int:
    """Contacts that have fallen due, each once, however long nobody looked. A worker's loop calls this; returns how many."""
    with acting(EVERYTHING):
        due = TrackingPlan.objects.filter(state=PlanState.RUNNING, next_at__lte=at)
        plans = list(
            due.select_for_update(skip_locked=True, of=("self",)).select_related("case").order_by("next_at")[:limit]
        )
        for plan in plans:
            if not selectors.visit_is_due(plan):
                plan_visit(plan=plan, at=at)
                plan.visits += 1
            plan.next_at = rules.next_visit(plan.rhythm, plan.visits, at)
            plan.save(update_fields=["visits", "next_at"])
            if plan.next_at is None:
                _run_out(plan, at)
    return len(plans)


def _run_out(plan: TrackingPlan, at: datetime) -> None:
    """The last contact of the rhythm: the keeper decides how it ends, the plan waits for that without further contacts."""
    _tell_keeper(plan, at)
