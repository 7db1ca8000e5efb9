"""A desk believes only what the other desk really said, to it, now."""

import json
from datetime import timedelta

import pytest

from deskwire.keys import StaticKeyring
from deskwire.keys.files import public_of
from deskwire.keys.model import PublicKey
from deskwire.problems import ProblemError
from deskwire.signing import Answer, Request, sign_answer, sign_request, verify_answer, verify_request
from deskwire.tests.desks import (
    MESSAGES,
    NOW,
    POLICE,
    YOUTH,
    conversation,
    handoff_draft,
    identity,
    make_pair,
)


@pytest.fixture
def pair():
    return make_pair()


@pytest.fixture
def handoff():
    return conversation(handoff_draft())[0]


def code_of(response):
    return response.status, json.loads(response.body)["code"]


def test_a_good_signature_is_accepted(pair, handoff):
    assert pair.post(handoff).status == 202


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"signature": "deskwire=:" + "A" * 86 + "==:"}, (401, "signature-invalid")),
        ({"signature": "other=:AAAA:"}, (401, "signature-malformed")),
        ({"signature_input": "deskwire=()"}, (401, "signature-malformed")),
        ({"signature": "", "signature_input": ""}, (401, "signature-malformed")),
        ({"content_digest": "sha-256=:AAAA:"}, (401, "digest-mismatch")),
        ({"sent_body": b"{}"}, (401, "digest-mismatch")),
        ({"deskwire_to": "desk-999"}, (421, "wrong-receiver")),
        ({"deskwire_desk": "desk-999"}, (403, "desk-unknown")),
        ({"to": "desk-999"}, (421, "wrong-receiver")),
        ({"at": NOW - timedelta(seconds=301)}, (401, "clock-skew")),
        ({"at": NOW + timedelta(seconds=301)}, (401, "clock-skew")),
    ],
)
def test_what_was_not_signed_like_this_is_refused(pair, handoff, changes, expected):
    assert code_of(pair.post(handoff, **changes)) == expected
    assert pair.police.applied() == []


def test_the_method_path_and_query_are_covered(pair):
    headers = pair.signed("GET", f"{MESSAGES}?after=1", b"", {})
    for method, target in (
        ("GET", f"{MESSAGES}?after=0"),
        ("GET", "/deskwire/v1/health"),
        ("POST", MESSAGES),
    ):
        answer = pair.police.receiver.receive(method, target, headers, b"")
        assert answer.status == 401


def test_a_key_of_another_desk_is_no_key_of_this_one(pair, handoff):
    stranger = identity(POLICE)
    pair.police.keyring.add(public_of(stranger.key))
    headers = pair.signed("POST", MESSAGES, handoff.to_bytes(), {"me": stranger})
    headers["deskwire-desk"] = YOUTH.desk
    answer = pair.police.receiver.receive("POST", MESSAGES, headers, handoff.to_bytes())
    assert code_of(answer) == (401, "key-unknown")


def test_a_signature_that_covers_too_little_is_refused(pair):
    headers = pair.signed("GET", "/deskwire/v1/health", b"", {})
    headers["signature-input"] = headers["signature-input"].replace('"@query" ', "")
    answer = pair.police.receiver.receive("GET", "/deskwire/v1/health", headers, b"")
    assert code_of(answer) == (401, "signature-malformed")


def test_the_same_signed_request_works_once(pair, handoff):
    first = pair.post(handoff, nonce="n-1")
    again = pair.post(handoff, nonce="n-1")
    assert (first.status, *code_of(again)) == (202, 401, "replayed")
    assert pair.post(handoff, nonce="n-2").status == 202


def test_while_keys_change_both_are_good_and_later_only_the_new_one():
    old, new = identity(YOUTH), identity(YOUTH)
    ends = NOW + timedelta(days=7)
    ring = StaticKeyring(
        [PublicKey(YOUTH.desk, old.key.key_id, "ed25519", old.key.public, None, ends), public_of(new.key)]
    )
    request = Request("GET", "/deskwire/v1/health", b"")

    def verify(me, at):
        headers = sign_request(request, me, "desk-110", at, "n")
        return verify_request(request, headers, "desk-110", ring, at).key_id

    assert verify(old, NOW) == old.key.key_id
    assert verify(new, NOW) == new.key.key_id
    assert verify(new, ends) == new.key.key_id
    with pytest.raises(ProblemError, match="key-unknown"):
        verify(old, ends)


def test_the_algorithm_comes_from_the_key_not_from_the_request():
    me = identity(YOUTH)
    ring = StaticKeyring([PublicKey(YOUTH.desk, me.key.key_id, "sm2-sm3", me.key.public)])
    request = Request("GET", "/deskwire/v1/health", b"")
    headers = sign_request(request, me, "desk-110", NOW, "n")
    with pytest.raises(ProblemError, match="algorithm-unsupported"):
        verify_request(request, headers, "desk-110", ring, NOW)


def test_an_answer_counts_only_for_its_own_request():
    police = identity(POLICE)
    ring = StaticKeyring([public_of(police.key)])
    headers = sign_answer(202, b"{}", "deskwire=:cmVxdWVzdA==:", police, NOW, "n")
    verify_answer(Answer(202, headers, b"{}"), "deskwire=:cmVxdWVzdA==:", POLICE.desk, ring, NOW)
    for answer, request in (
        (Answer(202, headers, b"{}"), "deskwire=:b3RoZXI=:"),
        (Answer(200, headers, b"{}"), "deskwire=:cmVxdWVzdA==:"),
        (Answer(202, headers, b"[]"), "deskwire=:cmVxdWVzdA==:"),
        (Answer(202, {}, b"{}"), "deskwire=:cmVxdWVzdA==:"),
    ):
        with pytest.raises(ProblemError):
            verify_answer(answer, request, POLICE.desk, ring, NOW)
