"""What a file does when something happened elsewhere: a clock ran out, another house refused a message; and who looked."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qingting.chains import selectors
from qingting.chains.events import ChainFactsRead, ChainLate, ChainNotTaken
from qingting.chains.models import Chain
from qingting.chains.services import telling
from qingting.chains.states import Role
from qingting.core.actors import Actor, system_for
from qingting.core.errors import NotAllowed
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.states import ClockKind
from qingting.linkage.models import Desk
from qingting.linkage.services import shared_link_id

WAITED_FOR = frozenset({"CHAIN_ACCEPTANCE", "CHAIN_INTERVENTION", "CHAIN_REPORT"})
"""Clocks of the destination. In the other parties' files they mean: telephone."""


@transaction.atomic
def note_late(*, chain_id: int, kind: str, at: datetime) -> None:
    """A clock of this file has run out: written into the story, and whoever waits for the destination is told to telephone."""
    with acting(EVERYTHING):
        chain = Chain.objects.filter(pk=chain_id, ended_at=None).first()
        if chain is None:
            return
        label = str(ClockKind(kind).label)
        told = ChainLate(
            organisation_id=chain.organisation_id,
            province=chain.province,
            chain_id=chain.pk,
            case_id=chain.case_id or 0,
            number=chain.number,
            kind_label=label,
        )
        publish(told, actor=system_for(chain.organisation_id, chain.province), at=at)
        if kind in WAITED_FOR and chain.role != Role.DESTINATION:
            telling.tell_late(chain, kind, at)


@transaction.atomic
def note_not_taken(*, link_id: str, desk_id: int, partner: str, code: str, at: datetime) -> None:
    """Another house will never take what we told it: the parties here are told to telephone."""
    with acting(EVERYTHING):
        desk = Desk.objects.get(pk=desk_id)
        for chain in Chain.objects.filter(ended_at=None).order_by("-heard_at")[:500]:
            if shared_link_id(chain.chain_id, desk) != UUID(link_id):
                continue
            told = ChainNotTaken(
                organisation_id=chain.organisation_id,
                province=chain.province,
                chain_id=chain.pk,
                case_id=chain.case_id or 0,
                number=chain.number,
                partner=partner,
                code=code,
            )
            publish(told, actor=system_for(chain.organisation_id, chain.province), at=at)
            telling.tell_not_taken(chain, at)


@transaction.atomic
def look_at_facts(*, actor: Actor, chain_id: int, at: datetime) -> Chain:
    """Somebody reads what was told of the person: who, enters the journal. NotAllowed outside the two provinces."""
    chain = selectors.chain_of(actor, chain_id)
    if not selectors.may_read_person(actor, chain):
        raise NotAllowed(
            "本人情况只供发起省和属地省查看。",
            code="chains.facts.not-allowed",
            do_next="如督办确有需要，请电话联系属地省。",
        )
    told = ChainFactsRead(
        organisation_id=chain.organisation_id,
        province=chain.province,
        chain_id=chain.pk,
        case_id=chain.case_id or 0,
        number=chain.number,
    )
    publish(told, actor=actor, at=at)
    return chain
