"""The cases, each one promise of the protocol: a case returns when it is kept and raises when it is not."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from deskwire import BASE_PATH, SCHEMA_VERSION
from deskwire.conformance.caller import (
    MESSAGES,
    Caller,
    CaseError,
    NotObservedError,
    Spoil,
    changed,
    expect,
    must,
    new_id,
)
from deskwire.conformance.hostile import HOSTILE
from deskwire.keys.files import new_key
from deskwire.keys.model import Identity, Party
from deskwire.moments import from_wire, utc_now
from deskwire.schema import faults
from deskwire.signing import SKEW, Request, sign_request

Case = Callable[[Caller], None]


def health(caller: Caller) -> None:
    """The signed heartbeat answers with the desk's id and the versions it speaks."""
    heard = caller.call("GET", f"{BASE_PATH}/health")
    expect(heard, 200)
    must(heard.document.get("desk") == caller.peer.desk, f"desk is {heard.document.get('desk')}")
    must(SCHEMA_VERSION in heard.document.get("versions", []), f"versions lacks {SCHEMA_VERSION}")


def receipt(caller: Caller) -> None:
    """A good message gets 202 and a receipt with its id, digest, time and state."""
    message = caller.handoff()
    heard = caller.post(message)
    expect(heard, 202)
    must(heard.document.get("messageId") == message.message_id, "the receipt names another message")
    must(heard.document.get("digest") == message.digest, f"digest should be {message.digest}")
    must(heard.document.get("state") == "stored", f"state is {heard.document.get('state')}")
    from_wire(str(heard.document.get("receivedAt")))


def idempotent_retry(caller: Caller) -> None:
    """The same message, signed again, hears the original answer as a duplicate."""
    message = caller.handoff()
    first, again = caller.post(message), caller.post(message)
    expect(again, 202)
    must(again.document.get("state") == "duplicate", f"state is {again.document.get('state')}")
    for name in ("messageId", "digest", "receivedAt"):
        must(again.document.get(name) == first.document.get(name), f"{name} differs from the first answer's")


def another_spelling(caller: Caller) -> None:
    """The same message written with other spacing and order is still the same message."""
    message = caller.handoff()
    expect(caller.post(message), 202)
    spaced = _spaced(message.document)
    heard = caller.call("POST", MESSAGES, spaced)
    expect(heard, 202)
    must(heard.document.get("state") == "duplicate", f"state is {heard.document.get('state')}")


def same_id_other_digest(caller: Caller) -> None:
    """The same id with other words is refused with 409 id-conflict."""
    message = caller.handoff()
    expect(caller.post(message), 202)
    other = changed(message, body={**message.body, "summary": "一致性测试：别的内容"})
    expect(caller.post(other), 409, code="id-conflict")


def same_seq_other_message(caller: Caller) -> None:
    """Another message with a seq that was used is refused with 409 seq-conflict."""
    message = caller.handoff()
    expect(caller.post(message), 202)
    note = caller.note(message.link_id)
    expect(caller.post(note), 202)
    expect(caller.post(changed(note, messageId=new_id())), 409, code="seq-conflict")


def seq_ahead(caller: Caller) -> None:
    """A message ahead of its turn is held, never applied early, and applied when the gap fills."""
    first = caller.handoff()
    second, third = caller.note(first.link_id), caller.note(first.link_id)
    expect(caller.post(first), 202)
    ahead = caller.post(third)
    expect(ahead, 202)
    must(ahead.document.get("state") == "held", f"state is {ahead.document.get('state')}, not held")
    before = caller.link_status(first.link_id)["fromYou"]
    must(before["lastSeq"] == 1, f"lastSeq is {before['lastSeq']}: the message was applied early")
    must(before["held"] == [3], f"held is {before['held']}")
    expect(caller.post(second), 202)
    after = caller.link_status(first.link_id)["fromYou"]
    must(after["lastSeq"] == 3, f"lastSeq is {after['lastSeq']} after the gap was filled")
    must(after["held"] == [], f"held is {after['held']} after the gap was filled")


def illegal_step(caller: Caller) -> None:
    """A message that its sender may not write in this state is refused with 409 out-of-state."""
    message = caller.handoff()
    expect(caller.post(message), 202)
    note = caller.note(message.link_id)
    body = {"stage": "OTHER", "at": message.document["sentAt"], "operator": "CONFORMANCE"}
    expect(caller.post(changed(note, type="progress", body=body)), 409, code="out-of-state")
    expect(caller.post(note), 202)


