"""Exercises and scales open without a name, work without script, and send nothing unless wished."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from qingting.chat.models import Conversation, Message, Visit
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import ClockRule
from qingting.knowledge import selfhelp

pytestmark = pytest.mark.django_db
PHQ = reverse("portal:self-help-scale", args=["phq9"])
WELL = {f"q{number}": "0" for number in range(1, 10)}


@pytest.fixture
def phone(tree):
    ClockRule.objects.create(
        kind="CRISIS_INTERVENTION", minutes=30, warn_minutes_before=10, escalate_minutes=10, source="测试"
    )
    return Client()


def test_every_exercise_opens(phone):
    assert phone.get(reverse("portal:self-help")).status_code == 200
    for code, module in selfhelp.modules().items():
        page = phone.get(reverse("portal:self-help-module", args=[code])).content.decode()
        assert all(step.title in page for step in module.steps)


def test_a_result_is_shown_without_script_and_kept_nowhere(phone):
    page = phone.post(PHQ, {**WELL, "q1": "2"}).content.decode()
    assert "<strong data-sum>2</strong>" in page
    with acting(EVERYTHING):
        assert not Visit.objects.exists()
    assert settings.VISIT_COOKIE not in phone.cookies


def test_an_unanswered_question_is_asked_for_again(phone):
    answer = phone.post(PHQ, {"q1": "1"})
    assert answer.status_code == 422
    assert "还有题没有选" in answer.content.decode()


def test_wished_the_result_goes_along_and_danger_is_seen(phone):
    talk = reverse("portal:self-help-take-along", args=["phq9"])
    assert phone.post(talk, {**WELL, "q9": "1"}).url == reverse("portal:talk")
    with acting(EVERYTHING):
        conversation = Conversation.objects.get()
        assert "满分27" in Message.objects.get(author="SEEKER").text
    assert conversation.danger_level in {"URGENT", "CRITICAL"}
    phone.post(talk, {**WELL, "q9": "1"})
    with acting(EVERYTHING):
        assert Conversation.objects.count() == 1


def test_the_worker_keeps_exercises_and_never_the_chat(phone):
    answer = phone.get(reverse("portal:self-help-worker"))
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("portal:self-help-module", args=["breathing"]) in script
    assert "/chat/" not in script


def test_a_low_sum_reassures_nobody_who_thinks_of_dying(phone):
    page = phone.post(PHQ, {**WELL, "q9": "1"}).content.decode()
    assert "分数不是最要紧的" in page.split("data-danger-result>")[1]
    assert not re.search(r'data-band="\d+">', page)  # every band stays hidden
    well = phone.post(PHQ, WELL).content.decode()
    assert "data-danger-result hidden" in well
    assert re.search(r'data-band="\d+">', well)
