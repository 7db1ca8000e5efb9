"""One page for one crisis: what is missing, the five steps with who and when, whereabouts without a word of them (R-C5)."""

import pytest
from django.urls import reverse

from qingting.core.errors import Invalid, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.risk import services
from qingting.risk.models import StepTaken

pytestmark = pytest.mark.django_db


def page(client, contact) -> str:
    return str(client.get(reverse("risk:crisis", args=[contact.pk])).content.decode())


def test_before_an_assessment_the_page_says_what_to_ask_where_first(here, contact, browser):
    shown = page(browser(here), contact)
    assert "系统识别，还没有人评估" in shown
    assert "你现在在哪里" in shown
    assert "介入还剩" in shown
    assert shown.count("已做") == 5


def test_after_an_assessment_what_is_known_stands_there_and_the_place_only_on_asking(here, contact, grave, browser, at):
    judgement = services.Judgement(
        answers={**grave, "means": "UNKNOWN"},
        level="CRITICAL",
        reason="有计划",
        whereabouts="天河某小区三栋楼顶",
        whereabouts_source="TOLD",
    )
    services.assess(actor=here, contact_id=contact.pk, judgement=judgement, at=at)
    shown = page(browser(here), contact)
    assert "人的判断" in shown
    assert "24小时之内" in shown
    assert "现在拿得到吗" in shown
    assert "本人告知" in shown
    assert "三栋楼顶" not in shown


def test_a_step_is_taken_once_with_who_and_when_and_may_be_taken_back(here, contact, browser, at):
    client, address = browser(here), reverse("risk:crisis-step", args=[contact.pk])
    for _ in range(2):
        client.post(address, {"step": "LINK", "words": "已流转110"})
    assert "已流转110" in page(client, contact)
    client.post(address, {"step": "LINK", "act": "undo"})
    steps, line = page(client, contact).split('id="timeline"')
    assert "已流转110" not in steps
    assert "撤回危机处置步骤：启动联动" in line
    assert services.take_step(actor=here, contact_id=contact.pk, step="LINK", words="", at=at)
    with acting(EVERYTHING):
        assert StepTaken.objects.count() == 2
        names = list(Entry.objects.filter(name__startswith="risk.step").order_by("id").values_list("name", flat=True))
    assert names == ["risk.step-taken", "risk.step-undone", "risk.step-taken"]


def test_an_unknown_step_is_refused(here, contact, at):
    with pytest.raises(Invalid):
        services.take_step(actor=here, contact_id=contact.pk, step="DANCE", words="", at=at)


def test_somebody_elsewhere_sees_no_crisis(contact, agent_elsewhere, browser, at):
    assert browser(agent_elsewhere).get(reverse("risk:crisis", args=[contact.pk])).status_code == 404
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        services.take_step(actor=agent_elsewhere, contact_id=contact.pk, step="LINK", words="", at=at)


def test_one_timeline_tells_who_did_what_and_in_which_words(here, contact, grave, browser, at):
    services.take_step(actor=here, contact_id=contact.pk, step="REPORT", words="已告诉值班长", at=at)
    services.assign_task(actor=here, contact_id=contact.pk, account_id=here.account_id, words="请120", at=at)
    judgement = services.Judgement(answers=grave, level="CRITICAL", reason="已经站在高处", whereabouts="三栋楼顶")
    services.assess(actor=here, contact_id=contact.pk, judgement=judgement, at=at)
    line = page(browser(here), contact).split('id="timeline"')[1]
    for words in ("危机处置：应急上报", "已告诉值班长", "请120", "完成风险评估：特急", "已经站在高处"):
        assert words in line
    assert "三栋楼顶" not in line
