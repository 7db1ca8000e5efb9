"""What people see of a case, and who sees nothing of it."""

import pytest
from django.urls import reverse

from qingting.cases.services import add_note, close_case, place_hold
from qingting.core.grants import grant_access
from qingting.core.scope import EVERYTHING, acting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HTMX = {"HX-Request": "true"}


def page(name: str, *ids) -> str:
    return reverse(f"cases:{name}", args=ids)


class TestTheList:
    def test_it_shows_the_case_with_its_urgency_in_words(self, browser, agent_here, case):
        words = browser(agent_here).get(page("list")).content.decode()
        assert case.number in words
        assert "特急" in words

    def test_elsewhere_it_is_empty_and_says_what_to_do(self, browser, agent_elsewhere, case):
        words = browser(agent_elsewhere).get(page("list")).content.decode()
        assert case.number not in words
        assert "还没有个案" in words

    @pytest.mark.parametrize("query", ["?state=CLOSED", "?urgency=ROUTINE", "?number=999", "?page=x"])
    def test_filters_narrow_it(self, query, browser, agent_here, case):
        words = browser(agent_here).get(page("list") + query).content.decode()
        assert (case.number in words) == (query == "?page=x")

    def test_it_asks_the_database_no_more_for_more_cases(
        self, browser, agent_here, case, django_assert_max_num_queries
    ):
        client = browser(agent_here)
        with django_assert_max_num_queries(22):
            client.get(page("list"))

    def test_without_the_permission_it_is_refused(self, browser, tree):
        analyst = tree.person("ANALYST", tree.station)
        assert browser(analyst).get(page("list")).status_code == 403


class TestTheCase:
    def test_one_page_tells_all(self, browser, agent_here, case, at):
        with acting(agent_here.scope):
            add_note(actor=agent_here, case_id=case.id, words="母亲已赶到", at=at)
            place_hold(actor=agent_here, case_id=case.id, kind="ORDER_OPEN", subject=("order", 7), at=at)
        words = browser(agent_here).get(page("case", case.id)).content.decode()
        for expected in (case.number, "建立个案", "李岚", "广东12355", "母亲已赶到", "工单未办结", "个案回复"):
            assert expected in words

    def test_elsewhere_it_is_not_there(self, browser, agent_elsewhere, case):
        client = browser(agent_elsewhere)
        for name in ("case", "head", "timeline"):
            assert client.get(page(name, case.id)).status_code == 404
        assert client.post(page("act", case.id, "note"), {"words": "x"}).status_code == 404

    def test_who_was_let_in_reads_the_words_too(self, browser, agent_here, tree, case, at):
        with acting(agent_here.scope):
            add_note(actor=agent_here, case_id=case.id, words="母亲已赶到", at=at)
        grant_access(actor=agent_here, subject=("case", case.id), to_organisation=tree.county.id, purpose="X", at=at)
        handler = tree.person("ORDER_HANDLER", tree.county)
        words = browser(handler).get(page("case", case.id)).content.decode()
        assert "母亲已赶到" in words
        assert "case-close" not in words.split("data-dialog-open")[0]

    def test_signed_out_one_is_asked_to_sign_in(self, client, case):
        assert client.get(page("case", case.id)).status_code == 302


class TestActs:
    def test_closing_answers_with_the_new_state(self, browser, leader_here, case):
        client = browser(leader_here)
        answer = client.post(page("act", case.id, "close"), {"words": "已办好"}, headers=HTMX)
        assert "已结案" in answer.content.decode()
        assert "dialog:close" in answer["HX-Trigger"]

    def test_while_it_is_held_the_button_rests_and_the_refusal_says_why(self, browser, leader_here, case, at):
        with acting(leader_here.scope):
            place_hold(actor=leader_here, case_id=case.id, kind="ORDER_OPEN", subject=("order", 7), at=at)
        client = browser(leader_here)
        answer = client.post(page("act", case.id, "close"), {"words": "已办好"}, headers=HTMX)
        assert answer.status_code == 409
        assert "工单未办结" in answer.content.decode()

    def test_a_counsellor_may_not_close(self, browser, agent_here, case):
        answer = browser(agent_here).post(page("act", case.id, "close"), {"words": "已办好"}, headers=HTMX)
        assert answer.status_code == 403

    def test_signing_off(self, browser, leader_here, case, at):
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
        client = browser(leader_here)
        assert client.post(page("act", case.id, "sign-off"), {"words": "已核实"}).status_code == 302
        with acting(EVERYTHING):
            case.refresh_from_db()
        assert case.state == "SIGNED_OFF"


class TestThePanelBesideTheTalk:
    def test_it_is_filled_from_the_contact_and_opens_the_case(self, browser, agent_here, contact):
        with acting(agent_here.scope):
            contact.draft = {}
            contact.summary = "独自在家"
            contact.risk_level = "URGENT"
            contact.save()
        client = browser(agent_here)
        form = client.get(page("open-panel", contact.id), headers=HTMX).content.decode()
        assert "独自在家" in form
        assert 'value="URGENT" checked' in form
        answer = client.post(
            page("open", contact.id), {"urgency": "URGENT", "category": "X", "summary": "独自在家"}, headers=HTMX
        )
        assert "GD-20" in answer.content.decode()

    def test_afterwards_it_shows_the_case(self, browser, agent_here, contact, case):
        words = browser(agent_here).get(page("open-panel", contact.id), headers=HTMX).content.decode()
        assert case.number in words
        assert page("case", case.id) in words

    def test_elsewhere_there_is_no_such_contact(self, browser, agent_elsewhere, contact):
        client = browser(agent_elsewhere)
        assert client.get(page("open-panel", contact.id)).status_code == 404
        assert client.post(page("open", contact.id), {"urgency": "URGENT"}).status_code == 404
