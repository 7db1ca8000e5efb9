"""What another desk's system refused for good, sent once more after somebody removed the cause: 再次发送."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import selectors
from qingting.linkage.events import SentAgain
from qingting.linkage.models import DeskMessage, Handoff
from qingting.linkage.permissions import HAND_OFF, OPERATE
from qingting.linkage.services import waking
from qingting.linkage.services.ending import hold_and_watch
from qingting.linkage.services.posting import move, told
from qingting.linkage.services.spans import answer_span
from qingting.linkage.states import HandoffState, MessageState, Way
from qingting.linkage.store import lock_link


@transaction.atomic
def send_again(*, actor: Actor, handoff_id: int, at: datetime) -> Handoff:
    """Send what was refused, and all that waits behind it, once more and unchanged (the other desk knows a message by its
    id, so nothing arrives twice). A handoff that never arrived is open again, with its hold and a new time to answer.

    Whoever may hand off may, and whoever runs the links. Raises NotFound, NotAllowed, DomainError where nothing was refused.
    """
    handoff = selectors.handoff_of(actor, handoff_id)
    if not actor.may(OPERATE):
        actor.require(HAND_OFF, handoff.organisation_id)
    with acting(EVERYTHING):
        lock_link(str(handoff.link_id))
        refused = DeskMessage.objects.filter(link_id=handoff.link_id, way=Way.OUT, state=MessageState.REFUSED)
        count = refused.update(state=MessageState.WAITING, next_attempt_at=at, attempts=0, error="")
    if not count:
        raise DomainError(
            "没有被对方拒收的消息，不需要再次发送。",
            code="linkage.message.nothing-refused",
            do_next="待送达的消息会自动重试；请看最新状态。",
        )
    if handoff.state == HandoffState.FAILED and handoff.delivered_at is None:
        _open_again(actor, handoff, at)
    publish(SentAgain(**told(handoff)), actor=actor, at=at)
    transaction.on_commit(waking.send_now)
    return handoff


def _open_again(actor: Actor, handoff: Handoff, at: datetime) -> None:
    span = answer_span(handoff.organisation_id, handoff.urgency, at=at)
    move(handoff, "send_again", ended_at=None, reply_by=span.due_at)
    hold_and_watch(actor, handoff, span, at)
