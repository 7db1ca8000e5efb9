"""What strangers, faulty desks and people on the line try at the door: nothing happens, and the desk stays up."""

import json
import random
import socket
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskwire.client import DeskClient, Peer
from deskwire.envelope import Envelope
from deskwire.errors import NotTrustedError, UnreachableError
from deskwire.limits import Limits
from deskwire.reconcile import catch_up
from deskwire.schema import faults, schema_names, schema_text
from deskwire.sending import Draft
from deskwire.tests.desks import MESSAGES, conversation, handoff_draft, make_pair, note_draft
from deskwire.tests.messages import bodies, json_values, words

pytestmark = pytest.mark.slow
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Every example makes a pair of its own, so that one never meets another's messages.


def code_of(answer):
    assert "signature" in answer.headers
    return json.loads(answer.body).get("code", "")


def nothing_happened(pair):
    return not pair.police.store.content.received and not pair.police.applied()


@OFTEN
@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_malformed(raw):
    pair = make_pair()
    assert code_of(pair.call("POST", MESSAGES, raw)) in {"malformed", "schema"}
    assert nothing_happened(pair)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"seq":' + b"9" * 5000 + b"}",
        b'{"seq":-' + b"1" * 100_000 + b"}",
        b'{"a":' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
        b'\xef\xbb\xbf{"a":1}',
        b'{"\\ud83d":1}',
        b'{"a\\u0000":1}',
        b'{"a":1}{"a":1}',
        b'{"a":1,"\\u0061":2}',
    ],
)
def test_numbers_and_texts_without_end_are_malformed_not_a_fault_of_ours(raw):
    pair = make_pair()
    assert code_of(pair.call("POST", MESSAGES, raw)) == "malformed"


@OFTEN
@given(st.data(), json_values)
def test_a_message_changed_anywhere_is_stored_only_if_it_still_follows_the_schema(data, value):
    pair = make_pair()
    document = json.loads(conversation(handoff_draft())[0].to_bytes())
    part = document
    while True:
        key = data.draw(st.sampled_from(sorted(part)))
        if not isinstance(part[key], dict) or data.draw(st.booleans()):
            break
        part = part[key]
    part[key] = value
    try:
        raw = json.dumps(document).encode()
    except ValueError:
        return
    answer = pair.call("POST", MESSAGES, raw)
    assert answer.status < 500
    if answer.status == 202:
        assert faults(document) == []
    else:
        assert nothing_happened(pair)


@pytest.mark.parametrize(
    "item", [{}, 1, {"role": "OTHER", "under14": None}, {"role": "OTHER", "under14": None, "x": []}]
)
def test_a_list_that_fills_the_request_is_refused_by_its_length_alone(item):
    document = json.loads(conversation(handoff_draft())[0].to_bytes())
    document["body"]["persons"] = [item] * 5_000
    assert [(fault.path, fault.rule) for fault in faults(document)] == [("/body/persons", "maxItems: 20")]


def test_a_list_whose_items_must_differ_is_not_compared_each_with_each():
    (handoff,) = conversation(handoff_draft())
    room = {"uri": "sip:1@desk", "pin": "1234"}
    body = {"purpose": "THREE_WAY_CALL", "room": room, "validUntil": "2026-11-22T05:30:00Z"}
    document = {**handoff.document, "type": "call-invite", "body": {**body, "listenOnly": [{"a": 1}] * 20_000}}
    assert [fault.path for fault in faults(document)] == ["/body/listenOnly"]


def test_a_pattern_holds_to_the_end_in_every_file_of_the_schema():
    (handoff,) = conversation(handoff_draft())
    room = {"uri": "sip:1@desk\n", "pin": "1234\n"}
    body = {"purpose": "THREE_WAY_CALL", "room": room, "validUntil": "2026-11-22T05:30:00Z"}
    found = {fault.path for fault in faults({**handoff.document, "type": "call-invite", "body": body})}
    assert {"/body/room/uri", "/body/room/pin"} <= found


def test_every_list_and_every_text_of_the_schema_has_an_end():
    def endless(part, path):
        if isinstance(part, dict):
            text = part.get("type") == "string" and not part.keys() & {
                "maxLength",
                "enum",
                "const",
                "pattern",
                "format",
            }
            if text or ("items" in part and "maxItems" not in part):
                yield path
            for name, inner in part.items():
                yield from endless(inner, f"{path}/{name}")
        elif isinstance(part, list):
            for inner in part:
                yield from endless(inner, path)

    assert [path for name in schema_names() for path in endless(json.loads(schema_text(name)), name)] == []


@OFTEN
@given(st.data())
def test_a_refusal_never_repeats_what_was_said(data):
    pair = make_pair()
    secret = "小红在三号楼天台"
    document = json.loads(conversation(handoff_draft(summary=secret))[0].to_bytes())
    document["body"][data.draw(st.sampled_from(["persons", "urgency", "callback", "more", "calls"]))] = secret
    answer = pair.call("POST", MESSAGES, json.dumps(document).encode())
    assert answer.status == 422
    assert secret not in answer.body.decode()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z"])
def test_a_moment_that_no_page_could_show_is_refused(moment):
    pair = make_pair()
    document = json.loads(conversation(handoff_draft())[0].to_bytes())
    assert code_of(pair.call("POST", MESSAGES, json.dumps({**document, "replyBy": moment}).encode())) == "schema"


