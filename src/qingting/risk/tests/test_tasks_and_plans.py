"""Who does what, the C-SSRS screener and the safety plan (R-C5)."""

import pytest
from django.test import Client
from django.urls import reverse

from qingting.contacts.models import Contact
from qingting.contacts.selectors import form_values
from qingting.core.crypto import unseal
from qingting.core.errors import DomainError, Invalid, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.services import set_presence
from qingting.risk import rules, selectors, services
from qingting.risk.models import CrisisTask, CssrsScreen, SafetyPlan
from qingting.risk.services import CssrsAnswer
from qingting.risk.states import CSSRS, PLAN_STEPS

pytestmark = pytest.mark.django_db
NOTHING = dict.fromkeys(CSSRS, "NO")


class TestTasks:
    def test_a_colleague_is_given_something_and_it_is_done_with_who_and_when(self, here, leader_here, contact, at):
        with acting(leader_here.scope):
            set_presence(actor=leader_here, state="NOT_READY", at=at)
        task = services.assign_task(
            actor=here, contact_id=contact.pk, account_id=leader_here.account_id, words="联系监护人", at=at
        )
        with acting(leader_here.scope):
            services.finish_task(actor=leader_here, task_id=task.pk, words="妈妈在路上", at=at)
            with pytest.raises(DomainError):
                services.cancel_task(actor=leader_here, task_id=task.pk, at=at)
        task.refresh_from_db()
        assert (task.done_by_account_id, task.done_words) == (leader_here.account_id, "妈妈在路上")
        with acting(EVERYTHING):
            assert not any("妈妈" in str(entry.data) for entry in Entry.objects.all())

    def test_who_is_not_here_is_given_nothing(self, here, leader_here, contact, at):
        with pytest.raises(DomainError):
            services.assign_task(
                actor=here, contact_id=contact.pk, account_id=leader_here.account_id, words="联系学校", at=at
            )
        assert not CrisisTask.objects.exists()

    def test_the_page_shows_it(self, here, contact, browser):
        client = browser(here)
        address = reverse("risk:crisis-task", args=[contact.pk])
        client.post(address, {"to": str(here.account_id), "words": "请120"})
        assert "请120" in client.get(reverse("risk:crisis", args=[contact.pk])).content.decode()

    def test_somebody_elsewhere_can_not(self, contact, agent_elsewhere, at):
        with acting(agent_elsewhere.scope), pytest.raises(NotFound):
            services.assign_task(actor=agent_elsewhere, contact_id=contact.pk, account_id=1, words="联系学校", at=at)


class TestCssrs:
    @pytest.mark.parametrize(
        ("answers", "risk"),
        [
            ({}, "NONE"),
            ({"wish_dead": "YES"}, "LOW"),
            ({"thoughts": "YES"}, "LOW"),
            ({"method": "YES"}, "MODERATE"),
            ({"behaviour": "LIFETIME"}, "MODERATE"),
            ({"intent": "YES"}, "HIGH"),
            ({"plan": "YES"}, "HIGH"),
            ({"behaviour": "RECENT"}, "HIGH"),
            ({"wish_dead": "UNKNOWN", "behaviour": "RECENT", "intent": "NO"}, "HIGH"),
        ],
    )
    def test_the_worst_answer_wins(self, answers, risk):
        assert rules.cssrs_risk({**NOTHING, **answers}) == risk

    def test_below_what_it_calls_for_a_reason_is_needed_and_the_person_decides(self, here, contact, at):
        answers = {**NOTHING, "plan": "YES"}
        with pytest.raises(Invalid):
            services.record_cssrs(actor=here, contact_id=contact.pk, given=CssrsAnswer(answers, "ROUTINE"), at=at)
        given = CssrsAnswer(answers, "ROUTINE", "妈妈已收走药，在身边")
        assert services.record_cssrs(actor=here, contact_id=contact.pk, given=given, at=at).risk == "HIGH"

    def test_it_raises_the_contact_and_never_lowers_it(self, here, contact, at):
        for level in ("CRITICAL", "ROUTINE"):
            services.record_cssrs(actor=here, contact_id=contact.pk, given=CssrsAnswer(NOTHING, level), at=at)
        assert form_values(Contact.objects.get(pk=contact.pk))["risk_level"] == "CRITICAL"
        assert CssrsScreen.objects.count() == 2

    def test_an_unanswered_question_is_named(self, here, contact, at):
        with pytest.raises(Invalid):
            services.record_cssrs(actor=here, contact_id=contact.pk, given=CssrsAnswer({}, "URGENT"), at=at)


