"""Messages that are forged, wrong or replayed do nothing, and are written down without what they say."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from deskwire.errors import FinalError, NotTrustedError
from deskwire.keys import Identity, new_key
from deskwire.signing import Request, sign_request
from qingting.core.models import Entry
from qingting.linkage import services, wire
from qingting.linkage.models import DeskMessage, Handoff
from qingting.linkage.tests.desks import POLICE

MESSAGES = "/deskwire/v1/messages"


def post(police, document, **changes):
    """Sign and send whatever a test made up."""
    body = json.dumps(document, ensure_ascii=False).encode()
    me = changes.get("me", police.me)
    at = changes.get("at", datetime.now(UTC))
    fields = sign_request(Request("POST", MESSAGES, body), me, wire.identity().desk, at, "n-0123456789")
    fields["content-type"] = "application/json"
    sent = changes.get("sent", body)
    return services.answer(
        method="POST", target=MESSAGES, headers=httpx.Headers(fields), body=sent, at=datetime.now(UTC)
    )


def refused():
    return Entry.objects.get(name="linkage.message-refused")


def untouched():
    return DeskMessage.objects.count() == 0 and Handoff.objects.count() == 0


def test_a_forged_signature_is_refused(police, everything):
    impostor = Identity(POLICE, new_key(POLICE.desk, datetime.now(UTC)))
    answer = post(police, dict(police.hands_off().document), me=impostor)
    assert answer.status == 401
    assert untouched()
    assert refused().data["code"] == "key-unknown"


def test_a_changed_body_is_refused(police, everything):
    document = dict(police.hands_off().document)
    answer = post(police, document, sent=json.dumps({**document, "seq": 2}).encode())
    assert answer.status == 401
    assert untouched()


def test_an_unknown_desk_is_refused(tree, at, everything):
    from qingting.linkage.tests.desks import PoliceDesk

    answer = post(PoliceDesk(), {"hello": 1})
    assert answer.status == 403
    assert refused().organisation_id == 0


def test_a_wrong_schema_is_refused_with_its_place_and_journalled_without_content(police, everything):
    document = json.loads(police.hands_off().to_bytes())
    document["body"]["persons"][0]["under14"] = "小红今年十三岁"
    answer = post(police, document)
    assert answer.status == 422
    assert json.loads(answer.body)["errors"][0]["path"] == "/body/persons/0/under14"
    assert untouched()
    entry = refused()
    assert "/body/persons/0/under14" in entry.data["places"]
    assert "小红" not in json.dumps(entry.data, ensure_ascii=False)
    assert "小红" not in answer.body.decode()


def test_an_old_signature_is_refused(police, everything):
    late = datetime.now(UTC) - timedelta(minutes=20)
    assert post(police, dict(police.hands_off().document), at=late).status == 401
    assert untouched()


def test_a_replayed_request_is_refused(police, everything):
    document = dict(police.hands_off().document)
    assert post(police, document).status == 202
    assert post(police, document).status == 401
    assert Handoff.objects.count() == 1


def test_a_message_on_somebody_elses_link_is_refused(police, tree, at, everything):
    from qingting.core.actors import SYSTEM
    from qingting.linkage.services import NewDesk
    from qingting.linkage.tests.desks import PoliceDesk

    message = police.hands_off()
    police.to_platform.send(message)
    from deskwire.keys import Party

    other = Party("desk-other", "450000")
    stranger = PoliceDesk(me=Identity(other, new_key(other.desk, datetime.now(UTC))))
    services.register_desk(
        actor=SYSTEM,
        desk=NewDesk(
            code=other.desk,
            station=tree.elsewhere_station,
            partner=tree.police,
            url="https://other",
            phone="110",
            keys=(stranger.public_entry(),),
        ),
        at=at,
    )
    document = json.loads(message.to_bytes()) | {
        "seq": 2,
        "sender": other.to_wire(),
        "messageId": "0" * 8 + message.message_id[8:],
    }
    assert post(stranger, document).status == 403
    assert Handoff.objects.count() == 1


def test_the_wrong_answers_of_a_desk_are_not_believed(police, agent_here, case, at, everything, monkeypatch):
    monkeypatch.setattr(police, "me", Identity(POLICE, new_key(POLICE.desk, datetime.now(UTC))))
    police.receiver._me = police.me
    services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    assert services.send_due(at=at) == 0
    row = DeskMessage.objects.get()
    assert (row.state, row.error) == ("WAITING", "untrusted")


@pytest.mark.parametrize("target", ["/deskwire/v1/nowhere", "/deskwire/v1/links/not-a-uuid"])
def test_unknown_addresses_are_answered_signed(police, target, everything):
    with pytest.raises((FinalError, NotTrustedError)) as refusal:
        police.to_platform._call("GET", target)
    assert refusal.value.status == 404