def not_signed(caller: Caller) -> None:
    """A request without a signature is refused with 401."""
    nothing = Spoil(headers={"signature": "", "signature-input": ""})
    expect(caller.post(caller.handoff(), nothing), 401)
    _unseen(caller)


def bad_signature(caller: Caller) -> None:
    """A request with a wrong signature is refused with 401 and leaves nothing behind."""
    wrong = base64.b64encode(secrets.token_bytes(64)).decode("ascii")
    expect(caller.post(caller.handoff(), Spoil(headers={"signature": f"deskwire=:{wrong}:"})), 401)
    _unseen(caller)


def stranger_s_key(caller: Caller) -> None:
    """A good signature by a key that is not this desk's is refused with 401."""
    stranger = Identity(caller.me.party, new_key(caller.me.desk, utc_now()))
    expect(caller.post(caller.handoff(), Spoil(me=stranger)), 401)
    _unseen(caller)


def tampered_body(caller: Caller) -> None:
    """A body that was changed after signing is refused with 401."""
    message = caller.handoff()
    other = changed(message, body={**message.body, "summary": "一致性测试：被改过"})
    expect(caller.post(message, Spoil(sent_body=other.to_bytes())), 401)
    _unseen(caller)


def query_is_signed(caller: Caller) -> None:
    """The query is covered: a signature for one page does not open another."""
    nonce, at = secrets.token_urlsafe(16), utc_now()
    signed = _signature_for(caller, f"{MESSAGES}?limit=1", at, nonce)
    expect(caller.call("GET", f"{MESSAGES}?limit=2", b"", Spoil(headers=signed)), 401)


def replay(caller: Caller) -> None:
    """The very same signed request is refused the second time with 401."""
    message = caller.handoff()
    once = Spoil(nonce=secrets.token_urlsafe(16), at=utc_now())
    expect(caller.post(message, once), 202)
    expect(caller.post(message, once), 401, code="replayed")


def replayed_pull(caller: Caller) -> None:
    """A recorded pull, which would bring personal data, is refused the second time with 401."""
    once = Spoil(nonce=secrets.token_urlsafe(16), at=utc_now())
    expect(caller.call("GET", MESSAGES, b"", once), 200)
    expect(caller.call("GET", MESSAGES, b"", once), 401, code="replayed")


def clock_skew(caller: Caller) -> None:
    """A signature made too long ago or too far ahead is refused with 401."""
    for at in (utc_now() - 2 * SKEW, utc_now() + 2 * SKEW):
        expect(caller.post(caller.handoff(), Spoil(at=at)), 401, code="clock-skew")
    expect(caller.post(caller.handoff(), Spoil(at=utc_now() - SKEW + timedelta(seconds=30))), 202)


def unknown_desk(caller: Caller) -> None:
    """A desk that is not known is refused with 403."""
    party = Party(f"desk-unknown-{secrets.token_hex(3)}", caller.me.party.region_code)
    stranger = Identity(party, new_key(party.desk, utc_now()))
    message = changed(caller.handoff(), sender=party.to_wire())
    expect(caller.post(message, Spoil(me=stranger)), 403, code="desk-unknown")
    _unseen(caller)


def false_sender(caller: Caller) -> None:
    """A message that names another sender than the desk that signed is refused with 403."""
    party = Party("desk-somebody-else", caller.me.party.region_code)
    expect(caller.post(changed(caller.handoff(), sender=party.to_wire())), 403)
    _unseen(caller)


def wrong_receiver(caller: Caller) -> None:
    """A message for another desk is refused with 421 or 403."""
    party = Party("desk-somebody-else", caller.peer.region_code)
    expect(caller.post(changed(caller.handoff(), receiver=party.to_wire())), 421, 403)
    _unseen(caller)


def schema_path(caller: Caller) -> None:
    """A schema fault is refused with 422 and named by the path in the message and in the schema."""
    message = caller.handoff()
    item = {**message.body["listItem"], "no": "first"}
    heard = caller.post(changed(message, body={**message.body, "listItem": item}))
    expect(heard, 422, code="schema")
    errors = [error for error in heard.document.get("errors", []) if isinstance(error, dict)]
    must(any(error.get("path") == "/body/listItem/no" for error in errors), "no error names /body/listItem/no")
    must(all(error.get("schemaPath") for error in errors), "an error has no schemaPath")
    _unseen(caller)


def unknown_field(caller: Caller) -> None:
    """A field that the schema does not have is refused with 422: nothing travels unseen."""
    message = caller.handoff()
    expect(caller.post(changed(message, body={**message.body, "diary": "x"})), 422, code="schema")
    _unseen(caller)


