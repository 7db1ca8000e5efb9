"""The receiving desk takes each message once, in order, and says exactly what is wrong with a bad one."""

import json

import pytest

from deskwire.canonical import canonical
from deskwire.envelope import Envelope
from deskwire.keys import Party
from deskwire.keys.files import public_of
from deskwire.limits import Limits
from deskwire.sending import Draft
from deskwire.tests.desks import (
    MESSAGES,
    POLICE,
    YOUTH,
    conversation,
    handoff_body,
    handoff_draft,
    identity,
    make_pair,
    note_draft,
)


@pytest.fixture
def pair():
    return make_pair()


def body_of(response):
    return json.loads(response.body)


def changed(message, **changes):
    return Envelope({**message.document, **changes})


def test_a_message_gets_a_receipt_with_its_digest(pair):
    (handoff,) = conversation(handoff_draft())
    receipt = body_of(pair.post(handoff))
    assert receipt == {
        "messageId": handoff.message_id,
        "digest": handoff.digest,
        "receivedAt": "2026-11-22T05:07:00.000Z",
        "state": "stored",
    }


def test_a_retry_hears_the_original_answer_and_nothing_happens_twice(pair):
    (handoff,) = conversation(handoff_draft())
    first = body_of(pair.post(handoff))
    pair.clock.advance(minutes=3)
    again = body_of(pair.post(handoff))
    assert again == {**first, "state": "duplicate", "originalState": "stored"}
    assert pair.police.applied() == [(1, "handoff")]


def test_the_same_id_with_other_words_is_refused(pair):
    (handoff,) = conversation(handoff_draft())
    pair.post(handoff)
    answer = pair.post(changed(handoff, body=handoff_body(summary="别的内容")))
    assert (answer.status, body_of(answer)["code"]) == (409, "id-conflict")


def test_a_message_ahead_is_held_and_applied_when_the_gap_fills(pair):
    handoff, second, third = conversation(handoff_draft(), note_draft("二"), note_draft("三"))
    assert body_of(pair.post(third))["state"] == "held"
    assert body_of(pair.post(second))["state"] == "held"
    assert pair.police.applied() == []
    assert body_of(pair.post(handoff))["state"] == "stored"
    assert pair.police.applied() == [(1, "handoff"), (2, "note"), (3, "note")]
    assert body_of(pair.post(third)) | {"receivedAt": ""} == {
        "messageId": third.message_id,
        "digest": third.digest,
        "receivedAt": "",
        "state": "duplicate",
        "originalState": "held",
    }


def test_a_seq_is_used_once(pair):
    handoff, note = conversation(handoff_draft(), note_draft())
    pair.post(handoff)
    pair.post(note)
    other = changed(note, messageId="00000000-0000-4000-8000-000000000001")
    assert body_of(pair.post(other))["code"] == "seq-conflict"
    ahead = changed(other, seq=5)
    pair.post(ahead)
    twin = changed(ahead, messageId="00000000-0000-4000-8000-000000000002")
    assert body_of(pair.post(twin))["code"] == "seq-conflict"


def test_a_seq_far_ahead_is_not_hoarded(pair):
    handoff, note = conversation(handoff_draft(), note_draft())
    pair.post(handoff)
    assert body_of(pair.post(changed(note, seq=900)))["code"] == "seq-too-far"


def test_a_schema_fault_is_named_by_path_and_never_repeats_the_value(pair):
    (handoff,) = conversation(handoff_draft())
    item = {**handoff.body["listItem"], "no": "一号机密"}
    answer = pair.post(changed(handoff, body=handoff_body(listItem=item)))
    fault = body_of(answer)["errors"][0]
    assert (answer.status, fault["path"]) == (422, "/body/listItem/no")
    assert fault["schemaPath"].endswith("/properties/no/type")
    assert "一号机密" not in answer.body.decode()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"seq": 0}, "/seq"),
        ({"type": "gossip"}, "/type"),
        ({"schemaVersion": "2.0"}, "/schemaVersion"),
        ({"sentAt": "2026-02-31T00:00:00Z"}, "/sentAt"),
        ({"messageId": "A0000000-0000-4000-8000-000000000001"}, "/messageId"),
        ({"sender": {"desk": "desk-12355", "regionCode": "440100\n"}}, "/sender/regionCode"),
        ({"extra": 1}, ""),
        ({"replyBy": None}, "/replyBy"),
        ({"body": handoff_body(locations=[{"method": "DEVICE", "confidence": "HIGH"}])}, "/body/locations/0"),
        ({"body": handoff_body(surplus=1)}, "/body"),
        ({"body": handoff_body(urgency="URGENT")}, "/body"),
    ],
)
def test_every_fault_names_its_place(pair, change, path):
    (handoff,) = conversation(handoff_draft())
    answer = pair.post(changed(handoff, **change))
    assert answer.status == 422
    assert path in {fault["path"] for fault in body_of(answer)["errors"]}


def test_coordinates_need_their_datum(pair):
    (handoff,) = conversation(handoff_draft())
    place = {
        "method": "DEVICE",
        "confidence": "HIGH",
        "observedAt": "2026-11-22T05:00:00Z",
        "lat": 23.1,
        "lng": 113.3,
    }
    assert pair.post(changed(handoff, body=handoff_body(locations=[place]))).status == 422
    place["datum"] = "GCJ02"
    assert pair.post(changed(handoff, body=handoff_body(locations=[place]))).status == 202


def test_the_sender_is_who_signed_and_the_receiver_is_here(pair):
    (handoff,) = conversation(handoff_draft())
    pretender = changed(handoff, sender={"desk": "desk-12348", "regionCode": "440100"})
    assert body_of(pair.post(pretender))["code"] == "sender-mismatch"
    astray = changed(handoff, receiver={"desk": "desk-120", "regionCode": "440100"})
    assert (pair.post(astray).status, body_of(pair.post(astray))["code"]) == (421, "wrong-receiver")


