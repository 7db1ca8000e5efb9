"""The C-SSRS screener: what was answered, what that comes to, and what the person judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.contacts import services as contacts
from qingting.contacts.selectors import form_values
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.directory.states import Urgency
from qingting.risk import rules
from qingting.risk.events import CssrsRecorded
from qingting.risk.models import CssrsScreen
from qingting.risk.services.assessing import CrisisFacts, contact_to_work_on, crisis_facts
from qingting.risk.states import CSSRS, Behaviour, CssrsRisk, YesNo


@dataclass(frozen=True, slots=True)
class CssrsAnswer:
    """answers: by the names of CSSRS; level: what the person judges; reason: needed below what the answers call for."""

    answers: Mapping[str, str]
    level: str
    reason: str = ""


@transaction.atomic
def record_cssrs(*, actor: Actor, contact_id: int, given: CssrsAnswer, at: datetime) -> CssrsScreen:
    """Record the screener. It proposes nothing below its worst answer, and it never decides: the level is the person's.

    A level that the contact already has is not lowered by it; that takes an assessment.
    """
    contact = contact_to_work_on(actor, contact_id)
    _check(given)
    risk = rules.cssrs_risk(given.answers)
    if rules.needs_words(given.level, proposed=rules.CSSRS_LEVELS[risk]) and not given.reason.strip():
        raise Invalid(
            "您判断的等级低于筛查提示的，请写明理由。",
            code="risk.cssrs.reason-missing",
            do_next="写一两句为什么您认为没有那么急。",
        )
    screen = CssrsScreen.objects.create(
        organisation_id=contact.organisation_id,
        province=contact.province,
        contact_id=contact.pk,
        **{name: given.answers[name] for name in CSSRS},
        risk=risk,
        level=given.level,
        reason=given.reason.strip()[:1000],
        asked_by_account_id=actor.account_id,
        asked_at=at,
    )
    if rules.severity(given.level) > rules.severity(str(form_values(contact).get("risk_level") or "")):
        contacts.note_risk_level(actor=actor, contact_id=contact.pk, level=given.level, at=at)
    publish(_told(screen, crisis_facts(contact)), actor=actor, at=at)
    return screen


def _told(screen: CssrsScreen, facts: CrisisFacts) -> CssrsRecorded:
    return CssrsRecorded(
        **facts,
        screen_id=screen.pk,
        risk=screen.risk,
        risk_label=str(CssrsRisk(screen.risk).label),
        level=screen.level,
        level_label=str(Urgency(screen.level).label),
    )


def _check(given: CssrsAnswer) -> None:
    allowed = {name: Behaviour.values if name == "behaviour" else YesNo.values for name in CSSRS}
    if any(given.answers.get(name) not in values for name, values in allowed.items()):
        raise Invalid("还有问题没有选择。", code="risk.cssrs.unanswered", do_next="还没谈到的，请选“还没问到”。")
    if given.level not in Urgency.values:
        raise Invalid("请选择您判断的等级。", code="risk.cssrs.level", do_next="特急、紧急或一般。")
