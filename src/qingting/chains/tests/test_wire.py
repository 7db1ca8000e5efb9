"""Between houses: what leaves, what is taken in, and what is refused with nothing left behind."""

import base64
import json
import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from deskwire.envelope import MessageType
from deskwire.errors import FinalError
from deskwire.keys import Identity, Party, new_key
from deskwire.sending import Draft, new_link, write
from deskwire.signing import Request, sign_request
from qingting.chains import selectors, services
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.tests.conftest import asked, do, files
from qingting.core import time
from qingting.core.models import Entry as JournalEntry
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import wire
from qingting.linkage.models import DeskMessage
from qingting.linkage.services import NewDesk, answer, receiving, register_desk, shared_link_id, waking
from qingting.linkage.services.sending import _Claimed, _note_refusal
from qingting.linkage.store import envelope_of
from qingting.staff.models import Notice

TARGET = "/deskwire/v1/messages"
FACTS = {
    "urgency": "CRITICAL",
    "summary": "有人要跳",
    "disclosureBasis": {"code": "LIFE_AT_STAKE"},
    "retainUntil": "2027-11-22",
    "persons": [{"role": "HELP_SEEKER", "under14": False, "phone": "13912345678"}],
}


@pytest.fixture(autouse=True)
def fresh_wire(monkeypatch):
    wire.forget()
    receiving.receiver.cache_clear()
    monkeypatch.setattr(waking, "send_now", lambda: None)
    yield
    wire.forget()
    receiving.receiver.cache_clear()


class OtherHouse:
    """Another installation with a key of its own; `regions`: whose parties work in it, as it was registered."""

    def __init__(self, tree, regions, at, code="desk-12355-gx"):
        self.me = Identity(Party(code, "450000"), new_key(code, time.now()))
        self.links = {}
        entry = {
            "keyId": self.me.key.key_id,
            "alg": self.me.key.alg,
            "publicKey": base64.b64encode(self.me.key.public).decode(),
        }
        new = NewDesk(
            code=code,
            station=tree.station,
            partner=tree.elsewhere,
            phone="12355",
            url="https://gx.example",
            keys=(entry,),
            regions=regions,
        )
        with acting(EVERYTHING), transaction.atomic():
            self.desk = register_desk(desk=new, at=at)

    def says(self, body, *, drill=False):
        """Tell this house; returns status and code."""
        link = self.links.get(body["chainId"]) or new_link(
            wire.own_party(), str(shared_link_id(uuid.UUID(body["chainId"]), self.desk))
        )
        message, after = write(link, Draft(MessageType.CHAIN, body, drill=drill), self.me.party, time.now())
        raw = message.to_bytes()
        headers = sign_request(
            Request("POST", TARGET, raw), self.me, wire.own_party().desk, time.now(), uuid.uuid4().hex
        )
        got = answer(
            method="POST",
            target=TARGET,
            headers=headers | {"content-type": "application/json"},
            body=raw,
            at=time.now(),
        )
        if got.status == 202:
            self.links[body["chainId"]] = after
        return got.status, json.loads(got.body).get("code", "")

    def heard(self):
        """The bodies of what waits for it, in order."""
        return [message.body for message in self.messages()]

    def messages(self):
        """What waits for it, in order."""
        with acting(EVERYTHING), transaction.atomic():
            rows = DeskMessage.objects.filter(desk=self.desk, way="OUT").order_by("seq")
            return [envelope_of(row.document_sealed) for row in rows]


def told(chain_id="", **changes):
    """What Guangxi's house tells of a chain from Guangxi to Guangdong."""
    now = time.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry = {"author": "ORIGIN", "number": 1, "act": "RAISE", "at": now, "operator": "12355-1", "text": "有人要跳"}
    return {
        "chainId": chain_id or str(uuid.uuid4()),
        "number": "KS20261122-45-0001",
        "urgency": "CRITICAL",
        "openedAt": now,
        "parties": {"origin": "450000", "destination": "440000"},
        "to": ["DESTINATION", "NATIONAL"],
        "entry": entry | changes.pop("entry", {}),
        "facts": FACTS,
    } | changes


@pytest.fixture
def guangxi(tree, parties, at):
    """A house of Guangxi alone; the national desk works here."""
    return OtherHouse(tree, ("450000",), at)


def test_what_arrives_goes_into_the_files_of_the_parties_here_and_facts_into_one(guangxi, parties):
    assert guangxi.says(told()) == (202, "")
    rows = files()
    assert set(rows) == {"DESTINATION", "NATIONAL"}
    assert rows["DESTINATION"].province == "440000"
    with acting(EVERYTHING):
        kept = {row.chain.role: bool(row.facts_sealed) for row in ChainEntry.objects.select_related("chain")}
        assert kept == {"DESTINATION": True, "NATIONAL": False}
        assert Notice.objects.filter(kind="chains.told:RAISE").count() == 2


def test_what_we_answer_leaves_for_the_parties_there_only(guangxi, parties, tree, at):
    guangxi.says(told())
    leader = tree.person("SHIFT_LEADER", tree.station, "周宁")
    with acting(leader.scope):
        services.act(
            actor=leader, chain_id=files()["DESTINATION"].pk, code="ACCEPT", said=services.Said(), at=time.now()
        )
    (heard,) = guangxi.heard()
    assert (heard["to"], heard["entry"]["act"], heard["entry"]["number"]) == (["ORIGIN"], "ACCEPT", 1)
    assert files()["NATIONAL"].destination_standing == "TAKEN"


