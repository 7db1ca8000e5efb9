"""What each party sees and presses, over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.chains.models import Chain, ChainEntry
from qingting.chains.tests.conftest import PHONE, SECRET, do, files
from qingting.core import clocks
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting

pytestmark = pytest.mark.slow
WORDS = "说马上要跳"


def address(name, *args):
    return reverse(f"chains:{name}", args=args)


def read(client, name, *args):
    answer = client.get(address(name, *args))
    return answer.status_code, answer.content.decode()


@pytest.fixture
def clients(browser, parties):
    return {role: browser(parties.of(role)) for role in ("ORIGIN", "DESTINATION", "NATIONAL", "CENTRE")}


def test_raised_on_a_page_after_a_preview_of_what_each_party_reads(clients, case):
    seat = clients["ORIGIN"]
    assert "没有进行中的跨省转介" in read(seat, "list")[1]
    assert "广西壮族自治区" in read(seat, "begin", case.pk)[1]
    filled = {"destination": "450000", "urgency": "CRITICAL", "words": f"{WORDS}，在天台", "with_phone": "on"}
    shown = seat.post(address("preview", case.pk), filled).content.decode()
    assert "团中央会看到" in shown
    assert f"尾号{PHONE[-4:]}" in shown
    assert PHONE not in shown
    answer = seat.post(address("begin", case.pk), filled)
    with acting(EVERYTHING):
        mine = Chain.objects.get(role="ORIGIN")
    assert answer["HX-Redirect"] == address("chain", mine.pk)
    assert mine.number in read(seat, "list")[1]
    assert mine.get_stage_display() in read(seat, "panel", case.pk)[1]
    assert SECRET in read(seat, "told", case.seeker_id)[1]


def test_a_place_that_cannot_be_reached_is_said_before_anything_is_sent(clients, case, tree):
    tree.nation.active = False
    tree.nation.save(update_fields=["active"])
    shown = clients["ORIGIN"].post(address("preview", case.pk), {"destination": "450000"}).content.decode()
    assert "还没有登记团中央的平台" in shown
    answer = clients["ORIGIN"].post(
        address("begin", case.pk),
        {"destination": "450000", "urgency": "CRITICAL", "words": f"{WORDS}了"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    with acting(EVERYTHING):
        assert not Chain.objects.exists()


def test_each_party_s_page_shows_its_next_act_and_no_more_than_it_may_read(clients, raised):
    rows = files()
    there = read(clients["DESTINATION"], "chain", rows["DESTINATION"].pk)[1]
    assert "下一步：签收" in there
    assert WORDS in there
    assert SECRET not in there  # only behind a look that is written down
    nation = read(clients["NATIONAL"], "chain", rows["NATIONAL"].pk)[1]
    assert "下一步：督办" in nation
    assert "内容只供两省查看" in nation
    assert WORDS not in nation
    assert "查看本人情况" not in nation
    origin = read(clients["ORIGIN"], "chain", rows["ORIGIN"].pk)[1]
    assert "补充情况" in origin
    assert "撤回" in origin


def test_the_facts_are_read_with_a_trace(clients, raised, parties):
    there = files()["DESTINATION"]
    shown = clients["DESTINATION"].post(address("facts", there.pk)).content.decode()
    assert SECRET in shown
    assert PHONE in shown
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="chains.facts-read").count() == 1
    assert clients["NATIONAL"].post(address("facts", files()["NATIONAL"].pk)).status_code == 403


@pytest.mark.parametrize("name", ["chain", "facts"])
def test_nobody_else_finds_it(clients, browser, raised, tree, name):
    other = browser(tree.person("SHIFT_LEADER", tree.other_city, "别市"))
    for row in files().values():
        answer = other.get(address(name, row.pk)) if name == "chain" else other.post(address(name, row.pk))
        assert answer.status_code == 404


def test_an_act_is_done_and_a_missing_word_is_said(clients, raised):
    there = files()["DESTINATION"]
    assert clients["DESTINATION"].post(address("act", there.pk, "ACCEPT")).status_code == 200
    answer = clients["DESTINATION"].post(
        address("act", there.pk, "SET_OUT"), {"words": ""}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "请写明情况" in answer.content.decode()
    assert clients["DESTINATION"].post(address("act", there.pk, "NONSENSE")).status_code == 409
    with acting(EVERYTHING):
        assert ChainEntry.objects.filter(chain=there).count() == 2


def test_the_national_desk_sees_all_and_what_is_late(clients, parties, raised, at):
    clocks.tick(at=at + timedelta(minutes=30))
    text = read(clients["NATIONAL"], "list")[1]
    assert "其中1件超过时限" in text
    assert "半年转介" in text
    assert "半年转介" not in read(clients["ORIGIN"], "list")[1]


def test_a_chain_that_was_redirected_offers_to_go_on(clients, parties, raised, case, at):
    do(parties, "NATIONAL", "SUPERVISE", at)
    do(parties, "NATIONAL", "REDIRECT", at, region="420000")
    text = read(clients["ORIGIN"], "chain", raised.pk)[1]
    assert "团中央改派到湖北省" in text
    assert f"{address('begin', case.pk)}?to=420000" in text
    assert 'value="420000" selected' in clients["ORIGIN"].get(f"{address('begin', case.pk)}?to=420000").content.decode()


def test_the_start_page_shows_what_runs(clients, raised):
    text = clients["DESTINATION"].get(reverse("workbench:home")).content.decode()
    assert raised.number in text


def test_ended_ones_are_listed_apart(clients, parties, raised, at):
    do(parties, "ORIGIN", "WITHDRAW", at, code="RESOLVED")
    assert "还没有结束" not in clients["ORIGIN"].get(f"{address('list')}?which=ended").content.decode()
    assert raised.number not in read(clients["ORIGIN"], "list")[1]
    assert raised.number in clients["ORIGIN"].get(f"{address('list')}?which=ended").content.decode()
