"""Beside the chat: the proposal follows the answers, the person decides, and the clock stops when somebody intervenes."""

import pytest
from django.urls import reverse

from qingting.core.models import Clock, Entry
from qingting.risk.models import RiskAssessment

PLACE = "某某小区3栋楼顶"


def at_contact(name, contact):
    return reverse(f"risk:{name}", args=[contact.pk])


@pytest.fixture
def seat(browser, here):
    return browser(here)


def test_the_panel_shows_the_running_clock_and_the_questions(seat, contact):
    page = seat.get(at_contact("panel", contact)).content.decode()
    assert "data-clock-due" in page
    assert "您的判断" in page
    assert page.count('value="UNKNOWN" checked') == 8


def test_the_proposal_follows_the_answers_with_its_reasons(seat, contact, grave):
    page = seat.post(at_contact("propose", contact), grave).content.decode()
    assert "特急" in page
    assert "清单第1项" in page
    assert "选择回答后" in seat.post(at_contact("propose", contact), {"plan": "?"}).content.decode()
    assert RiskAssessment.objects.count() == 0


def test_a_draft_comes_back_after_a_crash(seat, contact):
    seat.post(at_contact("draft", contact), {"whereabouts": PLACE, "plan": "CONCRETE", "version": "0", "tab": "a"})
    page = seat.get(at_contact("panel", contact)).content.decode()
    assert PLACE in page
    assert 'value="CONCRETE" checked' in page


def test_assessing_shows_the_result_and_tells_the_form_beside(seat, contact, grave):
    answer = seat.post(
        at_contact("assess", contact), {**grave, "level": "CRITICAL", "whereabouts": PLACE, "version": "0"}
    )
    page = answer.content.decode()
    assert "现行评估" in page
    assert PLACE not in page
    assert "risk-assessed" in answer["HX-Trigger"]
    assert RiskAssessment.objects.get().machine_level == "CRITICAL"


def test_a_refused_lowering_leaves_the_draft_as_it_was(seat, contact, calm):
    form = {**calm, "level": "ROUTINE", "protective_factors": "舍不得妹妹"}
    seat.post(at_contact("draft", contact), form)
    answer = seat.post(at_contact("assess", contact), form, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "舍不得妹妹" in seat.get(at_contact("panel", contact)).content.decode()
    assert seat.post(at_contact("assess", contact), {**form, "reason": "是玩笑话，已确认"}).status_code == 200


def test_the_intervention_stops_the_clock(seat, contact):
    page = seat.post(at_contact("intervene", contact)).content.decode()
    assert "已介入" in page
    assert Clock.objects.filter(met_at=None).count() == 0


def test_where_somebody_is_shows_on_request_and_is_told(seat, contact, grave):
    seat.post(at_contact("assess", contact), {**grave, "level": "CRITICAL", "whereabouts": PLACE})
    assessment = RiskAssessment.objects.get()
    assert PLACE in seat.post(reverse("risk:whereabouts", args=[assessment.pk])).content.decode()
    assert Entry.objects.filter(name="risk.whereabouts-read").count() == 1


def test_elsewhere_it_is_not_there(browser, seat, agent_elsewhere, contact, grave):
    seat.post(at_contact("assess", contact), {**grave, "level": "CRITICAL", "whereabouts": PLACE})
    client, assessment = browser(agent_elsewhere), RiskAssessment.objects.get()
    assert client.get(at_contact("panel", contact)).status_code == 404
    for name in ("propose", "draft", "assess", "intervene"):
        assert client.post(at_contact(name, contact), {**grave, "level": "CRITICAL"}).status_code == 404
    assert client.post(reverse("risk:whereabouts", args=[assessment.pk])).status_code == 404


def test_who_may_only_read_sees_no_form(browser, tree, contact):
    client = browser(tree.person("REVIEWER", tree.station))
    assert "您的判断" not in client.get(at_contact("panel", contact)).content.decode()
    assert client.post(at_contact("intervene", contact)).status_code == 403
