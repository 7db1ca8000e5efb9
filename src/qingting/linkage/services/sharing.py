"""What several houses share beside handoffs: a later room tells other installations, and hears what they tell it.

The wire, its order, its signatures and its patience are the same as those of handoffs; what is said is that room's own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.db import transaction

from deskwire.envelope import Envelope, MessageType
from deskwire.keys import Party
from deskwire.lifecycle import Link
from deskwire.sending import Draft, new_link
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import selectors
from qingting.linkage.events import SharedSentAgain
from qingting.linkage.models import Desk, DeskMessage
from qingting.linkage.permissions import OPERATE
from qingting.linkage.services import waking
from qingting.linkage.services.posting import post
from qingting.linkage.states import MessageState, Way
from qingting.linkage.store import hold_alone, lock_link, matter_lock, read_link
from qingting.linkage.wire import own_party


class Taker(Protocol):
    """Acts on what another house shares. body: as `body-chain.json`; drill: whether it is of an exercise (演练)."""

    def __call__(self, body: Mapping[str, Any], desk: Desk, at: datetime, *, drill: bool) -> None: ...


_takers: list[Taker] = []


def shared_link_id(matter_id: UUID, desk: Desk) -> UUID:
    """The link on which a matter is shared with a desk: the same on both sides, whoever begins."""
    return uuid5(matter_id, " ".join(sorted((own_party().desk, desk.code))))


def share(desk: Desk, matter_id: UUID, body: Mapping[str, Any], *, drill: bool = False, at: datetime) -> Envelope:
    """Tell another house, durably and in order, inside the caller's transaction. body: as `body-chain.json`; drill: an exercise,
    which every message of its link says."""
    with acting(EVERYTHING):
        link_id = str(shared_link_id(matter_id, desk))
        lock_link(link_id)
        link: Link = read_link(link_id) or new_link(Party(desk.code, desk.region_code), link_id)
        return post(desk, link, Draft(MessageType.CHAIN, body, drill=drill), at=at)


def take_shared_by(taker: Taker) -> None:
    """Let a later room act on what other houses share; called when it is ready. It runs inside the transaction that stores
    the message and may refuse with the protocol's `ProblemError`."""
    _takers.append(taker)


def taken(message: Envelope, desk: Desk, at: datetime) -> None:
    """Hand a shared message to whoever takes them."""
    for taker in _takers:
        taker(message.body, desk, at, drill=message.drill)


@transaction.atomic
def send_shared_again(*, actor: Actor, desk_id: int, matter_id: UUID, at: datetime) -> int:
    """What a desk refused for good goes out once more, after the cause was removed. Returns how many messages."""
    actor.require(OPERATE)
    desk = selectors.desk_of(actor, desk_id)
    link_id = shared_link_id(matter_id, desk)
    with acting(EVERYTHING):
        lock_link(str(link_id))
        stuck = DeskMessage.objects.filter(link_id=link_id, way=Way.OUT, state=MessageState.REFUSED)
        count = stuck.update(state=MessageState.WAITING, next_attempt_at=at, attempts=0, error="")
        if not count:
            raise DomainError(
                "没有等待再次发送的消息。", code="linkage.shared.nothing-stuck", do_next="请刷新页面查看最新状态。"
            )
        told = SharedSentAgain(
            organisation_id=desk.organisation_id,
            province=desk.province,
            desk_id=desk.pk,
            partner=selectors.partner_name(desk),
        )
        publish(told, actor=actor, at=at)
    transaction.on_commit(waking.send_now)
    return count


def hold_matter(matter_id: UUID) -> None:
    """Hold a shared matter alone until the open transaction ends. Its links come after it, here and where a message of
    theirs arrives, so that nobody who holds a link waits for the matter."""
    with acting(EVERYTHING):
        hold_alone(matter_lock(str(matter_id)))
