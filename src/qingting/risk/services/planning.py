"""Safety plans: written with the young person, a new row a version, shared as a private page that can be closed again."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.crypto import key_version, keyring, seal
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.risk import rules
from qingting.risk.events import PlanShared, PlanWritten
from qingting.risk.models import SafetyPlan
from qingting.risk.selectors import PLAN_SEALED, PLAN_TOKEN
from qingting.risk.services.assessing import (
    contact_to_work_on,
    crisis_facts,
    sealed_anew,
    tell_of_resealing,
)
from qingting.risk.states import PLAN_STEPS

LONGEST = 1_000
SHARED_FOR = timedelta(days=180)  # of a private page without a new version; product default


@transaction.atomic
def write_plan(*, actor: Actor, contact_id: int, steps: Mapping[str, str], at: datetime) -> SafetyPlan:
    """A new version. A page that is shared shows it from now on under the same link."""
    contact = contact_to_work_on(actor, contact_id)
    said = {name: steps.get(name, "").strip()[:LONGEST] for name in PLAN_STEPS}
    if not any(said.values()):
        raise Invalid("先写下至少一步。", code="risk.plan.empty", do_next="和本人一起写，用他自己的话。")
    before = SafetyPlan.objects.select_for_update().filter(contact_id=contact.pk).order_by("-number").first()
    shared = _handed_on(before)
    envelope = seal(json.dumps(said, ensure_ascii=False), field=PLAN_SEALED)
    plan = SafetyPlan.objects.create(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        number=before.number + 1 if before else 1,
        sealed=envelope,
        key_version=key_version(envelope),
        written_by_account_id=actor.account_id,
        written_at=at,
        **shared,
    )
    publish(PlanWritten(**crisis_facts(contact), plan_id=plan.pk, number=plan.number), actor=actor, at=at)
    return plan


def _handed_on(before: SafetyPlan | None) -> dict[str, object]:
    """The link of the version before, taken from it, so that the young person keeps one link."""
    if before is None or before.digest is None:
        return {}
    names = ("digest", "token_sealed", "shared_at", "expires_at")
    kept = {name: getattr(before, name) for name in names}
    SafetyPlan.objects.filter(pk=before.pk).update(**dict.fromkeys(names))
    return kept


def _current(actor: Actor, contact_id: int) -> SafetyPlan:
    contact_to_work_on(actor, contact_id)
    plan = SafetyPlan.objects.select_for_update().filter(contact_id=contact_id).order_by("-number").first()
    if plan is None:
        raise not_found("安全计划", "risk.plan.not-found")
    return plan


@transaction.atomic
def share_plan(*, actor: Actor, contact_id: int, at: datetime) -> SafetyPlan:
    """Open a private page for the young person; sharing twice is sharing once."""
    plan = _current(actor, contact_id)
    if plan.digest is not None:
        return plan
    token = rules.fresh_token()
    plan.digest, plan.token_sealed = rules.digest(token), seal(token, field=PLAN_TOKEN)
    plan.shared_at, plan.expires_at = at, at + SHARED_FOR
    plan.save()
    return _told(plan, "给了本人私密链接", actor, at)


@transaction.atomic
def stop_sharing(*, actor: Actor, contact_id: int, at: datetime) -> SafetyPlan:
    """Close the page: the link shows nothing more."""
    plan = _current(actor, contact_id)
    if plan.digest is None:
        raise DomainError("现在没有分享。", code="risk.plan.not-shared", do_next="无需再做什么。")
    plan.digest = plan.token_sealed = plan.shared_at = plan.expires_at = None
    plan.save()
    return _told(plan, "关闭了私密链接", actor, at)


def _told(plan: SafetyPlan, how: str, actor: Actor, at: datetime) -> SafetyPlan:
    contact = contact_to_work_on(actor, plan.contact_id)
    publish(PlanShared(**crisis_facts(contact), plan_id=plan.pk, how=how), actor=actor, at=at)
    return plan


@transaction.atomic
def rotate_plans(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` plans and their links of older keys with the current one. Returns how many; 0 when done."""
    current = keyring().current
    with acting(EVERYTHING):
        stale = SafetyPlan.objects.filter(key_version__lt=current).order_by("pk")
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.sealed, row.key_version = sealed_anew(row.sealed, PLAN_SEALED), current
            row.token_sealed = sealed_anew(row.token_sealed, PLAN_TOKEN) if row.token_sealed else None
        SafetyPlan.objects.bulk_update(rows, ["sealed", "key_version", "token_sealed"])
        tell_of_resealing(len(rows), current, at)
    return len(rows)
