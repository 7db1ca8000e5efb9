"""Rehearsing a chain (演练): the same parties, acts and wire as a real one, and nothing of a person in it.

An exercise has no case, no order, no clock and no facts, rings nobody and is not counted. It is one from its first message to its
last: no act leads from an exercise to a real chain or back.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from qingting.chains import rules
from qingting.chains.models import Chain
from qingting.chains.permissions import DRILL
from qingting.chains.services.acting import operator_of, refuse_unknown_parties, stamp
from qingting.chains.services.entries import Entry
from qingting.chains.services.recording import write_down
from qingting.chains.services.spreading import hold, spread
from qingting.chains.states import Role, Stage
from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.models import Division
from qingting.directory.states import DivisionLevel, Urgency


@dataclass(frozen=True, slots=True)
class NewDrill:
    """destination: the province (GB/T 2260) that plays along; words: the invented situation."""

    destination: str
    urgency: str
    words: str


@transaction.atomic
def begin_drill(*, actor: Actor, new: NewDrill, at: datetime) -> Chain:
    """发起演练: tell the other province and the national desk of an invented situation, marked as an exercise in every message.

    While an exercise of one's organisation with that province runs, that one is returned. Raises NotAllowed, Invalid,
    DomainError (no house of that province known).
    """
    actor.require(DRILL, actor.organisation_id)
    _refuse_no_province(actor)
    _refuse_unfit(actor, new)
    running = _running(actor, new.destination)
    if running is not None:
        return running
    chain = _drawn(actor, new, at)
    with acting(EVERYTHING):
        refuse_unknown_parties(chain)
        hold(chain)
        chain.save(force_insert=True)
        words = new.words.strip()[:2000]
        entry = Entry(Role.ORIGIN, 1, "RAISE", stamp(at), operator_of(actor), words=words, account_id=actor.account_id)
        write_down(chain, entry, at=at, actor=actor)
        spread(chain, entry, at=at)
    return chain


def _refuse_no_province(actor: Actor) -> None:
    if not Division.objects.filter(pk=actor.province, level=DivisionLevel.PROVINCE).exists():
        raise DomainError(
            "跨省转介演练由省、市的服务台发起。",
            code="chains.drill.no-province",
            do_next="请请一个省的服务台发起，本单位一起参加。",
        )


def _refuse_unfit(actor: Actor, new: NewDrill) -> None:
    provinces = Division.objects.filter(pk=new.destination, level=DivisionLevel.PROVINCE).exclude(pk=actor.province)
    wrong = {
        "destination": "" if provinces.exists() else "请选择一起演练的省份",
        "urgency": "" if new.urgency in {Urgency.CRITICAL, Urgency.URGENT} else "请选择紧急程度",
        "words": "" if len(new.words.strip()) >= 4 else "请写明演练的情景",
    }
    wrong = {name: why for name, why in wrong.items() if why}
    if wrong:
        raise Invalid(
            f"演练还没有发起：{'；'.join(wrong.values())}。",
            code="chains.drill.incomplete",
            do_next="请补充后再发起。",
            fields=wrong,
        )


def _running(actor: Actor, destination: str) -> Chain | None:
    mine = Chain.objects.filter(organisation_id=actor.organisation_id, role=Role.ORIGIN, drill=True, ended_at=None)
    return mine.filter(destination_region=destination).first()


def _drawn(actor: Actor, new: NewDrill, at: datetime) -> Chain:
    chain_id = uuid4()
    return Chain(
        organisation_id=actor.organisation_id,
        province=actor.province,
        chain_id=chain_id,
        drill=True,
        role=Role.ORIGIN,
        number=rules.chain_number(actor.province, chain_id, f"{local(at):%Y%m%d}", drill=True),
        urgency=new.urgency,
        origin_region=actor.province,
        destination_region=new.destination,
        stage=Stage.SUPERVISION,
        opened_by_account_id=actor.account_id or None,
        opened_at=stamp(at),
        heard_at=at,
    )