def broken_json(caller: Caller) -> None:
    """What is not one JSON object, or names a field twice, is refused with 400."""
    for raw in (b"{", b"[]", b'{"a":1,"a":2}'):
        expect(caller.call("POST", MESSAGES, raw), 400, code="malformed")


def oversize(caller: Caller) -> None:
    """A body larger than the desk's limit is refused with 413."""
    most = int(caller.call("GET", f"{BASE_PATH}/health").document.get("maxBytes", 262_144))
    expect(caller.call("POST", MESSAGES, b'{"a":"' + b"x" * most + b'"}'), 413)


def problem_shape(caller: Caller) -> None:
    """A refusal is problem+json (RFC 9457) with type, title, status and code."""
    heard = caller.call("GET", f"{BASE_PATH}/links/{new_id()}")
    expect(heard, 404)
    kind = heard.headers.get("content-type", "")
    must(kind.startswith("application/problem+json"), f"content-type is {kind}")
    for name in ("type", "title", "status", "code"):
        must(name in heard.document, f"the problem has no {name}")


def pull_in_order(caller: Caller) -> None:
    """What the desk has for the caller comes page by page, valid, and in order per link."""
    seen: dict[str, int] = {}
    for message in pulled(caller, limit=2):
        must(not faults(message), "a pulled message does not follow its schema")
        must(message["receiver"]["desk"] == caller.me.desk, "a pulled message is for another desk")
        link_id, seq = message["linkId"], message["seq"]
        must(link_id not in seen or seq == seen[link_id] + 1, f"seq {seq} follows {seen.get(link_id)}")
        seen[link_id] = seq
    if not seen:
        raise NotObservedError("the desk has written nothing for this caller yet")


def acknowledgement(caller: Caller, seconds: float) -> None:
    """A person (or a machine, for drills) acknowledges a handoff: the business answer can be pulled."""
    if seconds <= 0:
        raise NotObservedError("not asked for; use --reply-timeout")
    message = caller.handoff()
    expect(caller.post(message), 202)
    caller.forget(message.link_id)
    until = utc_now() + timedelta(seconds=seconds)
    while utc_now() < until:
        answers = [m for m in pulled(caller) if m["linkId"] == message.link_id]
        if answers:
            first = answers[0]
            must(first["type"] in {"acknowledgement", "rejection"}, f"the first answer is {first['type']}")
            must(first.get("inReplyTo") == message.message_id, "it does not name the handoff in inReplyTo")
            return
        caller.wait(0.25)
    raise CaseError(f"no business acknowledgement within {seconds:g} s")


CASES: Mapping[str, Case] = {
    case.__name__.replace("_", "-"): case
    for case in (
        health, receipt, idempotent_retry, another_spelling, same_id_other_digest, same_seq_other_message,
        seq_ahead, illegal_step, not_signed, bad_signature, stranger_s_key, tampered_body, query_is_signed,
        replay, replayed_pull, clock_skew, unknown_desk, false_sender, wrong_receiver, schema_path,
        unknown_field, broken_json, oversize, problem_shape, *HOSTILE,
    )
}  # fmt: skip
"""Cases by name, in the order they run; `acknowledgement` and `pull-in-order` come after them."""


def pulled(caller: Caller, limit: int = 100) -> Iterator[dict[str, Any]]:
    """Pull everything the desk has for the caller."""
    after = ""
    while True:
        heard = caller.call("GET", f"{MESSAGES}?{urlencode({'after': after, 'limit': limit})}")
        expect(heard, 200)
        messages = heard.document.get("messages", [])
        must(len(messages) <= limit, f"{len(messages)} messages came where {limit} were asked for")
        yield from messages
        following = str(heard.document.get("next", ""))
        if not heard.document.get("more"):
            return
        must(following != after, "more is true but the cursor does not move")
        after = following


def _unseen(caller: Caller) -> None:
    # What was refused must have left nothing behind: the link is unknown to the desk.
    link_id = list(caller.links)[-1]
    caller.forget(link_id)
    heard = caller.call("GET", f"{BASE_PATH}/links/{link_id}")
    must(heard.status == 404, "the refused message left a link behind")


def _signature_for(caller: Caller, target: str, at: datetime, nonce: str) -> dict[str, str]:
    return sign_request(Request("GET", target, b""), caller.me, caller.peer.desk, at, nonce)


def _spaced(document: Mapping[str, Any]) -> bytes:
    backwards = dict(reversed(list(document.items())))
    return json.dumps(backwards, ensure_ascii=True, indent=2).encode("ascii")
