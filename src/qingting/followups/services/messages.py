"""Text messages with the young person's own link. The number is taken from the vault, on the record, and leaves sealed; a worker
sends it by the gateway that the configuration names. Without one (a demonstration) the message stays in the outbox.

The words are neutral, without 12355 and without a reason: somebody else may look at the screen.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.gateways import deliver
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.core.transactions import joined
from qingting.followups import selectors
from qingting.followups.events import MessageEnded, MessageQueued
from qingting.followups.models import LinkMessage, RatingInvitation
from qingting.followups.permissions import CALL
from qingting.followups.states import MessageState
from qingting.seekers.services import number_for_message

log = logging.getLogger(__name__)
SEALED = "followups_linkmessage.number_sealed"
LEASE = timedelta(seconds=40)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
A_DAY = 86_400


@joined
def queue_rating_message(*, actor: Actor, invitation_id: int, at: datetime) -> LinkMessage | None:
    """Have the link sent. None where no telephone number of the person is kept, or a message already waits or was sent."""
    invitation = RatingInvitation.objects.select_related("case").get(pk=invitation_id)
    known = LinkMessage.objects.filter(invitation=invitation).exclude(state=MessageState.FAILED)
    if known.exists() or not invitation.case.seeker_id:
        return None
    lent = number_for_message(actor=actor, seeker_id=invitation.case.seeker_id, at=at)
    if lent is None:
        return None
    number, tail = lent
    message = LinkMessage.objects.create(
        organisation_id=invitation.organisation_id,
        province=invitation.province,
        invitation=invitation,
        number_sealed=seal(number, field=SEALED),
        number_tail=tail,
        account_id=actor.account_id or None,
        queued_at=at,
        next_try_at=at,
    )
    publish(MessageQueued(**_ids(message)), actor=actor, at=at)
    return message


@transaction.atomic
def send_rating_message(*, actor: Actor, case_id: int, at: datetime) -> LinkMessage:
    """The same by a person (发送评价短信). Raises DomainError where there is nothing to send or nowhere to send it."""
    invitation = next((one for one in selectors.invitations_of(actor, case_id) if selectors.is_open(one, at=at)), None)
    if invitation is None:
        raise DomainError(
            "这个个案没有等待评价的链接。", code="followups.message.no-link", do_next="工单办结后会自动生成。"
        )
    actor.require(CALL, invitation.organisation_id)
    check_rate("rating-message", str(invitation.case_id), limit=3, seconds=A_DAY, at=at)
    message = queue_rating_message(actor=actor, invitation_id=invitation.pk, at=at)
    if message is None:
        raise DomainError(
            "没有可发送的号码，或短信已经发出。",
            code="followups.message.nowhere",
            do_next="请先登记本人电话；已发过的请看短信状态。",
        )
    return message


def _ids(message: LinkMessage) -> dict[str, Any]:
    return {
        "organisation_id": message.organisation_id,
        "province": message.province,
        "message_id": message.pk,
        "case_id": message.invitation.case_id,
    }


def text_of(invitation: RatingInvitation) -> str:
    """What arrives."""
    link = settings.PUBLIC_URL.rstrip("/") + selectors.rating_path(invitation)
    return f"您好，有一份一分钟的小问卷想听听您的感受：{link} 不方便可以不理会。"


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What a thread needs; nothing of it is logged."""

    message_id: int
    number: str
    text: str


def send_messages(*, at: datetime, limit: int = 8) -> int:
    """Send what waits, claimed by a lease and outside any transaction. Returns how many were tried."""
    with acting(EVERYTHING):
        claimed = _claim(at, limit)
        if not claimed:
            return 0
        with ThreadPoolExecutor(max_workers=len(claimed), thread_name_prefix="sms") as threads:
            taken = list(threads.map(_send, claimed))
        for message, worked in zip(claimed, taken, strict=True):
            _note(message.message_id, worked, at)
    return len(claimed)


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[_Claimed]:
    waiting = LinkMessage.objects.filter(state=MessageState.WAITING, next_try_at__lte=at).select_related(
        "invitation__case"
    )
    rows = list(waiting.order_by("next_try_at").select_for_update(skip_locked=True, of=("self",))[:limit])
    LinkMessage.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=at + LEASE)
    live = [row for row in rows if not _spent(row, at)]
    return [_Claimed(row.pk, unseal(bytes(row.number_sealed), field=SEALED), text_of(row.invitation)) for row in live]


def _spent(row: LinkMessage, at: datetime) -> bool:
    """The answer came by another way, or too much time has passed: nothing is sent any more."""
    if selectors.is_open(row.invitation, at=at):
        return False
    _end(row, MessageState.NOT_NEEDED, at)
    return True


def _send(message: _Claimed) -> str:
    """SENT, KEPT where no gateway is set, or FAILED. Never raises: one broken message must not keep the others."""
    if not settings.SMS_URL:
        return MessageState.KEPT
    try:
        address = settings.SMS_URL.replace("{number}", quote(message.number, safe=""))
        worked = deliver(address, body=message.text)
    except Exception as error:  # noqa: BLE001 - whatever a gateway does wrong, it is tried again
        log.warning("message %s failed: %s", message.message_id, type(error).__name__)
        worked = False
    return MessageState.SENT if worked else MessageState.FAILED


@transaction.atomic
def _note(message_id: int, came: str, at: datetime) -> None:
    row = LinkMessage.objects.select_for_update(of=("self",)).select_related("invitation").get(pk=message_id)
    row.attempts += 1
    if came == MessageState.FAILED and row.attempts <= len(RETRY_AFTER):
        row.next_try_at = at + RETRY_AFTER[row.attempts - 1]
        row.save(update_fields=["attempts", "next_try_at"])
        return
    row.save(update_fields=["attempts"])
    _end(row, MessageState(came), at)


def _end(row: LinkMessage, state: MessageState, at: datetime) -> None:
    """Over: the number is forgotten."""
    LinkMessage.objects.filter(pk=row.pk).update(state=state, ended_at=at, number_sealed=b"")
    told = MessageEnded(**_ids(row), state=state, state_label=str(state.label))
    publish(told, actor=system_for(row.organisation_id, row.province), at=at)


@transaction.atomic
def rotate_numbers(*, batch: int = 500, at: datetime) -> int:
    """Seal up to `batch` numbers that still wait with the current key. Returns how many; 0 when done."""
    with acting(EVERYTHING):
        older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
        stale = LinkMessage.objects.filter(state=MessageState.WAITING, number_sealed__lt=older)
        rows = list(stale.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.number_sealed = seal(unseal(bytes(row.number_sealed), field=SEALED), field=SEALED)
        LinkMessage.objects.bulk_update(rows, ["number_sealed"])
    return len(rows)
