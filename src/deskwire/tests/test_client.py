"""The calling desk gets proof, or learns whether to wait or to ask a person."""

import httpx
import pytest

from deskwire.envelope import Envelope
from deskwire.errors import BusyError, FinalError, NotTrustedError, UnreachableError
from deskwire.intake import ReceiptState
from deskwire.keys import StaticKeyring
from deskwire.limits import Limits
from deskwire.reconcile import catch_up
from deskwire.tests.desks import (
    POLICE,
    YOUTH,
    conversation,
    handoff_body,
    handoff_draft,
    make_pair,
    note_draft,
)


@pytest.fixture
def pair():
    return make_pair()


def answering(status, **more):
    return httpx.MockTransport(lambda _: httpx.Response(status, **more))


def test_a_receipt_is_typed_and_proven(pair):
    (handoff,) = conversation(handoff_draft())
    with pair.client() as client:
        assert client.send(handoff).state is ReceiptState.STORED
        again = client.send(handoff)
    assert (again.state, again.original_state) == (ReceiptState.DUPLICATE, ReceiptState.STORED)


def test_health_link_and_pull(pair):
    (handoff,) = conversation(handoff_draft())
    with pair.client() as client:
        client.send(handoff)
        assert client.health().desk == "desk-110"
        report = client.link(handoff.link_id)
        assert (report.state, report.applied, report.written) == ("received", 1, 0)
        assert client.pull().messages == []


def test_a_final_refusal_names_the_faults(pair):
    (handoff,) = conversation(handoff_draft())
    wrong = Envelope({**handoff.document, "body": handoff_body(summary="")})
    with pair.client() as client, pytest.raises(FinalError) as refusal:
        client.send(wrong)
    assert (refusal.value.code, refusal.value.errors[0]["path"]) == ("schema", "/body/summary")


def test_a_refusal_that_the_other_desk_did_not_sign_is_not_final(pair):
    (handoff,) = conversation(handoff_draft())
    for status in (202, 403, 404, 413, 422):
        client = pair.client(answering(status, json={"code": "schema"}))
        with pytest.raises(NotTrustedError):
            client.send(handoff)


def test_a_desk_whose_key_is_not_known_yet_is_waited_for(pair):
    (handoff,) = conversation(handoff_draft())
    pair.police.keyring._keys.clear()
    with pair.client() as client, pytest.raises(NotTrustedError) as refusal:
        client.send(handoff)
    assert (refusal.value.code, refusal.value.status) == ("desk-unknown", 403)
    pair.youth.keyring = StaticKeyring()
    with pair.client() as client, pytest.raises(NotTrustedError):
        client.health()


def test_a_dead_line_is_transient(pair):
    def refuse(request):
        raise httpx.ConnectError("refused")

    with pair.client(httpx.MockTransport(refuse)) as client, pytest.raises(UnreachableError):
        client.health()


def test_retry_after_is_honoured_before_the_network_is_touched():
    pair = make_pair(limits=Limits(per_second=0.1, burst=1))
    calls = []
    inner = pair.police.transport()

    def count(request):
        calls.append(request)
        return inner.handle_request(request)

    with pair.client(httpx.MockTransport(count)) as client:
        client.health()
        with pytest.raises(BusyError) as busy:
            client.health()
        assert busy.value.retry_after == 10
        with pytest.raises(BusyError):
            client.health()
        assert len(calls) == 2
        pair.clock.advance(seconds=10)
        client.health()


def test_a_proxy_s_503_is_waited_for_and_an_absurd_wait_is_cut(pair):
    with (
        pair.client(answering(503, headers={"retry-after": "86400"})) as client,
        pytest.raises(BusyError) as busy,
    ):
        client.health()
    assert busy.value.retry_after == 120


def test_an_answer_for_another_request_is_not_believed(pair):
    kept = []
    inner = pair.police.transport()

    def replay(request):
        kept.append(inner.handle_request(request))
        return kept[0]

    with pair.client(httpx.MockTransport(replay)) as client:
        client.health()
        with pytest.raises(NotTrustedError):
            client.health()


def test_the_poller_brings_what_the_other_desk_could_not_deliver(pair):
    written = conversation(handoff_draft(), note_draft("一"), note_draft("二"), sender=POLICE, peer=YOUTH)
    pair.police.store.content.sent.extend(written)
    with pair.client() as client:
        first = catch_up(client, pair.youth.receiver, "desk-110", "", limit=2)
        assert (first.new, first.more) == (2, True)
        second = catch_up(client, pair.youth.receiver, "desk-110", first.cursor)
        again = catch_up(client, pair.youth.receiver, "desk-110", "")
    assert (second.new, second.more, again.new) == (1, False, 0)
    assert [seq for seq, _ in pair.youth.applied()] == [1, 2, 3]


def test_a_pulled_message_that_is_wrong_does_not_stop_the_others(pair):
    bad = conversation(handoff_draft(), sender=POLICE, peer=POLICE)
    good = conversation(handoff_draft(), sender=POLICE, peer=YOUTH)
    content = pair.police.store.content
    content.outgoing = lambda receiver, after, limit: type(content).outgoing(content, receiver, after, limit)
    content.sent.extend(good)
    stray = Envelope({**bad[0].document, "receiver": YOUTH.to_wire(), "seq": 0})
    content.sent.insert(0, stray)
    with pair.client() as client:
        round_ = catch_up(client, pair.youth.receiver, "desk-110", "")
    assert (round_.new, round_.refused) == (1, 1)
