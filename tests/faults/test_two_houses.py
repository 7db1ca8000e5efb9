"""A chain through all five links between two installations, one of which is killed in the middle (R-D8).

Guangdong works in one house; Guangxi and the national desk in the other. They know each other by the wire alone.
"""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from deskwire.envelope import Envelope, MessageType
from deskwire.keys import Identity, Party, load_private, new_key, write_pair
from deskwire.moments import to_wire
from deskwire.sending import Draft, new_link, write
from deskwire.signing import Request, sign_request
from qingting.simulation.browser import Browser
from qingting.simulation.counsellor import Counsellor
from qingting.simulation.seeker import Seeker
from tests.houses import LONGEST, House, standing
from tests.platform import eventually

pytestmark = pytest.mark.faults
SECRET = "南宁青秀山观景台栏杆外"
NEXT = f"{datetime.now(UTC) + timedelta(days=7):%Y-%m-%d}"
STORY = """
select e.author, e.number, e.act, to_char(e.at, 'YYYY-MM-DD HH24:MI:SS.MS'), e.code, e.region
from chains_chainentry e join chains_chain c on c.id = e.chain_id where c.role = %s order by e.at, e.author, e.number
"""


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """Guangdong's house, and the one of Guangxi and the national desk; each registered at the other."""
    folder = tmp_path_factory.mktemp("houses")
    here = House("desk-12355", "440000", folder / "here")
    there = House("desk-12355-gx", "450000", folder / "there")
    with standing(here, there):
        here.gets_to_know(there, as_="system", run_by="共青团广西壮族自治区委员会", regions="450000 100000")
        there.gets_to_know(here, as_="guangxi-system", run_by="共青团广东省委员会", regions="440000")
        yield here, there


def test_five_links_between_two_houses_one_of_them_killed(houses):
    here, there = houses
    case = critical_case(here)
    raised = here.staff("counsellor").browser.post(
        f"/chains/cases/{case}/begin",
        {"destination": "450000", "urgency": "CRITICAL", "words": f"人在{SECRET}", "with_phone": "on"},
    )
    mine = int(raised.headers["HX-Redirect"].rpartition("/")[2])
    eventually(lambda: file_of(there, "DESTINATION") and file_of(there, "NATIONAL"), "the chain to arrive")
    act(there, "nation", "NATIONAL", "SUPERVISE", organisation="团中央", words="请立即核实，十分钟内通报")
    act(there, "guangxi-leader", "DESTINATION", "ACCEPT")
    eventually(lambda: len(story(here, "ORIGIN")) == 3, "supervision and acceptance to arrive")

    here.kill()
    for code in ("SET_OUT", "REPORT", "REACH"):
        act(there, "guangxi-leader", "DESTINATION", code, words="南宁团市委和派出所前往")
    waiting = "select count(*) from linkage_deskmessage where way = 'OUT' and type = 'chain' and state = 'WAITING'"
    assert there.sql(waiting) == [(3,)]
    here.start()
    eventually(lambda: len(story(here, "ORIGIN")) == 6, "what waited to arrive in order", seconds=LONGEST)

    act(there, "guangxi-leader", "DESTINATION", "SETTLE", code="SUICIDE_PREVENTED", words="已劝下，情绪平稳")
    for code in ("BEGIN_CARE", "VISIT"):
        act(there, "guangxi-leader", "DESTINATION", code, words="每周上门一次", due=NEXT)
    act(there, "guangxi-leader", "DESTINATION", "FINISH", words="状态稳定，转学校关注")
    act(there, "nation", "NATIONAL", "SIGN_OFF", words="过程完整")
    eventually(lambda: stage(here, "ORIGIN") == "OVER", "the end to arrive")

    told = story(here, "ORIGIN")
    assert told == story(there, "DESTINATION") == story(there, "NATIONAL")
    assert [line[2] for line in told] == [
        "RAISE", "SUPERVISE", "ACCEPT", "SET_OUT", "REPORT", "REACH", "SETTLE", "BEGIN_CARE", "VISIT", "FINISH", "SIGN_OFF",
    ]  # fmt: skip
    assert stage(there, "DESTINATION") == stage(there, "NATIONAL") == "OVER"
    assert told_of_person(there) == [("DESTINATION", 1)]
    assert here.sql("select count(*) from cases_casehold where subject_kind = 'chain' and lifted_at is null") == [(0,)]
    assert there.sql("select kind from orders_workorder") == [("CRISIS",)]
    page = here.staff("counsellor").browser.get(f"/chains/{mine}").text
    assert "制止了自杀自伤" in page


def test_an_exercise_between_two_houses_is_one_in_both_and_sets_nothing_going(houses):
    here, there = houses
    work = (
        "select (select count(*) from cases_case), (select count(*) from orders_workorder), "
        "(select count(*) from core_clock where subject_kind in ('chain', 'chain_watch'))"
    )
    before = here.sql(work), there.sql(work)
    scene = {"destination": "450000", "urgency": "CRITICAL", "words": "演练情景：一名同学在山顶"}
    begun = here.staff("leader", organisation="广东12355").browser.post("/chains/drills/begin", scene)
    mine = int(begun.headers["HX-Redirect"].rpartition("/")[2])
    other = "select id from chains_chain where drill and role = 'DESTINATION'"
    theirs = eventually(lambda: there.sql(other), "the exercise to arrive")[0][0]
    there.staff("guangxi-leader").browser.post(f"/chains/{theirs}/acts/ACCEPT", {})
    taken = "select 1 from chains_chain where drill and role = 'ORIGIN' and destination_standing = 'TAKEN'"
    eventually(lambda: here.sql(taken), "the acceptance to come back")
    assert "这是演练" in there.staff("guangxi-leader").browser.get(f"/chains/{theirs}").text
    assert "签收跨省工单" in here.staff("leader").browser.get(f"/chains/{mine}/report").text
    assert (here.sql(work), there.sql(work)) == before