def test_oversize_media_type_and_broken_json(pair):
    (handoff,) = conversation(handoff_draft())
    assert pair.call("POST", MESSAGES, b"x" * 262_145).status == 413
    assert pair.post(handoff, content_type="text/plain").status == 415
    assert pair.call("POST", MESSAGES, b"{").status == 400
    assert pair.call("DELETE", MESSAGES).status == 405
    assert pair.call("GET", "/deskwire/v1/elsewhere").status == 404


def test_a_message_that_the_state_does_not_allow_is_refused_and_its_seq_stays_free(pair):
    handoff, note = conversation(handoff_draft(), note_draft())
    pair.post(handoff)
    result = Draft("progress", {"stage": "DISPATCHED", "at": "2026-11-22T05:00:00Z", "operator": "440123"})
    wrong = changed(note, type="progress", body=result.body, messageId="00000000-0000-4000-8000-000000000003")
    assert body_of(pair.post(wrong))["code"] == "out-of-state"
    assert pair.post(note).status == 202


def test_a_held_message_that_turns_out_illegal_is_set_aside_and_reported(pair):
    handoff, note, last = conversation(handoff_draft(), note_draft(), note_draft())
    body = {"stage": "DISPATCHED", "at": "2026-11-22T05:00:00Z", "operator": "440123"}
    pair.post(handoff)
    pair.post(changed(last, type="progress", body=body))
    pair.post(note)
    report = body_of(pair.call("GET", f"/deskwire/v1/links/{handoff.link_id}"))
    assert report["fromYou"] == {"lastSeq": 3, "held": [], "refused": [3]}
    assert pair.police.applied() == [(1, "handoff"), (2, "note")]


def test_a_failing_application_leaves_nothing_behind_and_the_retry_works():
    calls = []

    def fail_once(tx, message, link):
        calls.append(message)
        if len(calls) == 1:
            raise RuntimeError("姓名不应出现在日志")

    pair = make_pair(fail_once)
    (handoff,) = conversation(handoff_draft())
    answer = pair.post(handoff)
    assert (answer.status, body_of(answer)["code"]) == (500, "internal")
    assert pair.police.store.content.received == {}
    assert body_of(pair.post(handoff))["state"] == "stored"


def test_what_this_desk_wrote_can_be_pulled_in_order(pair):
    written = conversation(handoff_draft(), note_draft("一"), note_draft("二"), sender=POLICE, peer=YOUTH)
    pair.police.store.content.sent.extend(written)
    first = body_of(pair.call("GET", f"{MESSAGES}?after=&limit=2"))
    rest = body_of(pair.call("GET", f"{MESSAGES}?after={first['next']}&limit=2"))
    assert [m["seq"] for m in first["messages"] + rest["messages"]] == [1, 2, 3]
    assert (first["more"], rest["more"]) == (True, False)
    assert pair.call("GET", f"{MESSAGES}?after=abc").status == 400
    assert pair.call("GET", f"{MESSAGES}?limit=-1").status == 400


def test_a_large_page_is_cut_by_bytes():
    pair = make_pair(limits=Limits(max_page_bytes=100))
    pair.police.store.content.sent.extend(
        conversation(handoff_draft(), note_draft("一"), note_draft("二"), sender=POLICE, peer=YOUTH)
    )
    page = body_of(pair.call("GET", MESSAGES))
    assert (len(page["messages"]), page["more"]) == (1, True)


def test_a_link_is_shown_to_its_own_desks_only(pair):
    (handoff,) = conversation(handoff_draft())
    pair.post(handoff)
    report = body_of(pair.call("GET", f"/deskwire/v1/links/{handoff.link_id}"))
    assert report == {
        "linkId": handoff.link_id,
        "state": "received",
        "fromYou": {"lastSeq": 1, "held": [], "refused": []},
        "toYou": {"lastSeq": 0},
    }
    assert pair.call("GET", "/deskwire/v1/links/00000000-0000-4000-8000-000000000009").status == 404


def test_a_third_desk_can_neither_join_nor_see_a_link():
    pair, third = make_pair(), identity(Party("desk-12345", "440100"))
    pair.police.keyring.add(public_of(third.key))
    handoff, note = conversation(handoff_draft(), note_draft())
    pair.post(handoff)
    intruding = changed(note, sender=third.party.to_wire())
    assert body_of(pair.post(intruding, me=third))["code"] == "not-party"
    assert pair.call("GET", f"/deskwire/v1/links/{handoff.link_id}", me=third).status == 404


def test_health_is_signed_and_says_what_is_spoken(pair):
    answer = pair.call("GET", "/deskwire/v1/health")
    assert body_of(answer)["versions"] == ["1.0"]
    assert answer.headers["signature"].startswith("deskwire=:")


def test_too_many_calls_are_told_when_to_come_back():
    pair = make_pair(limits=Limits(per_second=1, burst=2))
    statuses = [pair.call("GET", "/deskwire/v1/health").status for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert pair.call("GET", "/deskwire/v1/health").headers["retry-after"] == "1"
    pair.clock.advance(seconds=1)
    assert pair.call("GET", "/deskwire/v1/health").status == 200


def test_another_spelling_of_the_same_message_is_the_same_message(pair):
    (handoff,) = conversation(handoff_draft())
    pair.post(handoff)
    spaced = json.dumps(handoff.document, ensure_ascii=True, indent=1).encode()
    assert spaced != canonical(handoff.document)
    assert body_of(pair.call("POST", MESSAGES, spaced))["state"] == "duplicate"
