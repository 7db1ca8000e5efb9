"""A link to the written talk, sent as a text message to the number that calls. The number never leaves the call but to be dialled.

The words are neutral, without 12355 and without a reason: somebody else may look at the screen.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from qingting.core.actors import Actor, system_for
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.gateways import deliver
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import rules
from qingting.telephony.events import TextLinkEnded, TextTalkOpened
from qingting.telephony.models import Call, TextLink
from qingting.telephony.selectors import call_for
from qingting.telephony.services.numbers import number_to_dial
from qingting.telephony.states import TextState

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=40)
RETRY_AFTER = (timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5))
MOST_A_CALL = 3
OPENS_FOR = timedelta(days=1)  # so long after it was asked for; whoever finds the message later has a talk of their own


@transaction.atomic
def send_text_link(*, actor: Actor, call_id: int, at: datetime) -> TextLink:
    """The counsellor offers the written talk. Raises DomainError where there is no mobile number, or it was sent already."""
    call = call_for(actor, call_id, to_act=True)
    link = queue_text_link(call, account_id=actor.account_id, at=at)
    if link is None:
        raise DomainError(
            "对方没有可以收短信的手机号码，或短信已经发过。",
            code="telephony.text.nowhere",
            do_next="可以继续用按键问答，或请对方上网打开12355的在线咨询。",
        )
    return link


def queue_text_link(call: Call, *, account_id: int, at: datetime) -> TextLink | None:
    """Have the link sent. None for a number that gets no text messages, or where one waits or enough were sent."""
    if not rules.is_mobile(number_to_dial(call)):
        return None
    earlier = TextLink.objects.select_for_update().filter(call=call)
    if earlier.filter(state=TextState.WAITING).exists() or earlier.count() >= MOST_A_CALL:
        return None
    return TextLink.objects.create(
        organisation_id=call.organisation_id,
        province=call.province,
        call=call,
        account_id=account_id or None,
        queued_at=at,
        next_try_at=at,
    )


def text_of_link(link_id: int) -> str:
    """What arrives."""
    address = f"{settings.PUBLIC_URL.rstrip('/')}/chat/w/{token_of(link_id)}"
    return f"您好，这里可以打字聊，不用出声：{address} 不方便可以不理会。"


def token_of(link_id: int) -> str:
    """What the address of the link carries: its id, signed for this purpose only."""
    return _signer().sign(str(link_id))


def _signer() -> Signer:
    return Signer(sep=".", salt="telephony.text-link")


def _link_of(token: str, at: datetime) -> TextLink | None:
    """The link of an address that we have signed and that is not too old; None for any other."""
    try:
        link_id = int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    young = TextLink.objects.filter(pk=link_id, queued_at__gt=at - OPENS_FOR)
    return young.select_for_update(of=("self",)).select_related("call").first()


@transaction.atomic
def leads_to_call(*, token: str, at: datetime) -> bool:
    """Whether the address still opens the talk of its call: signed by us, not too old, not used yet."""
    with acting(EVERYTHING):
        link = _link_of(token, at)
    return link is not None and link.conversation_id is None


@transaction.atomic
def join_text_talk(*, token: str, conversation_id: int, organisation_id: int, at: datetime) -> Call | None:
    """The talk that this address has just opened belongs to its call from now on; returns the call.

    None where the address leads nowhere: too old, never ours, of another station, or used for another talk already. Whoever
    comes then has a talk of their own, and is told nothing of the call.
    """
    with acting(EVERYTHING):
        link = _link_of(token, at)
        if link is None or link.organisation_id != organisation_id:
            return None
        if link.conversation_id is not None or TextLink.objects.filter(conversation_id=conversation_id).exists():
            return link.call if link.conversation_id == conversation_id else None
        TextLink.objects.filter(pk=link.pk).update(conversation_id=conversation_id, opened_at=at)
        call = link.call
        told = TextTalkOpened(**call.facts(), account_id=call.account_id or 0, conversation_id=conversation_id)
        publish(told, actor=system_for(call.organisation_id, call.province), at=at)
    return call


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What a thread needs; nothing of it is logged."""

    link_id: int
    number: str


def send_text_links(*, at: datetime, limit: int = 8) -> int:
    """Send what waits, claimed by a lease and outside any transaction. Returns how many were tried."""
    with acting(EVERYTHING):
        claimed = _claim(at, limit)
        if not claimed:
            return 0
        with ThreadPoolExecutor(max_workers=len(claimed), thread_name_prefix="text-link") as threads:
            came = list(threads.map(_send, claimed))
        for link, state in zip(claimed, came, strict=True):
            _note(link.link_id, state, at)
    return len(claimed)


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[_Claimed]:
    waiting = TextLink.objects.filter(state=TextState.WAITING, next_try_at__lte=at).select_related("call")
    rows = list(waiting.order_by("next_try_at").select_for_update(skip_locked=True, of=("self",))[:limit])
    TextLink.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=at + LEASE)
    return [_Claimed(row.pk, number_to_dial(row.call)) for row in rows]


def _send(link: _Claimed) -> TextState:
    """Never raises: one broken message must not keep the others."""
    if not settings.SMS_URL:
        return TextState.KEPT
    try:
        address = settings.SMS_URL.replace("{number}", quote(link.number, safe=""))
        worked = deliver(address, body=text_of_link(link.link_id))
    except Exception as error:  # noqa: BLE001 - whatever a gateway does wrong, it is tried again
        log.warning("text link %s failed: %s", link.link_id, type(error).__name__)
        worked = False
    return TextState.SENT if worked else TextState.FAILED


@transaction.atomic
def _note(link_id: int, came: TextState, at: datetime) -> None:
    row = TextLink.objects.select_for_update(of=("self",)).select_related("call").get(pk=link_id)
    row.attempts += 1
    if came == TextState.FAILED and row.attempts <= len(RETRY_AFTER):
        row.next_try_at = at + RETRY_AFTER[row.attempts - 1]
    else:
        row.state, row.ended_at = came, at
        call = row.call
        told = TextLinkEnded(**call.facts(), account_id=call.account_id or 0, state=came, state_label=str(came.label))
        publish(told, actor=system_for(call.organisation_id, call.province), at=at)
    row.save(update_fields=["attempts", "next_try_at", "state", "ended_at"])
