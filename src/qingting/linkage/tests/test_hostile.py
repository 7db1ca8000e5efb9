"""What a desk, or somebody with its name, may try at the platform's own door."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from django.conf import settings as configured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskwire.envelope import MessageType
from deskwire.keys import Identity, Party, new_key
from deskwire.sending import Draft, new_link, write
from deskwire.signing import Request, sign_request
from deskwire.tests.messages import bodies
from qingting.core import time
from qingting.core.models import Entry
from qingting.linkage import selectors, services, wire
from qingting.linkage.disclosure import in_words
from qingting.linkage.models import Desk, DeskLink, DeskMessage, Handoff
from qingting.linkage.services import lanes, receiving
from qingting.linkage.tests.desks import POLICE
from qingting.linkage.tests.test_door import MESSAGES, post
from qingting.linkage.views.shown import shown

pytestmark = pytest.mark.slow
OFTEN = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def unsigned(**headers):
    return services.answer(
        method="GET", target=MESSAGES, headers=httpx.Headers(headers), body=b"", at=datetime.now(UTC)
    )


def refusals(**wanted):
    return Entry.objects.filter(name="linkage.message-refused", **wanted)


def test_nobody_fills_the_journal_under_another_desk_s_name(police, everything):
    for _ in range(receiving.STRANGERS_KEPT_A_MINUTE + 20):
        unsigned(**{"deskwire-desk": "desk-110"})
    assert refusals().count() <= 2 * receiving.STRANGERS_KEPT_A_MINUTE  # a minute may turn while we knock
    assert not refusals().exclude(organisation_id=0).exists()
    assert post(police, {"not": "a message"}).status == 422
    assert refusals(data__code="schema").exclude(organisation_id=0).exists()


@pytest.mark.parametrize("after", ["99999999999999999999-1", "1-99999999999999999999", "-", "1", "１-1", "x"])
def test_a_cursor_from_elsewhere_is_refused_and_not_a_fault(police, after, everything):
    from deskwire.errors import FinalError

    with pytest.raises(FinalError) as refusal:
        police.to_platform.pull(after)
    assert refusal.value.code == "malformed"


@OFTEN
@given(st.data())
def test_whatever_110_may_hand_over_arrives_and_can_be_shown(police, everything, agent_here, data):
    document = json.loads(police.hands_off().to_bytes()) | {"body": data.draw(bodies("handoff"))}
    link = new_link(wire.own_party())
    draft = Draft(MessageType.HANDOFF, document["body"], reply_by=datetime.now(UTC))
    message, after = write(link, draft, POLICE, datetime.now(UTC))
    police.store.content.save_link(after)
    police.to_platform.send(message)
    handoff = Handoff.objects.get(link_id=message.link_id)
    for type_ in ("note", "call-invite", "cancellation"):
        police.says(message.link_id, type_, data.draw(bodies(type_)))
    handoff.refresh_from_db()
    assert handoff.state == "CANCELLED"
    assert in_words(selectors.body_of(handoff))
    assert shown(agent_here, handoff).said


@OFTEN
@given(st.data())
def test_whatever_110_may_answer_is_taken(police, everything, agent_here, case, data):
    handoff = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=time.now())
    services.send_due(at=time.now())
    link = str(handoff.link_id)
    police.says(link, "acknowledgement", data.draw(bodies("acknowledgement")), in_reply_to=str(handoff.message_id))
    for type_ in ("progress", "result", "result"):
        police.says(link, type_, data.draw(bodies(type_)))
    handoff.refresh_from_db()
    assert handoff.state in {"COMPLETED", "FAILED"}
    assert shown(agent_here, handoff).said


def test_one_desk_s_broken_lane_stops_no_other(police, everything, monkeypatch):
    monkeypatch.undo()
    done = lanes.Lanes("test").each([(1, "bad"), (2, "good")], lambda item: 1 // (item == "good"))
    assert done == 1


def test_a_desk_that_never_ends_its_pages_is_left_after_a_while(police, everything, monkeypatch):
    pages = iter(range(10_000))
    monkeypatch.setattr(
        police.receiver, "_pull", lambda call: (200, {"messages": [], "next": str(next(pages)), "more": True})
    )
    assert services.poll_peer(Desk.objects.get()) == 0
    assert next(pages) <= 25


def forged(police, **how):
    """A handoff as it should be, then spoilt: fields of the message, of the request, or its bytes."""
    document = json.loads(police.hands_off().to_bytes()) | how.get("message", {})
    body = how.get("raw") or json.dumps(document, ensure_ascii=False).encode()
    at = datetime.now(UTC) + how.get("late", timedelta())
    fields = sign_request(Request("POST", MESSAGES, body), how.get("me", police.me), how.get("to", US), at, uuid4().hex)
    headers = {**fields, "content-type": "application/json"} | how.get("headers", {})
    return body, {name: value for name, value in headers.items() if value is not None}


US = configured.DESK_ID
IMPOSTOR = Identity(POLICE, new_key(POLICE.desk, datetime.now(UTC)))
STRANGER = Identity(Party("desk-119", "440106"), IMPOSTOR.key)
FORGERIES = {
    "no signature": ({"headers": {"signature": None}}, 401, "signature-missing"),
    "another's signature": ({"headers": {"signature": "deskwire=:eHh4eA==:"}}, 401, "signature-invalid"),
    "unknown key id": ({"me": IMPOSTOR}, 401, "key-unknown"),
    "unknown desk": ({"me": STRANGER}, 403, "desk-unknown"),
    "another desk's name": ({"headers": {"deskwire-desk": US}}, 403, "desk-unknown"),
    "too old": ({"late": timedelta(minutes=-6)}, 401, "clock-skew"),
    "from the future": ({"late": timedelta(minutes=6)}, 401, "clock-skew"),
    "for another desk": ({"to": "desk-12355-hn"}, 421, "wrong-receiver"),
    "in another's name": (
        {"message": {"sender": {"desk": "desk-119", "regionCode": "440106"}}},
        403,
        "sender-mismatch",
    ),
    "to another": ({"message": {"receiver": {"desk": "desk-119", "regionCode": "440106"}}}, 421, "wrong-receiver"),
    "unknown type": ({"message": {"type": "erase"}}, 422, "schema"),
    "unknown version": ({"message": {"schemaVersion": "9.9"}}, 422, "schema"),
    "a result out of nothing": ({"message": {"type": "note", "body": {"text": "x"}}}, 409, "out-of-state"),
    "oversized": ({"raw": b'{"a":"' + b"x" * 262_144 + b'"}'}, 413, "too-large"),
    "without end": ({"raw": b'{"a":' * 20_000 + b"1" + b"}" * 20_000}, 400, "malformed"),
    "a name twice": ({"raw": b'{"seq":1,"seq":2}'}, 400, "malformed"),
    "NUL": ({"raw": b'{"type":"hand\\u0000off"}'}, 400, "malformed"),
    "lone surrogate": ({"raw": b'{"type":"\\ud800"}'}, 400, "malformed"),
    "huge number": ({"raw": b'{"seq":' + b"9" * 5_000 + b"}"}, 400, "malformed"),
    "NaN": ({"raw": b'{"seq":NaN}'}, 400, "malformed"),
    "wrong content type": ({"headers": {"content-type": "text/plain"}}, 415, "media-type"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_at_the_address_itself_is_refused_changes_nothing_and_is_on_record(police, everything, client, name):
    how, status, code = FORGERIES[name]
    body, headers = forged(police, **how)
    answer = client.generic("POST", MESSAGES, body, content_type=headers.pop("content-type"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not DeskMessage.objects.exists()
    assert not DeskLink.objects.exists()
    assert not Handoff.objects.exists()
    entry = refusals().get()
    assert (entry.data["code"], entry.data["status"]) == (code, status)
    assert "13800138000" not in json.dumps(entry.data) + answer.content.decode()
    honest, headers = forged(police)
    kind = headers.pop("content-type")
    assert client.generic("POST", MESSAGES, honest, content_type=kind, headers=headers).status_code == 202


def test_a_recorded_request_opens_nothing_a_second_time(police, everything, client):
    body, headers = forged(police)
    kind = headers.pop("content-type")
    codes = [client.generic("POST", MESSAGES, body, content_type=kind, headers=headers).status_code for _ in range(3)]
    assert codes == [202, 401, 401]
    assert Handoff.objects.count() == 1
