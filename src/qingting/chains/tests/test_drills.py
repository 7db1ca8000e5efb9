"""Exercises (演练): the whole road with all parties, and nothing of it counts, rings, or becomes real."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qingting.cases.models import Case, CaseHold
from qingting.chains import selectors, services
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.permissions import RAISE
from qingting.chains.services import NewDrill, Said
from qingting.chains.states import ACTS
from qingting.chains.tests.conftest import asked, do, files
from qingting.chains.tests.test_services import ROAD, said_for, story, walk
from qingting.chains.tests.test_wire import OtherHouse, fresh_wire, told
from qingting.contacts.models import Contact
from qingting.core import clocks
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.models import Clock
from qingting.core.models import Entry as JournalEntry
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.models import TrackingPlan
from qingting.orders.models import WorkOrder
from qingting.staff.models import Notice

__all__ = ["fresh_wire"]
SCENE = "演练情景：一名同学说自己在山顶，请按流程处置"


@pytest.fixture
def leader(tree):
    return tree.person("SHIFT_LEADER", tree.station, "何值班")


@pytest.fixture
def drill(parties, leader, at):
    """An exercise of Guangdong with Guangxi, as the origin reads it."""
    return begin(leader, at)


def begin(actor, at, **other):
    new = {"destination": "450000", "urgency": "CRITICAL", "words": SCENE} | other
    with acting(actor.scope):
        return services.begin_drill(actor=actor, new=NewDrill(**new), at=at)


def work_and_clocks():
    """Everything that a real chain would have set going."""
    with acting(EVERYTHING):
        counted = (Case, CaseHold, Contact, WorkOrder, Clock, TrackingPlan)
        return {model.__name__: model.objects.count() for model in counted}


def test_the_whole_road_is_walked_and_nothing_is_set_going(parties, leader, at):
    before = work_and_clocks()
    begin(leader, at)
    walk(parties, ROAD, at + timedelta(seconds=1))
    assert {row.stage for row in files().values()} == {"OVER"}
    assert all(row.drill and row.number.startswith("YL") for row in files().values())
    assert story("ORIGIN") == story("DESTINATION") == story("NATIONAL")
    assert work_and_clocks() == before
    with acting(EVERYTHING):
        assert not ChainEntry.objects.exclude(facts_sealed=None).exists()


def test_it_rings_quietly_and_never_later(parties, drill, at):
    do(parties, "DESTINATION", "ACCEPT", at)
    do(parties, "DESTINATION", "LOSE", at + timedelta(seconds=1))  # grave in a real chain
    assert clocks.tick(at=at + timedelta(days=30)) == 0
    with acting(EVERYTHING):
        told_of = list(Notice.objects.filter(kind__startswith="chains."))
        names = set(JournalEntry.objects.filter(name__startswith="chains.").values_list("name", flat=True))
    assert told_of
    assert {notice.urgency for notice in told_of} == {"ROUTINE"}
    assert all(notice.kind.startswith("chains.drill:") for notice in told_of)
    assert names == {"chains.rehearsed"}


def test_it_counts_nowhere(parties, drill, raised, at):
    with acting(parties.nation.scope):
        picture = selectors.overview(parties.nation, since=at - timedelta(days=1))
        open_ = list(selectors.chains_page(parties.nation, "open", "1", 25))
        drills = list(selectors.chains_page(parties.nation, "drills", "1", 25))
    assert (picture.open, picture.raised) == (1, 1)
    assert [row.number for row in open_] == [raised.number]
    assert [row.number for row in drills] == [drill.number]


def test_the_origin_ends_it_wherever_it_stands(parties, leader, drill, at):
    do(parties, "DESTINATION", "ACCEPT", at)
    do(parties, "DESTINATION", "REACH", at + timedelta(seconds=1))
    with acting(leader.scope):
        services.act(actor=leader, chain_id=drill.pk, code="END_DRILL", said=Said(words="演练到此结束"), at=at)
    assert {row.stage for row in files().values()} == {"DRILLED"}
    assert all(row.ended_at for row in files().values())


def test_a_real_chain_knows_no_end_of_exercise(parties, raised, at):
    with pytest.raises(DomainError) as refused:
        do(parties, "ORIGIN", "END_DRILL", at)
    assert refused.value.code == "chains.chain.wrong-state"


def test_an_exercise_and_a_real_case_run_beside_each_other(parties, case, drill, at):
    with acting(parties.origin.scope):
        real = services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(), at=at)
    assert not real.drill
    assert real.pk != drill.pk
    with acting(EVERYTHING):
        assert Chain.objects.filter(drill=True).count() == Chain.objects.filter(drill=False).count() == 3


def test_no_case_is_ever_hung_on_an_exercise(parties, drill, case):
    with acting(EVERYTHING), pytest.raises(IntegrityError, match="chains_drill_without_work"), transaction.atomic():
        Chain.objects.filter(pk=drill.pk).update(case_id=case.pk)


def test_who_may_begin_one(parties, leader, at):
    assert parties.origin.may(RAISE)
    with pytest.raises(NotAllowed):
        begin(parties.origin, at)
    with pytest.raises(NotAllowed):
        begin(parties.nation, at)
    first = begin(leader, at)
    assert begin(leader, at).pk == first.pk  # one at a time with each province


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"destination": "440000"}, "destination"),
        ({"destination": ""}, "destination"),
        ({"words": " "}, "words"),
        ({"urgency": "ROUTINE"}, "urgency"),
    ],
)
def test_what_is_missing_is_said(parties, leader, at, wrong, field):
    with pytest.raises(Invalid) as refused:
        begin(leader, at, **wrong)
    assert set(refused.value.fields) == {field}


def test_every_message_on_the_wire_says_that_it_is_one(tree, parties, leader, at):
    house = OtherHouse(tree, ("450000", "100000"), at)
    mine = begin(leader, at)
    (message,) = house.messages()
    assert message.drill
    assert message.document["schemaVersion"] == "1.2"
    assert "facts" not in message.body
    back = told(str(mine.chain_id), number=mine.number, to=["ORIGIN"], entry={"author": "DESTINATION", "act": "ACCEPT"})
    back |= {"parties": {"origin": "440000", "destination": "450000"}}
    back.pop("facts")
    assert house.says(back, drill=True) == (202, "")
    assert files()["ORIGIN"].destination_standing == "TAKEN"


def test_one_that_comes_from_another_house_is_shown_as_one_and_troubles_nobody(tree, parties, at):
    house, body = OtherHouse(tree, ("450000",), at), told()
    body.pop("facts")
    before = work_and_clocks()
    assert house.says(body, drill=True) == (202, "")
    leader = tree.person("SHIFT_LEADER", tree.station, "何值班")
    with acting(leader.scope):
        services.act(actor=leader, chain_id=files()["DESTINATION"].pk, code="ACCEPT", said=Said(), at=at)
    assert all(row.drill for row in files().values())
    assert all(message.drill for message in house.messages())
    assert work_and_clocks() == before


@pytest.mark.parametrize("first", [True, False], ids=["exercise", "real"])
def test_neither_becomes_the_other(tree, parties, at, first):
    """On the same link the protocol refuses it; from another house the chain's own file does."""
    house, body = OtherHouse(tree, ("450000",), at), told()
    body.pop("facts")
    assert house.says(body, drill=first) == (202, "")
    more = body | {"entry": body["entry"] | {"number": 2, "act": "SUPPLEMENT"}}
    link = house.links.pop(more["chainId"])
    house.links[more["chainId"]] = type(link)(link.link_id, link.peer, last_sent=link.last_sent)
    assert house.says(more, drill=not first) == (409, "out-of-state")
    nation = OtherHouse(tree, ("100000",), at, code="desk-12355-qg")
    other = body | {"entry": body["entry"] | {"author": "NATIONAL", "act": "SUPERVISE"}, "to": ["DESTINATION"]}
    assert nation.says(other, drill=not first) == (409, "id-conflict")
    assert {row.drill for row in files().values()} == {first}


