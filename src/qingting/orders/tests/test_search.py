"""Finding an order again: by what somebody remembers of it, within one's sight, and nothing told on the way."""

import sys

import pytest
from django.db import transaction
from django.urls import reverse

from qingting.core.errors import Invalid
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import rules, selectors, services
from qingting.orders.models import OrderSearch, SavedView
from qingting.orders.selectors import OrderQuery, Place
from qingting.orders.tests.conftest import NEW
from qingting.seekers.models import Seeker
from qingting.seekers.services import store_datum

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def find(at):
    def look(who, words="", **filters):
        with acting(who.scope):
            found = services.find_orders(actor=who, query=OrderQuery(words=words, **filters), at=at)
            return [order.pk for order in found.orders]

    return look


@pytest.fixture
def order(order_in, parties, at):
    """Out at the county, with a word of progress; taken into the search."""
    order = parties.do("progress", order_in("IN_PROGRESS"), words="已和班主任约定周三家访")
    take_in(order)
    return order


def take_in(order) -> None:
    """As the worker does it; within a test's open transaction the journal's horizon stands still."""
    with acting(EVERYTHING), transaction.atomic():
        services.index_orders({order.pk})


class TestWhatItIsFoundBy:
    @pytest.mark.parametrize("words", ["陪伴并评估", "评估安全", "班主任", "夜里独自", "家访 评估"])
    def test_words_of_the_order_of_its_notes_and_of_its_case(self, words, order, find, parties):
        assert find(parties.origin, words) == [order.pk]

    @pytest.mark.parametrize("words", ["评全", "班任", "抚养费", "家访 抚养费"])
    def test_but_only_words_that_stand_there(self, words, order, find, parties):
        assert find(parties.origin, words) == []

    @pytest.mark.parametrize(
        "cut", [lambda n: n, lambda n: n.lower(), lambda n: n[:-4], lambda n: "1", lambda n: "000001"]
    )
    def test_its_number_and_parts_of_it(self, cut, order, find, parties):
        assert find(parties.origin, cut(order.number)) == [order.pk]

    def test_the_person_by_name_or_telephone_as_the_vault_knows_them(self, order, case, find, parties, at):
        with acting(parties.origin.scope):
            Seeker.objects.create(
                id=case.seeker_id, organisation_id=parties.origin.organisation_id, province="440000", created_at=at
            )
            for kind, value in (("NAME", "张小雨"), ("PHONE", "13800138000")):
                store_datum(actor=parties.origin, seeker_id=case.seeker_id, kind=kind, value=value, at=at)
        assert find(parties.origin, "张小雨") == find(parties.origin, "138 0013 8000") == [order.pk]
        assert find(parties.origin, "张小") == []

    def test_looking_a_person_up_is_told_once_and_limited(self, order, find, parties, monkeypatch):
        before = sought()
        for _ in range(3):
            find(parties.origin, "13800138000")
        assert sought() == before + 1
        monkeypatch.setattr("qingting.seekers.services.finding.SEARCHES_AN_HOUR", 1)
        assert find(parties.origin, "班主任") == [order.pk]
        assert sought() == before + 1

    def test_filters_narrow_it(self, order, find, parties):
        fitting = {"kind": "CRISIS", "urgency": "CRITICAL", "state": "IN_PROGRESS", "category": "PSYCHOLOGY_SUICIDE"}
        assert find(parties.origin, "评估", division="440100", since="2026-03-01", until="2026-03-04", **fitting)
        for wrong in ({"state": "FINISHED"}, {"division": "440300"}, {"since": "2026-03-05"}, {"until": "2026-03-03"}):
            assert find(parties.origin, "评估", **wrong) == []

    def test_too_short_is_said(self, find, parties):
        with pytest.raises(Invalid):
            find(parties.origin, "的")


def sought() -> int:
    """How often the journal says that somebody looked for a person."""
    with acting(EVERYTHING):
        return Entry.objects.filter(name="seekers.sought").count()


