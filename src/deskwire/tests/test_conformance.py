"""The conformance test passes a right desk, and names the case in which a wrong desk is wrong."""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from deskwire import intake, receiver, signing
from deskwire.conformance.__main__ import main
from deskwire.conformance.caller import Caller
from deskwire.conformance.report import as_json, in_words, run
from deskwire.envelope import MessageType
from deskwire.keys import Identity, new_key, write_pair
from deskwire.keys.files import public_of
from deskwire.lifecycle import Link
from deskwire.limits import Limits
from deskwire.memory import MemoryTransaction
from deskwire.moments import utc_now
from deskwire.receiver import Receiver, Response
from deskwire.sending import Draft, write
from deskwire.signing import Request, sign_request
from deskwire.tests.desks import POLICE, YOUTH, Desk

pytestmark = pytest.mark.slow

Change = Callable[[Response], Response]


def acknowledge(tx, message, link):
    """Answer every drill at once, as a desk that acknowledges by machine."""
    if message.type is MessageType.HANDOFF:
        body = {"operator": "AUTO", "incidentNo": f"440106{secrets.randbelow(10**8):08d}"}
        draft = Draft(MessageType.ACKNOWLEDGEMENT, body, in_reply_to=message.message_id)
        answer, after = write(link, draft, POLICE, utc_now())
        tx.save_link(after)
        tx.sent.append(answer)


class Bench:
    """A desk under test and the caller that tests it, without a network."""

    def __init__(self, limits: Limits | None = None) -> None:
        now = utc_now()
        me = Identity(YOUTH, new_key(YOUTH.desk, now))
        police = Identity(POLICE, new_key(POLICE.desk, now))
        self.desk = Desk(police, on_apply=acknowledge)
        self.desk.receiver = Receiver(self.desk.store, self.desk.keyring, police, utc_now, limits)
        self.desk.keyring.add(public_of(me.key))
        self.desk.keyring.add(public_of(police.key))
        self.me = me
        self.change_answer: Change = lambda answer: answer
        self.change_headers: Callable[[httpx.Request, dict[str, str]], dict[str, str]] = lambda _, h: h
        http = httpx.Client(base_url="http://desk.test", transport=httpx.MockTransport(self._answer))
        self.caller = Caller(http, me, POLICE, self.desk.keyring, wait=lambda seconds: None)

    def failures(self, **how) -> set[str]:
        return {item.case for item in run(self.caller, **how) if item.outcome == "failed"}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        headers = self.change_headers(request, dict(request.headers))
        got = self.change_answer(self.desk.receiver.receive(request.method, target, headers, request.content))
        return httpx.Response(got.status, headers=got.headers, content=got.body)


@pytest.fixture
def bench():
    return Bench()


def test_the_reference_receiver_keeps_every_promise(bench):
    outcomes = run(bench.caller, reply_timeout=1)
    assert [(item.case, item.detail) for item in outcomes if item.outcome != "passed"] == []
    assert "failed" not in in_words(outcomes, "desk-110").splitlines()[-1].replace("0 failed", "")
    assert json.loads(as_json(outcomes, "desk-110"))["conforms"] is True


def test_the_test_tidies_up_after_itself(bench):
    run(bench.caller)
    states = [str(link.state) for link in bench.desk.store.content.links.values()]
    assert states.count("cancelled") >= len(states) - 2


def test_an_acknowledgement_that_does_not_come_fails_only_when_asked_for(bench):
    bench.desk.store.content._on_apply = None
    assert bench.failures() == set()
    assert bench.failures(reply_timeout=0.01, only=["acknowledgement"]) == {"acknowledgement"}


# --- wrong desks, each wrong in one way


def trusts_anyone(bench, monkeypatch):
    def signed_for_them(request, headers):
        target = request.url.raw_path.decode()
        asked = Request(request.method, target, request.content)
        return headers | sign_request(asked, bench.me, POLICE.desk, utc_now(), secrets.token_hex(8))

    bench.change_headers = signed_for_them


def forgets_nonces(bench, monkeypatch):
    monkeypatch.setattr(MemoryTransaction, "use_nonce", lambda *_: True)


def forgets_messages(bench, monkeypatch):
    monkeypatch.setattr(MemoryTransaction, "find_message", lambda *_: None)


def believes_any_second_version(bench, monkeypatch):
    again = intake._again
    monkeypatch.setattr(intake, "_again", lambda known, message: again(replace(known, digest=message.digest), message))


