"""The pages of a call, and the one the young person opens."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.core import time
from qingting.core.logs import LineFormatter
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.models import FollowUp, RatingInvitation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page(name: str, *ids) -> str:
    return reverse(f"followups:{name}", args=ids)


@pytest.fixture
def today(monkeypatch, at):
    monkeypatch.setattr(time, "now", lambda: at)


@pytest.fixture
def visit(today, browser):
    """A browser whose session and pages live at the fixed moment."""
    return browser


class TestTheCall:
    def test_it_is_in_the_list_and_shows_what_to_ask(self, visit, follow_up, caller):
        client = visit(caller)
        assert follow_up.case.number in client.get(page("list")).content.decode()
        words = client.get(page("follow-up", follow_up.id)).content.decode()
        assert "可以这样问" in words
        assert "完成回访" in words

    def test_recording_it(self, visit, follow_up, caller):
        sent = {"means": "PHONE", "helped": "PARTLY", "words": "好一些了"}
        client = visit(caller)
        assert client.post(page("act", follow_up.id, "record"), sent).status_code == 302
        words = client.get(page("follow-up", follow_up.id)).content.decode()
        assert "好一些了" in words
        assert "有一些帮助" in words

    def test_giving_up_is_offered_after_three_attempts(self, visit, follow_up, caller):
        client = visit(caller)
        for _ in range(3):
            assert "give-up" not in client.get(page("follow-up", follow_up.id)).content.decode()
            client.post(page("act", follow_up.id, "attempt"))
            with acting(EVERYTHING):
                FollowUp.objects.update(not_before=None)  # the hours between two attempts have passed
        assert "give-up" in client.get(page("follow-up", follow_up.id)).content.decode()

    def test_elsewhere_there_is_none(self, visit, follow_up, tree):
        stranger = tree.person("FOLLOW_UP_AGENT", tree.elsewhere_station)
        client = visit(stranger)
        assert follow_up.case.number not in client.get(page("list")).content.decode()
        assert client.get(page("follow-up", follow_up.id)).status_code == 404
        assert client.post(page("act", follow_up.id, "attempt")).status_code == 404

    def test_without_the_permission_it_is_refused(self, visit, follow_up, agent_here):
        client = visit(agent_here)
        assert client.get(page("follow-up", follow_up.id)).status_code == 403
        assert client.post(page("act", follow_up.id, "attempt")).status_code == 403


class TestThePanelOfTheCase:
    def test_the_station_can_copy_the_link_and_the_county_can_not(self, visit, token, follow_up, parties):
        url = page("panel", follow_up.case_id)
        assert token in visit(parties.origin).get(url).content.decode()
        county = visit(parties.handler).get(url).content.decode()
        assert "等待评价" in county
        assert token not in county


class TestTheLink:
    def test_it_asks_one_question_and_names_nobody(self, client, today, token, case):
        answer = client.get(page("rate", token))
        words = answer.content.decode()
        assert words.count('name="score"') == 5
        assert case.number not in words
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"

    def test_an_answer_is_thanked_for_and_stays_given(self, client, today, token):
        sent = {"score": "5", "words": "谢谢"}
        assert client.post(page("rate", token), sent).status_code == 302
        assert "谢谢你告诉我们" in client.get(page("rate", token)).content.decode()
        again = client.post(page("rate", token), {"score": "1"})
        assert again.status_code == 409
        assert "谢谢你告诉我们" in again.content.decode()

    def test_without_a_choice_it_asks_again(self, client, today, token):
        answer = client.post(page("rate", token), {"words": "谢谢"})
        assert answer.status_code == 422
        assert "请选一个" in answer.content.decode()

    def test_a_dead_link_explains_itself(self, client, monkeypatch, token, at):
        monkeypatch.setattr(time, "now", lambda: at + timedelta(days=31))
        answer = client.get(page("rate", token))
        assert answer.status_code == 410
        assert "已经过期" in answer.content.decode()
        assert client.post(page("rate", token), {"score": "5"}).status_code == 409

    def test_a_guessed_link_is_not_there(self, client, today, token):
        assert client.get(page("rate", "guessed")).status_code == 404
        assert client.post(page("rate", "guessed"), {"score": "5"}).status_code == 404

    def test_the_token_stands_in_no_journal_entry(self, client, today, token):
        client.post(page("rate", token), {"score": "5"})
        with acting(EVERYTHING):
            texts = [f"{entry.data}{entry.ids}{entry.channels}" for entry in Entry.objects.all()]
            assert RatingInvitation.objects.get().rated_at is not None
        assert not any(token in text for text in texts)

    def test_the_log_does_not_tell_the_link(self, client, monkeypatch, token, at, caplog):
        monkeypatch.setattr(time, "now", lambda: at + timedelta(days=31))
        client.get(page("rate", token))
        lines = [LineFormatter().format(record) for record in caplog.records]
        assert any("/r/…" in line for line in lines)
        assert not any(token in line for line in lines)

    def test_who_knocks_too_often_waits(self, client, today, token):
        for _ in range(60):
            client.get(page("rate", "guessed"))
        assert client.get(page("rate", token)).status_code == 429
