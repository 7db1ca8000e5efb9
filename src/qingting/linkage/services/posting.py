"""Putting a message into the outbox, a note beside a handoff, and moving a handoff by its table of moves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from deskwire.envelope import Envelope
from deskwire.lifecycle import Link
from deskwire.problems import ProblemError
from deskwire.sending import Draft, write
from qingting.core.actors import Actor
from qingting.core.crypto import seal
from qingting.core.errors import DomainError
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import rules, selectors
from qingting.linkage.models import Desk, Handoff, HandoffNote
from qingting.linkage.services import waking
from qingting.linkage.states import HandoffState, NoteKind, Way
from qingting.linkage.store import lock_link, new_message, read_link, save_link
from qingting.linkage.wire import own_party


def post(desk: Desk, link: Link, draft: Draft, *, at: datetime) -> Envelope:
    """Write the link's next message into the outbox; it goes out as soon as the open transaction has committed.

    Raises DomainError when the link's state no longer allows it or the message does not follow the protocol.
    """
    try:
        message, after = write(link, draft, own_party(), at)
    except ProblemError as problem:
        raise _refusal(problem) from problem
    with acting(EVERYTHING):
        save_link(after, desk)
        row = new_message(message, desk, Way.OUT, at)
        row.next_attempt_at = at
        row.save(force_insert=True)
    transaction.on_commit(waking.send_now)
    return message


def post_on(handoff: Handoff, draft: Draft, *, at: datetime) -> Envelope:
    """Write a message on the link of a handoff, which is held alone until the transaction ends."""
    with acting(EVERYTHING):
        lock_link(str(handoff.link_id))
        link = read_link(str(handoff.link_id))
    if link is None:
        raise RuntimeError("a handoff without its link")
    return post(handoff.desk, link, draft, at=at)


def _refusal(problem: ProblemError) -> DomainError:
    if problem.code == "out-of-state":
        return DomainError(
            "对方的处理状态已经变化，这一步不能再做。",
            code="linkage.link.out-of-state",
            do_next="请看最新状态后再操作；需要说明情况的，请用“补充情况”。",
        )
    places = "、".join(sorted({fault["path"] for fault in problem.more.get("errors", [])}))
    return DomainError(
        f"有内容不符合联动协议，没有发出（{places}）。",
        code="linkage.message.schema",
        do_next="请先电话联系对方，并请管理员检查登记的内容。",
    )


def add_note(handoff: Handoff, kind: NoteKind, *, actor: Actor, at: datetime, **said: str) -> HandoffNote:
    """Keep the words of a step, sealed. said: `words`, `code` (an enumerated reason or stage), `operator` (their code)."""
    words = said.get("words", "").strip()
    return HandoffNote.objects.create(
        organisation_id=handoff.organisation_id,
        province=handoff.province,
        handoff=handoff,
        case_id=handoff.case_id,
        kind=kind,
        code=said.get("code", ""),
        words_sealed=seal(words, field=selectors.WORDS) if words else None,
        ours=actor.acting_as != "desk",
        account_id=actor.account_id or None,
        operator=said.get("operator", ""),
        at=at,
    )


def move(handoff: Handoff, act: str, **fields: Any) -> bool:
    """Move a handoff if its table allows `act` now; False when it does not, or somebody was faster. Other fields are
    set with it."""
    target = rules.next_state(handoff.state, act)
    if target is None:
        return False
    mine = Handoff.objects.filter(pk=handoff.pk, state=handoff.state)
    if not mine.update(state=target, **fields):
        return False
    for name, value in {"state": target, **fields}.items():
        setattr(handoff, name, value)
    return True


def refuse_move(handoff: Handoff) -> DomainError:
    """What a person is told whose step came too late."""
    return DomainError(
        f"这次流转现在是“{HandoffState(handoff.state).label}”，不能这样操作。",
        code="linkage.handoff.wrong-state",
        do_next="请看最新状态后再操作。",
    )


def told(handoff: Handoff, **more: Any) -> dict[str, Any]:
    """The fields every event of a handoff carries."""
    return {
        "organisation_id": handoff.organisation_id,
        "province": handoff.province,
        "handoff_id": handoff.pk,
        "case_id": handoff.case_id or 0,
        "conversation_id": (handoff.case.conversation_id if handoff.case else None) or 0,
        "partner": selectors.partner_name(handoff.desk),
        **more,
    }


def operator_code(actor: Actor) -> str:
    """How a person of ours is named to the other desk: a code, never a name."""
    return f"12355-{actor.account_id}"


def reply_to(handoff: Handoff) -> str:
    """The message that opened the handoff, as `inReplyTo` names it."""
    return str(UUID(str(handoff.message_id)))
