"""The rates of the subsidy. Only ever added: a change is a new rate from a day on, so the history stays."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qingting.assistance.events import RateSet
from qingting.assistance.models import SubsidyRate
from qingting.assistance.permissions import SET_RATES
from qingting.assistance.rules import MOST_FEN
from qingting.assistance.states import RateUnit, ServiceKind
from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish


@dataclass(frozen=True, slots=True)
class NewRate:
    """fen for one piece or day of a service from a day on; source: title and article of the local rule."""

    service: str
    unit: str
    amount_fen: int | None
    valid_from: date | None
    source: str


@transaction.atomic
def set_rate(*, actor: Actor, new: NewRate, at: datetime) -> SubsidyRate:
    """Set a rate for the actor's organisation and those below that have none of their own."""
    actor.require(SET_RATES, actor.organisation_id)
    known = new.service in ServiceKind.values and new.unit in RateUnit.values
    if not known or new.amount_fen is None or not 0 <= new.amount_fen <= MOST_FEN or new.valid_from is None:
        raise Invalid(
            "请选择服务和单位，写明金额和起始日期。",
            code="assistance.incomplete",
            do_next="金额单位是元，最多两位小数。",
        )
    if len(new.source.strip()) < 4:
        raise Invalid(
            "请写明依据。", code="assistance.source-missing", do_next="写当地补贴办法的名称、文号和条款，便于核查。"
        )
    rate = SubsidyRate.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        service=new.service,
        unit=new.unit,
        amount_fen=new.amount_fen,
        valid_from=new.valid_from,
        source=new.source.strip()[:200],
        account_id=actor.account_id,
        at=at,
    )
    told = RateSet(organisation_id=rate.organisation_id, province=rate.province, subsidy_rate_id=rate.pk)
    publish(told, actor=actor, at=at)
    return rate
