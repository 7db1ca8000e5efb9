"""Numbers that are not let in: proposed with a reason and an end, agreed by a second person, lifted by either."""

from datetime import datetime, timedelta

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.telephony import permissions
from qingting.telephony.models import BlockedNumber
from qingting.telephony.selectors import call_for
from qingting.telephony.services.waking import wake_controller

LONGEST = timedelta(days=90)


@transaction.atomic
def propose_block(*, actor: Actor, call_id: int, words: str, days: int, at: datetime) -> BlockedNumber:
    """After nuisance calls: propose that this number is not let in for some days. Holds once a leader agrees."""
    call = call_for(actor, call_id, to_act=True)
    if not call.number_sealed or not call.number_index:
        raise DomainError("对方没有显示号码，无法拦截。", code="telephony.block.hidden", do_next="请在登记里写明情况。")
    if not words.strip() or not 0 < days <= LONGEST.days:
        raise Invalid("请写明理由，期限最长90天。", code="telephony.block.words", do_next="补充后再提交。")
    return BlockedNumber.objects.create(
        organisation_id=call.organisation_id,
        province=call.province,
        number_sealed=bytes(call.number_sealed),
        number_index=bytes(call.number_index),
        number_tail=call.number_tail,
        key_version=call.key_version,
        call_id=call.id,
        words=words.strip()[:200],
        proposed_by_account_id=actor.account_id,
        proposed_at=at,
        until=at + timedelta(days=days),
    )


@transaction.atomic
def agree_to_block(*, actor: Actor, block_id: int, at: datetime) -> None:
    """A second person agrees. Somebody in danger is let in all the same."""
    actor.require(permissions.REVIEW_NUMBERS)
    block = _standing(actor, block_id)
    if block.proposed_by_account_id == actor.account_id:
        raise DomainError("不能审核自己提出的拦截。", code="telephony.block.own", do_next="请另一位值班长审核。")
    BlockedNumber.objects.filter(pk=block.pk).update(agreed_by_account_id=actor.account_id, agreed_at=at)
    wake_controller("blocked")


@transaction.atomic
def lift_block(*, actor: Actor, block_id: int, at: datetime) -> None:
    """Let the number in again."""
    actor.require(permissions.REVIEW_NUMBERS)
    BlockedNumber.objects.filter(pk=_standing(actor, block_id).pk).update(lifted_at=at)
    wake_controller("blocked")


def _standing(actor: Actor, block_id: int) -> BlockedNumber:
    here = BlockedNumber.objects.filter(organisation_id__in=sorted(actor.scope.organisations), lifted_at=None)
    block = here.select_for_update().filter(pk=block_id).first()
    if block is None:
        raise not_found("拦截", "telephony.block.not-found")
    return block