def test_what_is_forged_replayed_or_out_of_order_is_refused_and_leaves_nothing(houses):
    here, there = houses
    before = there.sql("select count(*) from chains_chain"), there.sql("select count(*) from linkage_deskmessage")
    identity = Identity(Party(here.code, here.region), load_private(here.var / "keys" / "12355.key.json"))
    stranger = Identity(Party(here.code, here.region), load_private(other_key(there.var.parent, here.code)))
    good = chain_message(identity.party)
    assert refused(there, stranger, good) == (401, "key-unknown")
    assert refused(there, identity, chain_message(identity.party, author="DESTINATION", act="ACCEPT", to=["ORIGIN"])) == (
        403, "not-party",
    )  # fmt: skip
    assert refused(there, identity, chain_message(identity.party, author="NATIONAL", act="SUPERVISE")) == (
        403, "not-party",
    )  # fmt: skip
    assert refused(there, identity, chain_message(identity.party, number=2)) == (409, "seq-conflict")
    assert refused(there, identity, chain_message(identity.party, act="SUPPLEMENT")) == (409, "out-of-state")
    late = to_wire(datetime.now(UTC) + timedelta(hours=1))
    assert refused(there, identity, chain_message(identity.party, at=late)) == (401, "clock-skew")
    assert refused(there, identity, chain_message(identity.party, to=["CENTRE"])) == (403, "not-party")
    recorded = signed(identity, there.code, b"", "GET", "/deskwire/v1/messages?after=&limit=1")
    target = f"{there.url}/deskwire/v1/messages?after=&limit=1"
    assert httpx.get(target, headers=recorded).status_code == 200
    assert httpx.get(target, headers=recorded).json()["code"] == "replayed"
    after = there.sql("select count(*) from chains_chain"), there.sql("select count(*) from linkage_deskmessage")
    assert before == after
    written = there.sql("select count(*) from core_entry where name = 'linkage.message-refused'")
    assert written[0][0] >= 7


def critical_case(house: House) -> int:
    counsellor = Counsellor(house.staff("counsellor").browser)
    counsellor.be("READY")
    seeker = Seeker(_portal(house))
    seeker.begin()
    seeker.say("我站在栏杆外面，不想活了")
    conversation = eventually(counsellor.take_offer, "an offer")
    contact = counsellor.contact_of(conversation)
    category = counsellor.fill_in(contact, level="CRITICAL", summary="在外省，愿意继续聊", division="440106")
    counsellor.assess(contact, level="CRITICAL", where=SECRET)
    return counsellor.open_case(contact, urgency="CRITICAL", division="440106", category=category)


def _portal(house: House) -> Browser:
    return Browser(house.url, patience=LONGEST)


def file_of(house: House, role: str) -> int:
    rows = house.sql("select id from chains_chain where role = %s", role)
    return int(rows[0][0]) if rows else 0


def story(house: House, role: str) -> list[tuple[object, ...]]:
    return house.sql(STORY, role)


def stage(house: House, role: str) -> str:
    return str(house.sql("select stage from chains_chain where role = %s", role)[0][0])


def told_of_person(house: House) -> list[tuple[object, ...]]:
    """In whose files anything about the person is kept."""
    return house.sql(
        "select c.role, count(*) from chains_chainentry e join chains_chain c on c.id = e.chain_id "
        "where e.facts_sealed is not null group by 1"
    )


def act(house: House, who: str, role: str, what: str, *, organisation: str = "", **said: str) -> None:
    browser = house.staff(who, organisation=organisation).browser
    browser.post(f"/chains/{file_of(house, role)}/acts/{what}", {"words": "", **said}, step=what)


def other_key(folder: Path, desk: str) -> Path:
    """A key pair that nobody was given, in the name of a desk that is known."""
    made = folder / "stranger"
    made.mkdir(exist_ok=True)
    private, _ = write_pair(new_key(desk, datetime.now(UTC)), made, datetime.now(UTC))
    return private


def chain_message(me: Party, *, to: list[str] | None = None, **entry: object) -> Envelope:
    now = to_wire(datetime.now(UTC))
    said = {"author": "ORIGIN", "number": 1, "act": "RAISE", "at": now, "operator": "1", "text": "试一试"}
    body = {
        "chainId": str(uuid.uuid4()),
        "number": f"KS20261122-44-{base64.b16encode(uuid.uuid4().bytes[:2]).decode()}",
        "urgency": "CRITICAL",
        "openedAt": now,
        "parties": {"origin": "440000", "destination": "450000"},
        "to": to or ["DESTINATION"],
        "entry": {**said, **entry},
    }
    peer = Party("desk-12355-gx", "450000")
    return write(new_link(peer), Draft(MessageType.CHAIN, body), me, datetime.now(UTC))[0]


def signed(identity: Identity, to: str, body: bytes, method: str, target: str) -> dict[str, str]:
    fields = sign_request(Request(method, target, body), identity, to, datetime.now(UTC), uuid.uuid4().hex)
    return fields | ({"content-type": "application/json"} if body else {})


def refused(house: House, identity: Identity, message: Envelope) -> tuple[int, str]:
    target = "/deskwire/v1/messages"
    headers = signed(identity, house.code, message.to_bytes(), "POST", target)
    answer = httpx.post(f"{house.url}{target}", content=message.to_bytes(), headers=headers)
    return answer.status_code, str(answer.json().get("code"))
