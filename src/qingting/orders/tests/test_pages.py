"""What people see of orders, and who sees nothing of them."""

import pytest
from django.urls import reverse

from qingting.core.scope import EVERYTHING, acting
from qingting.orders.models import WorkOrder
from qingting.orders.states import MOVES, Box

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HTMX = {"HX-Request": "true"}


def page(name: str, *ids) -> str:
    return reverse(f"orders:{name}", args=ids)


class TestTheBoxes:
    def test_the_handler_finds_it_among_what_is_to_do(self, browser, order_in, parties):
        order = order_in("DISPATCHED")
        words = browser(parties.handler).get(page("list")).content.decode()
        assert order.number in words
        assert "待接单" in words

    def test_the_reviewer_finds_the_result(self, browser, order_in, parties):
        order = order_in("SUBMITTED")
        client = browser(parties.reviewer)
        assert order.number in client.get(page("list") + "?box=to-review").content.decode()
        assert order.number not in client.get(page("list") + "?box=to-handle").content.decode()

    @pytest.mark.parametrize("box", Box.values)
    def test_elsewhere_every_box_is_empty(self, box, browser, order_in, agent_elsewhere):
        order = order_in("DISPATCHED")
        words = browser(agent_elsewhere).get(f"{page('list')}?box={box}").content.decode()
        assert order.number not in words
        assert "empty" in words

    def test_one_query_more_or_less_for_the_whole_page(
        self,
        browser,
        order_in,
        parties,
        django_assert_max_num_queries,
    ):
        order_in("DISPATCHED")
        client = browser(parties.handler)
        with django_assert_max_num_queries(22):
            client.get(page("list"))


class TestTheOrder:
    @pytest.mark.parametrize("state", ["DRAFTED", "DISPATCHED", "IN_PROGRESS", "SUBMITTED"])
    def test_it_offers_the_acts_open_to_each_and_no_other(self, state, browser, order_in, parties):
        order = order_in(state)
        for party in ("origin", "handler", "reviewer"):
            answer = browser(getattr(parties, party)).get(page("order", order.id))
            if answer.status_code == 404:
                assert state == "DRAFTED"
                continue
            words = answer.content.decode()
            who = getattr(parties, party)
            for move in MOVES.values():
                offered = f'data-dialog-open="order-{move.act}"' in words
                mine = party in move.by and who.may(move.permission) and state in move.sources
                waits = move.answers or move.act in {
                    "remove_co_handler",
                    "lift_supervision",
                }  # nothing was asked yet, nobody helps yet
                assert offered == (mine and not waits), move.act

    def test_elsewhere_it_is_not_there(self, browser, order_in, agent_elsewhere):
        order = order_in("DISPATCHED")
        client = browser(agent_elsewhere)
        assert client.get(page("order", order.id)).status_code == 404
        assert client.get(page("body", order.id)).status_code == 404
        assert client.post(page("act", order.id, "accept")).status_code == 404

    def test_the_handler_reads_what_to_do_but_not_the_talk(self, browser, order_in, parties):
        words = browser(parties.handler).get(page("order", order_in("DISPATCHED").id)).content.decode()
        assert "请立即上门了解情况" in words
        assert "退单理由" in words

    def test_accepting_answers_with_the_next_acts(self, browser, order_in, parties):
        order = order_in("DISPATCHED")
        answer = browser(parties.handler).post(page("act", order.id, "accept"), headers=HTMX)
        words = answer.content.decode()
        assert "提交审核" in words
        assert "危机介入" in words

    def test_after_a_return_the_handler_is_led_to_the_list(self, browser, order_in, parties):
        order = order_in("DISPATCHED")
        client = browser(parties.handler)
        answer = client.post(page("act", order.id, "return"), {"words": "不在本区"}, headers=HTMX)
        assert answer["HX-Redirect"] == page("list")
        assert client.get(page("order", order.id)).status_code == 404

    def test_a_refusal_says_why(self, browser, order_in, parties):
        order = order_in("IN_PROGRESS")
        client = browser(parties.handler)
        assert client.post(page("act", order.id, "submit"), {"words": ""}, headers=HTMX).status_code == 422
        assert client.post(page("act", order.id, "approve"), headers=HTMX).status_code == 403
        assert client.post(page("act", order.id, "accept"), headers=HTMX).status_code == 409


class TestSendingFromTheSeat:
    def test_draft_and_dispatch_in_one_go(self, browser, parties, case, tree):
        client = browser(parties.origin)
        form = client.get(page("draft-panel", case.id), headers=HTMX).content.decode()
        assert form.index("天河团区委") < form.index("广州团市委")
        sent = {
            "kind": "CRISIS",
            "urgency": "CRITICAL",
            "handler": tree.county.id,
            "instructions": "请立即上门",
        }
        words = client.post(page("send", case.id), sent, headers=HTMX).content.decode()
        assert f"{case.number}-W01" in words
        with acting(EVERYTHING):
            assert WorkOrder.objects.get().state == "DISPATCHED"

    def test_when_the_second_half_is_refused_there_is_no_draft_either(
        self,
        browser,
        parties,
        case,
        tree,
    ):
        sent = {"kind": "CRISIS", "urgency": "CRITICAL", "handler": tree.police.id, "instructions": "请上门"}
        assert browser(parties.origin).post(page("send", case.id), sent, headers=HTMX).status_code == 422
        with acting(EVERYTHING):
            assert not WorkOrder.objects.exists()

    def test_a_handler_is_offered_no_form(self, browser, order_in, parties, case):
        order_in("DISPATCHED")
        words = browser(parties.handler).get(page("draft-panel", case.id)).content.decode()
        assert "<form" not in words

    def test_elsewhere_there_is_no_such_case(self, browser, case, agent_elsewhere):
        client = browser(agent_elsewhere)
        assert client.get(page("draft-panel", case.id)).status_code == 404
        sent = {"kind": "CRISIS", "urgency": "CRITICAL", "handler": 1, "instructions": "请上门"}
        assert client.post(page("send", case.id), sent).status_code == 404


def test_the_case_page_tells_the_order_in_words(browser, order_in, parties, case):
    order_in("FINISHED")
    words = browser(parties.origin).get(reverse("cases:case", args=[case.id])).content.decode()
    for expected in (
        "派单",
        "天河团区委",
        "接单",
        "何敏",
        "提交审核",
        "已上门，情况平稳",
        "林颖",
        "广州团市委",
        "安排回访",
    ):
        assert expected in words