def test_the_national_desk_s_house_alone_never_hears_of_the_person(tree, parties, case, at):
    house = OtherHouse(tree, ("100000",), at)
    with acting(parties.origin.scope):
        services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(), at=at)
    (heard,) = house.heard()
    assert heard["to"] == ["NATIONAL"]
    assert "facts" not in heard
    assert "text" not in heard["entry"]
    assert "13912345678" not in json.dumps(heard)
    assert set(files()) == {"ORIGIN", "DESTINATION"}


def test_one_house_with_both_parties_hears_it_once(tree, parties, case, at):
    house = OtherHouse(tree, ("450000", "100000"), at)
    with acting(parties.origin.scope):
        mine = services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(), at=at)
    (heard,) = house.heard()
    assert heard["to"] == ["DESTINATION", "NATIONAL"]
    assert heard["facts"]["persons"][0]["phone"] == "13912345678"
    party = next(one for one in selectors.parties_of(mine) if one.role == "DESTINATION")
    assert (party.delivery.waiting, party.house) == (1, "desk-12355-gx")


LATER = "2099-01-01T00:00:00+00:00"  # a fixed day: each process must collect the same tests


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"entry": {"author": "NATIONAL", "act": "SUPERVISE"}, "to": ["DESTINATION"]}, (403, "not-party")),
        ({"entry": {"author": "DESTINATION", "act": "ACCEPT"}, "to": ["NATIONAL"]}, (403, "not-party")),
        ({"parties": {"origin": "420000", "destination": "440000"}}, (403, "not-party")),
        ({"parties": {"origin": "450000", "destination": "530000"}, "to": ["DESTINATION"]}, (403, "not-party")),
        ({"parties": {"origin": "450000", "destination": "450000"}}, (409, "out-of-state")),
        ({"to": ["CENTRE"]}, (403, "not-party")),
        ({"to": ["ORIGIN"]}, (403, "not-party")),
        ({"entry": {"number": 2}}, (409, "seq-conflict")),
        ({"entry": {"act": "SUPPLEMENT"}}, (409, "out-of-state")),
        ({"entry": {"act": "ACCEPT"}}, (409, "out-of-state")),
        ({"entry": {"act": "MAKE_TEA"}}, (409, "out-of-state")),
        ({"entry": {"act": "WITHDRAW", "code": "TIRED"}}, (409, "out-of-state")),
        ({"entry": {"at": LATER}}, (401, "clock-skew")),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[:60],
)
def test_what_a_house_may_not_say_is_refused_and_leaves_nothing(guangxi, parties, wrong, refusal):
    assert guangxi.says(told(**wrong)) == refusal
    with acting(EVERYTHING):
        assert not Chain.objects.exists()
        assert not ChainEntry.objects.exists()
        assert not DeskMessage.objects.exists()
        assert JournalEntry.objects.filter(name="linkage.message-refused").count() == 1


def test_a_known_chain_keeps_its_parties_and_its_words(guangxi, parties):
    first = told()
    guangxi.says(first)
    other = told(first["chainId"], number="KS20261122-45-9999", entry={"number": 2, "act": "SUPPLEMENT"})
    assert guangxi.says(other) == (409, "id-conflict")
    assert guangxi.says(told(first["chainId"], entry={"text": "别的话"})) == (409, "id-conflict")
    assert guangxi.says({**first}) == (202, "")  # told again in another message: known, and written once
    with acting(EVERYTHING):
        assert ChainEntry.objects.filter(chain__role="DESTINATION").count() == 1


def test_a_second_house_cannot_speak_for_the_first(guangxi, parties, tree, at):
    first = told()
    guangxi.says(first)
    other = OtherHouse(tree, ("420000",), at, code="desk-12355-hb")
    forged = told(first["chainId"], entry={"number": 2, "act": "WITHDRAW", "code": "RESOLVED"})
    forged.pop("facts")
    assert other.says(forged) == (403, "not-party")
    assert files()["DESTINATION"].origin_standing == "RAISED"


def test_what_the_other_house_refuses_for_good_is_told_to_people(tree, parties, case, at):

    house = OtherHouse(tree, ("450000", "100000"), at)
    with acting(parties.origin.scope):
        mine = services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(), at=at)
    with acting(EVERYTHING):
        row = DeskMessage.objects.get(desk=house.desk)
        claimed = _Claimed(row.pk, house.desk, 1, envelope_of(row.document_sealed))
        _note_refusal(claimed, FinalError("not-party", "", 403), at=at)
        assert JournalEntry.objects.filter(name="chains.not-taken").count() == 1
        assert Notice.objects.filter(kind="chains.not-taken", account_id=parties.origin.account_id).exists()
        party = next(one for one in selectors.parties_of(mine) if one.role == "DESTINATION")
    assert (party.delivery.refused, party.delivery.error) == (1, "not-party")


def test_the_national_desk_passes_on_between_a_centre_elsewhere_and_the_provinces(tree, parties, raised, at):
    centre = OtherHouse(tree, ("420100",), at, code="desk-12355-wh")
    do(parties, "NATIONAL", "SUPERVISE", at)
    do(parties, "NATIONAL", "ASK_CENTRE", at + timedelta(seconds=1), region="420100")
    assert [body["entry"]["act"] for body in centre.heard()] == ["RAISE", "SUPERVISE", "ASK_CENTRE"]
    assert not any("facts" in body or body["entry"].get("text", "").startswith("说马上") for body in centre.heard())
    chain = files()["NATIONAL"]
    joined = told(
        str(chain.chain_id),
        number=chain.number,
        parties={"origin": "440000", "destination": "450000", "centre": "420100"},
        to=["NATIONAL"],
        entry={"author": "CENTRE", "number": 1, "act": "ASSIST"},
    )
    joined.pop("facts")
    assert centre.says(joined) == (202, "")
    assert {row.centre_standing for row in files().values()} == {"ASSISTING"}
