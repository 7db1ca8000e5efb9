"""Rules of following up (回访规则): which cases are asked when, by which channel, how often, and what a bad answer does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qingting.core.actors import Actor
from qingting.core.errors import Invalid, not_found
from qingting.core.events import publish
from qingting.directory.selectors import category_is_known
from qingting.directory.states import Urgency
from qingting.followups.events import RuleAdded, RuleDropped, RuleRaised
from qingting.followups.models import FollowUpRule
from qingting.followups.permissions import PLAN
from qingting.followups.states import MOST_RULES, Channel, LowRating, Script


@dataclass(frozen=True, slots=True)
class NewRule:
    """A line: which cases (case category, urgency; empty fits all), and its terms. Hours 0 to 720, attempts 1 to 9, hours between
    attempts 1 to 72."""

    category: str = ""
    urgency: str = ""
    channel: str = Channel.PHONE
    script: str = Script.USUAL
    on_low: str = LowRating.REVIEW
    wait_hours: int = 0
    most_attempts: int = 3
    spacing_hours: int = 4


_BOUNDS = {"wait_hours": (0, 720), "most_attempts": (1, 9), "spacing_hours": (1, 72)}


@transaction.atomic
def add_rule(*, actor: Actor, new: NewRule, at: datetime) -> FollowUpRule:
    """Add a line at the end; it holds for follow-ups planned from now on, here and below. Raises Invalid for odd values."""
    actor.require(PLAN, actor.organisation_id)
    _check(new)
    mine = FollowUpRule.objects.filter(organisation_id=actor.organisation_id)
    if mine.count() >= MOST_RULES:
        raise Invalid(f"最多{MOST_RULES}条规则。", code="followups.rule.too-many", do_next="请先删除不再使用的规则。")
    last = mine.aggregate(last=Max("position"))["last"] or 0
    values = {name: getattr(new, name) for name in NewRule.__slots__}
    rule = FollowUpRule.objects.create(
        organisation_id=actor.organisation_id, province=actor.province, position=last + 1, **values
    )
    publish(RuleAdded(**_ids(rule)), actor=actor, at=at)
    return rule


def _check(new: NewRule) -> None:
    known = (
        new.channel in Channel.values
        and new.script in Script.values
        and new.on_low in LowRating.values
        and (not new.urgency or new.urgency in Urgency.values)
        and (not new.category or category_is_known(new.category))
    )
    if not known:
        raise Invalid("请从列表里选择。", code="followups.rule.unknown")
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(new, name) <= most:
            raise Invalid(
                "小时数或次数超出了范围。",
                code="followups.rule.bounds",
                do_next="多久后回访0至720小时，最多联系1至9次，两次间隔1至72小时。",
            )


def _ids(rule: FollowUpRule) -> dict[str, Any]:
    return {"organisation_id": rule.organisation_id, "province": rule.province, "rule_id": rule.pk}


def _mine(actor: Actor, rule_id: int) -> FollowUpRule:
    actor.require(PLAN, actor.organisation_id)
    rules = FollowUpRule.objects.select_for_update().filter(organisation_id=actor.organisation_id)
    found = rules.filter(pk=rule_id).first()
    if found is None:
        raise not_found("回访规则", "followups.rule.not-found")
    return found


@transaction.atomic
def drop_rule(*, actor: Actor, rule_id: int, at: datetime) -> None:
    """Take a line away. What was planned by it stays as it was planned."""
    rule = _mine(actor, rule_id)
    told = RuleDropped(**_ids(rule))
    rule.delete()
    publish(told, actor=actor, at=at)


@transaction.atomic
def raise_rule(*, actor: Actor, rule_id: int, at: datetime) -> None:
    """Move a line one up: the first that fits counts. The top one stays where it is."""
    rule = _mine(actor, rule_id)
    before = FollowUpRule.objects.filter(organisation_id=rule.organisation_id, position__lt=rule.position)
    above = before.order_by("-position").first()
    if above is None:
        return
    FollowUpRule.objects.filter(pk=rule.pk).update(position=above.position)
    FollowUpRule.objects.filter(pk=above.pk).update(position=rule.position)
    publish(RuleRaised(**_ids(rule)), actor=actor, at=at)