class TestSafetyPlan:
    @pytest.fixture
    def plan(self, here, contact, at):
        steps = {"signs": "一个人在宿舍，心跳很快", "people": "姐姐 13800138000"}
        return services.write_plan(actor=here, contact_id=contact.pk, steps=steps, at=at)

    def private_page(self, token) -> tuple[int, str]:
        answer = Client().get(reverse("safety-plan", args=[token]))
        return answer.status_code, answer.content.decode()

    def test_it_has_the_six_steps_and_a_reason_to_live(self):
        assert list(PLAN_STEPS) == ["signs", "alone", "distraction", "people", "professionals", "safety", "reason"]

    def test_its_words_are_sealed_and_reading_is_journalled(self, here, contact, plan, at):
        assert "姐姐".encode() not in bytes(plan.sealed)
        found, said = selectors.plan_words(here, contact.pk, at=at)
        assert (found.pk, said["people"]) == (plan.pk, "姐姐 13800138000")
        with acting(EVERYTHING):
            assert Entry.objects.filter(name="risk.plan-read").count() == 1

    def test_the_young_person_reads_it_by_their_link_until_it_is_closed(self, here, contact, plan, at):
        shared = services.share_plan(actor=here, contact_id=contact.pk, at=time_now())
        token = selectors.plan_token(shared)
        assert "姐姐" in self.private_page(token)[1]
        services.stop_sharing(actor=here, contact_id=contact.pk, at=at)
        status, words = self.private_page(token)
        assert status == 404
        assert "姐姐" not in words

    def test_a_new_version_keeps_the_link(self, here, contact, plan, at):
        token = selectors.plan_token(services.share_plan(actor=here, contact_id=contact.pk, at=time_now()))
        services.write_plan(actor=here, contact_id=contact.pk, steps={"alone": "抱着猫"}, at=at)
        assert "抱着猫" in self.private_page(token)[1]
        assert SafetyPlan.objects.count() == 2

    def test_a_guessed_link_shows_nothing(self, plan):
        assert self.private_page("x" * 32)[0] == 404

    def test_an_empty_plan_is_refused(self, here, contact, at):
        with pytest.raises(Invalid):
            services.write_plan(actor=here, contact_id=contact.pk, steps={"signs": "  "}, at=at)

    def test_rotation_seals_plan_and_link_anew(self, here, contact, plan, at, monkeypatch):
        services.share_plan(actor=here, contact_id=contact.pk, at=at)
        assert services.rotate_plans(at=at) == 0
        SafetyPlan.objects.update(key_version=0)
        assert services.rotate_plans(at=at) == 1
        plan.refresh_from_db()
        assert unseal(bytes(plan.sealed), field=selectors.PLAN_SEALED)

    def test_the_page_is_written_and_printed(self, here, contact, browser):
        client, address = browser(here), reverse("risk:plan", args=[contact.pk])
        client.post(address, {"signs": "睡不着", "reason": "我的狗"})
        shown = client.get(address).content.decode()
        assert "睡不着" in shown
        client.post(reverse("risk:share-plan", args=[contact.pk]), {"act": "open"})
        assert "/p/" in client.get(address).content.decode()

    def test_somebody_elsewhere_sees_no_plan(self, contact, plan, agent_elsewhere, browser, at):
        assert browser(agent_elsewhere).get(reverse("risk:plan", args=[contact.pk])).status_code == 404


def time_now():
    """The private page asks the real clock whether its link ran out."""
    from qingting.core import time

    return time.now()