@pytest.mark.parametrize("name", ["\0", "desk-110\n", "DESK-12355", "桌", "x" * 500, "../keys"])
def test_a_desk_with_an_impossible_name_is_unknown(name):
    pair = make_pair()
    assert code_of(pair.call("GET", "/deskwire/v1/health", deskwire_desk=name)) == "desk-unknown"


@OFTEN
@given(st.dictionaries(st.sampled_from(["signature", "signature_input", "content_digest", "deskwire_to"]), words))
def test_whatever_stands_in_the_signature_fields_is_refused_as_such(changes):
    pair = make_pair()
    (handoff,) = conversation(handoff_draft())
    answer = pair.post(handoff, **changes)
    assert answer.status in ({401, 421} if changes else {202})
    assert bool(answer.caller) is (answer.status == 202)


def test_a_refused_request_is_used_up_too():
    pair = make_pair()
    headers = pair.signed("POST", MESSAGES, b"{}", {})
    receive = pair.police.receiver.receive
    assert code_of(receive("POST", MESSAGES, headers, b"{}")) == "schema"
    assert code_of(receive("POST", MESSAGES, headers, b"{}")) == "replayed"


def test_replaying_a_recorded_request_uses_up_nothing_of_its_desk_s_share():
    pair = make_pair(limits=Limits(per_second=0.001, burst=3))
    pulse = pair.signed("GET", "/deskwire/v1/health", b"", {})
    pull = pair.signed("GET", MESSAGES, b"", {})
    for _ in range(20):
        pair.police.receiver.receive("GET", "/deskwire/v1/health", pulse, b"")
        pair.police.receiver.receive("GET", MESSAGES, pull, b"")
    (handoff,) = conversation(handoff_draft())
    assert pair.post(handoff).status == 202


@OFTEN
@given(st.randoms(use_true_random=False))
def test_however_messages_cross_repeat_and_overtake_each_is_applied_once_and_in_order(chance: random.Random):
    pair = make_pair()
    messages = conversation(handoff_draft(), *[note_draft(str(n)) for n in range(6)])
    calls = [message for message in messages for _ in range(chance.randint(1, 3))]
    chance.shuffle(calls)
    for message in calls:
        assert pair.post(message).status == 202
        seqs = [seq for seq, _ in pair.police.applied()]
        assert seqs == list(range(1, len(seqs) + 1))
    assert [seq for seq, _ in pair.police.applied()] == list(range(1, 8))


@pytest.mark.parametrize("type_", ["note", "cancellation", "call-invite"])
@OFTEN
@given(st.data())
def test_whatever_the_schema_allows_can_be_written_sent_and_taken(type_, data):
    pair = make_pair()
    draft = (
        handoff_draft()
        if data.draw(st.booleans())
        else Draft("handoff", data.draw(bodies("handoff")), reply_by=pair.clock())
    )
    for message in conversation(draft, Draft(type_, data.draw(bodies(type_)))):
        assert pair.post(message).status == 202


def test_an_exercise_s_message_is_not_believed_on_a_real_case():
    pair = make_pair()
    handoff, note = conversation(handoff_draft(), note_draft())
    pair.post(handoff)
    assert code_of(pair.post(Envelope({**note.document, "drill": True}))) == "out-of-state"


class Liar:
    """A desk that answers as it likes."""

    def __init__(self, pair, document):
        self.pair, self.document = pair, document
        pair.police.receiver._pull = lambda call: (200, document)

    def client(self):
        return self.pair.client()


@pytest.mark.parametrize(
    "page",
    [
        {"messages": {"a": 1}, "next": "", "more": False},
        {"messages": [], "next": "x" * 5000, "more": True},
        {"messages": [], "next": 5, "more": True},
        {"messages": []},
    ],
)
def test_a_page_of_another_shape_is_not_believed(page):
    pair = make_pair()
    with Liar(pair, page).client() as client, pytest.raises(NotTrustedError):
        client.pull()


def test_wrong_messages_in_a_page_are_passed_over_and_the_good_one_is_kept():
    pair = make_pair()
    (good,) = conversation(handoff_draft(), sender=pair.police.me.party, peer=pair.youth.me.party)
    bad = [1, None, "x", [], {}, {"a": {"b": [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}}, dict(good.document, seq="1\0")]
    page = {"messages": [*bad, dict(good.document)], "next": "", "more": True}
    with Liar(pair, page).client() as client:
        done = catch_up(client, pair.youth.receiver, "desk-110", "")
    assert (done.new, done.refused, done.more) == (1, len(bad), False)
    assert pair.youth.applied() == [(1, "handoff")]


@pytest.fixture
def endless():
    """A server that begins an answer and never ends it, at the pace or volume that the test says."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve(part, pause):
        def run():
            caller, _ = listening.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                while not ended.wait(pause):
                    try:
                        caller.sendall(b"%x\r\n%s\r\n" % (len(part), part))
                    except OSError:
                        return

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    ended.set()
    listening.close()


@pytest.mark.parametrize(("part", "pause"), [(b" ", 0.05), (b" " * 65536, 0.0)])
def test_an_answer_without_end_is_given_up(endless, part, pause, monkeypatch):
    monkeypatch.setattr("deskwire.client.LONGEST_CALL", 0.5)
    pair = make_pair()
    peer = Peer("desk-110", endless(part, pause))
    began = time.monotonic()
    with DeskClient(peer, pair.youth.me, pair.youth.keyring) as client, pytest.raises(UnreachableError):
        client.health()
    assert time.monotonic() - began < 3