def test_an_exercise_that_tells_of_a_person_never_leaves_a_house_nor_is_taken(tree, parties, at):
    with pytest.raises(Exception, match="schema"):  # the other house's own library refuses to write it
        OtherHouse(tree, ("450000",), at).says(told(), drill=True)


# --- pages ---------------------------------------------------------------------------------------------------------------


def page(client, name, *args, query=""):
    return client.get(reverse(f"chains:{name}", args=args) + query).content.decode()


def test_begun_on_a_page_marked_on_every_page_and_reported_on_paper(browser, tree, parties, leader, at):
    seat, there = browser(leader), browser(parties.destination)
    assert "还没有演练过" in page(seat, "list", query="?which=drills")
    assert "和哪个省一起演练" in page(seat, "begin-drill")
    filled = {"destination": "450000", "urgency": "CRITICAL", "words": SCENE}
    made = seat.post(reverse("chains:begin-drill"), filled)
    mine = files()["ORIGIN"]
    assert made["HX-Redirect"] == reverse("chains:chain", args=[mine.pk])
    for client, role in ((seat, "ORIGIN"), (there, "DESTINATION"), (browser(parties.nation), "NATIONAL")):
        text = page(client, "chain", files()[role].pk)
        assert "这是演练。" in text
        assert "tel:" not in text
        assert "本人情况</h2>" not in text
        assert files()[role].number in page(client, "list", query="?which=drills")
        assert files()[role].number not in page(client, "list")
    there.post(reverse("chains:act", args=[files()["DESTINATION"].pk, "ACCEPT"]))
    paper = page(seat, "report", mine.pk)
    for words in ("从发起到签收", "签收跨省工单", "时限内", SCENE, "何值班", "没有走到"):
        assert words in paper
    assert "内容只供两省查看" in page(browser(parties.nation), "report", files()["NATIONAL"].pk)


def test_there_is_no_report_of_a_real_chain(browser, parties, raised):
    client = browser(parties.origin)
    assert client.get(reverse("chains:report", args=[raised.pk])).status_code == 404


def test_who_may_not_begin_one_is_not_offered_it(browser, parties, drill):
    client = browser(parties.origin)
    assert "发起演练" not in page(client, "list", query="?which=drills")
    assert client.get(reverse("chains:begin-drill")).status_code == 403


def test_a_redirected_exercise_goes_on_as_an_exercise(browser, parties, leader, drill, at):
    do(parties, "NATIONAL", "SUPERVISE", at)
    do(parties, "NATIONAL", "REDIRECT", at, **said_for(ACTS["REDIRECT"], at) | {"words": "请湖北继续"})
    assert f"{reverse('chains:begin-drill')}?to=420000" in page(browser(leader), "chain", drill.pk)


def test_what_another_station_raised_is_answered_in_its_own_file(browser, tree, parties, at):
    """A city's own line that raises keeps the file; the answer does not open a second one at its province's station."""
    city = tree.person("SHIFT_LEADER", tree.other_city, "市台")
    mine = begin(city, at)
    do(parties, "DESTINATION", "ACCEPT", at)
    with acting(EVERYTHING):
        (origin,) = Chain.objects.filter(chain_id=uuid.UUID(str(mine.chain_id)), role="ORIGIN")
    assert (origin.organisation_id, origin.destination_standing) == (city.organisation_id, "TAKEN")