def applies_early(bench, monkeypatch):
    def eager(tx, message, at, max_ahead):
        link = tx.find_link(message.link_id) or Link(message.link_id, message.sender)
        tx.save_link(replace(link, last_received=max(link.last_received, message.seq - 1)))
        return intake.take(tx, message, at, max_ahead)

    monkeypatch.setattr(receiver, "take", eager)


def has_no_sense_of_time(bench, monkeypatch):
    monkeypatch.setattr(signing, "SKEW", signing.SKEW * 100)


def takes_everything_in(bench, monkeypatch):
    monkeypatch.setattr(receiver, "check_schema", lambda document: None)


def takes_any_size(bench, monkeypatch):
    bench.desk.receiver._limits = Limits(max_bytes=10_000_000)
    _rewrite(bench, lambda document: document | ({"maxBytes": 1000} if "maxBytes" in document else {}))


def hides_the_path(bench, monkeypatch):
    _rewrite(bench, lambda document: {k: v for k, v in document.items() if k != "errors"})


def knows_every_desk(bench, monkeypatch):
    bench.desk.keyring.knows = lambda desk: True


def does_not_sign_answers(bench, monkeypatch):
    def bare(answer):
        return Response(answer.status, {"content-type": answer.headers["content-type"]}, answer.body)

    bench.change_answer = bare


def answers_in_html(bench, monkeypatch):
    def html(answer):
        if answer.status < 400:
            return answer
        return Response(answer.status, {**answer.headers, "content-type": "text/html"}, b"<p>no</p>")

    bench.change_answer = html


def gives_pages_backwards(bench, monkeypatch):
    forward = MemoryTransaction.outgoing
    monkeypatch.setattr(MemoryTransaction, "outgoing", lambda *asked: list(forward(*asked))[::-1])


def takes_post_for_others(bench, monkeypatch):
    def astray(self, document, sender):
        receiver.check_schema(document)
        return receiver.Envelope(document)

    monkeypatch.setattr(receiver.Receiver, "_checked", astray)


def allows_every_step(bench, monkeypatch):
    monkeypatch.setattr("deskwire.lifecycle._may_receive", lambda link, type_: True)


def _rewrite(bench, change):
    def rewritten(answer):
        body = json.dumps(change(json.loads(answer.body))).encode()
        return Response(answer.status, answer.headers, body)

    bench.change_answer = rewritten
    bench.caller.keyring = None


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (trusts_anyone, {"bad-signature", "not-signed", "tampered-body", "replay", "unknown-desk", "clock-skew"}),
        (forgets_nonces, {"replay", "replayed-pull"}),
        (forgets_messages, {"idempotent-retry", "another-spelling", "same-id-other-digest"}),
        (believes_any_second_version, {"same-id-other-digest"}),
        (applies_early, {"seq-ahead"}),
        (has_no_sense_of_time, {"clock-skew"}),
        (takes_everything_in, {"schema-path", "unknown-field"}),
        (takes_any_size, {"oversize"}),
        (hides_the_path, {"schema-path"}),
        (knows_every_desk, {"unknown-desk"}),
        (does_not_sign_answers, {"receipt", "health"}),
        (answers_in_html, {"problem-shape", "same-id-other-digest"}),
        (takes_post_for_others, {"wrong-receiver", "false-sender"}),
        (allows_every_step, {"illegal-step"}),
        (gives_pages_backwards, {"pull-in-order"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_wrong_desk_is_named(bench, monkeypatch, wrong, expected):
    if wrong is gives_pages_backwards:
        run(bench.caller, only=["receipt", "seq-ahead", "replay"])
        _let_one_link_have_two_answers(bench)
    wrong(bench, monkeypatch)
    assert expected <= bench.failures()


def _let_one_link_have_two_answers(bench):
    with bench.desk.store.transaction(None) as tx:
        link = next(link for link in tx.links.values() if link.last_sent == 1)
        note, after = write(link, Draft(MessageType.NOTE, {"text": "二"}), POLICE, utc_now())
        tx.save_link(after)
        tx.sent.append(note)


def test_a_dead_desk_fails_every_case(tmp_path, capsys):
    private, _ = write_pair(new_key("desk-12355", utc_now()), tmp_path, utc_now())
    assert main(["--url", "http://127.0.0.1:1", "--key", str(private), "--json", "--only", "health"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["conforms"] is False
    assert report["cases"][0]["case"] == "health"
    assert main(["--url", "http://127.0.0.1:1", "--key", str(tmp_path / "none")]) == 2