class TestWithinSight:
    def test_every_party_and_whoever_stands_above_finds_it(self, order, find, parties):
        for name in ("origin", "handler", "reviewer", "above"):
            assert find(getattr(parties, name), "班主任") == [order.pk], name

    def test_nobody_else_does(self, order, find, parties, agent_elsewhere):
        assert find(agent_elsewhere, "班主任") == find(parties.co_handler, "班主任") == []

    def test_what_was_taken_away_is_gone_also_before_the_index_knows(self, order, find, parties, at):
        parties.do("reassign", order)
        assert find(parties.handler, "班主任") == []
        take_in(order)
        assert find(parties.handler, "班主任") == []

    def test_the_index_holds_no_word(self, order):
        with acting(EVERYTHING):
            row = OrderSearch.objects.get(pk=order.pk)
        assert all(isinstance(token, int) for token in row.tokens)


def test_pages_go_on_behind_the_last_order_seen(order, find, parties, case, at, monkeypatch):
    monkeypatch.setattr(sys.modules[Place.__module__], "PAGE", 2)
    with acting(parties.origin.scope):
        more = [services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at) for _ in range(4)]
    for one in more:
        take_in(one)
    seen, after, pages = [], None, 0
    while pages == 0 or after:
        with acting(parties.origin.scope):
            page = services.find_orders(actor=parties.origin, query=OrderQuery(words="评估"), at=at, after=after)
        seen += [one.pk for one in page.orders]
        after, pages = page.after and Place.parse(str(page.after)), pages + 1
    assert (seen, pages) == (sorted([order.pk, *(one.pk for one in more)], reverse=True), 3)


@pytest.mark.parametrize("word", ["", "x", "12", "12-", "-5", "1-2-3", "9" * 30 + "-1"])
def test_a_made_up_place_is_the_first_page(word):
    assert Place.parse(word) is None


def test_the_state_follows(order, find, parties, at):
    parties.do("submit", order)
    take_in(order)
    assert find(parties.origin, state="SUBMITTED") == [order.pk]
    assert find(parties.origin, state="IN_PROGRESS") == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_takes_it_from_the_journal_and_can_do_so_again(order_in, parties, at):
    order = order_in("IN_PROGRESS")
    for take in (services.index_changed, services.rebuild_index):
        read = 0
        while not read or not found_by(order):  # another test's open transaction may hold the horizon back for a moment
            read += take(at=at)
        with acting(parties.reviewer.scope), transaction.atomic():
            query = OrderQuery(words="陪伴并评估")
            assert [found.pk for found in selectors.search(parties.reviewer, query, at=at).orders] == [order.pk]


def found_by(order) -> set[int]:
    with acting(EVERYTHING), transaction.atomic():
        row = OrderSearch.objects.filter(pk=order.pk).first()
    return set(row.tokens) if row else set()


class TestThePage:
    def test_what_was_typed_never_stands_in_the_address(self, browser, order, parties):
        client = browser(parties.origin)
        answer = client.post(reverse("orders:search"), {"words": "班主任"})
        assert "班主任" not in answer["Location"]
        assert "%" not in answer["Location"]
        page = client.get(answer["Location"]).content.decode()
        assert "班主任" in page

    def test_a_kept_view_finds_again_and_is_nobody_elses(self, browser, order, parties):
        client = browser(parties.origin)
        word = client.post(reverse("orders:search"), {"state": "IN_PROGRESS"})["Location"].partition("q=")[2]
        client.post(reverse("orders:save-view"), {"name": "在办", "q": word})
        assert "在办" in client.get(reverse("orders:search")).content.decode()
        other = browser(parties.handler)
        assert "在办" not in other.get(reverse("orders:search")).content.decode()
        with acting(EVERYTHING):
            view = SavedView.objects.get()
        assert other.post(reverse("orders:drop-view", args=[view.pk])).status_code == 404
        assert client.post(reverse("orders:drop-view", args=[view.pk])).status_code == 302

    def test_somebody_elses_sealed_word_asks_nothing(self, browser, order, parties):
        word = browser(parties.origin).post(reverse("orders:search"), {"words": "班主任"})["Location"]
        assert "想找哪张工单" in browser(parties.handler).get(word).content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("抚养费", {"抚养", "养费"}), ("ＱＱ群12", {"qq", "12"}), ("好", set()), ("他说：走！", {"他说"})],
)
def test_grams(text, expected):
    assert rules.grams(text) == expected
