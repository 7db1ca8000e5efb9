"""Pages at the door: taking over by one click, messages left and answered, settings; each only for who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qingting.core import time
from qingting.core.crypto import add_key
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.reception import services
from qingting.reception.models import Alert, Attendance, LeftMessage, Setting, Watch

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def phone(house) -> Client:
    return Client()


LEAVE = reverse("portal:leave-message")


def leave(client, **fields):
    return client.post(LEAVE, {"kind": "MESSAGE", "words": "", "phone": "", "when": "", **fields}, follow=True)


def test_one_click_takes_the_talk_from_the_machine(say, talk, agent_here, browser):
    say("网贷还不上")
    client = browser(agent_here)
    assert "我来接" in client.get(reverse("reception:home")).content.decode()
    taken = client.post(reverse("reception:take", args=[talk.id]))
    assert taken.url == reverse("workbench:seat-conversation", args=[talk.id])
    with acting(EVERYTHING):
        assert Attendance.objects.get().silenced_by_account_id == agent_here.account_id
    assert client.post(reverse("reception:take", args=[talk.id])).status_code == 409


def test_pages_open_for_the_leader_and_settings_not_for_a_counsellor(say, leader_here, agent_here, browser):
    say("我要找人")
    leader = browser(leader_here)
    for name in ("home", "alerts", "left-list", "targets", "setting"):
        assert leader.get(reverse(f"reception:{name}")).status_code == 200, name
    with acting(EVERYTHING):
        alert = Alert.objects.get()
    assert "叫了谁" in leader.get(reverse("reception:alert", args=[alert.pk])).content.decode()
    assert browser(agent_here).get(reverse("reception:setting")).status_code == 403


def test_the_leader_sets_the_night_and_the_watch(house, leader_here, agent_here, browser):
    client = browser(leader_here)
    wish = {"night_on": "on", "begins": "22:00", "ends": "08:00", "patience": "30"}
    assert client.post(reverse("reception:setting"), wish).status_code == 302
    assert client.post(reverse("reception:setting"), {**wish, "ends": "22:00"}).status_code == 422
    client.post(reverse("reception:watch"), {"account": [agent_here.account_id, "0"]})
    with acting(EVERYTHING):
        assert Setting.objects.get().night_begins.hour == 22
        assert Watch.objects.get().account_id == agent_here.account_id


def test_a_message_is_left_answered_and_read_on_the_same_phone(phone, agent_here, browser):
    assert "收到了" in leave(phone, words="想知道怎么跟妈妈说").content.decode()
    with acting(EVERYTHING):
        row = LeftMessage.objects.get()
        assert Clock.objects.get(subject_kind="left_message").kind == "MESSAGE_REPLY"
    client = browser(agent_here)
    assert "想知道怎么跟妈妈说" in client.get(reverse("reception:left-list")).content.decode()
    client.post(reverse("reception:answer-left", args=[row.pk]), {"reply": "可以先写一张纸条。"})
    assert "可以先写一张纸条" in phone.get(LEAVE).content.decode()
    assert "可以先写一张纸条" not in Client().get(LEAVE).content.decode()
    with acting(EVERYTHING):
        assert Clock.objects.get(subject_kind="left_message").met_at is not None
    assert client.post(reverse("reception:answer-left", args=[row.pk]), {"reply": "再来"}).status_code == 409


def test_a_callback_needs_a_number_which_stands_sealed_and_is_read_on_record(phone, agent_here, browser):
    assert leave(phone, kind="CALLBACK", phone="12").status_code == 422
    leave(phone, kind="CALLBACK", phone="13800000000", when="周六下午")
    with acting(EVERYTHING):
        row = LeftMessage.objects.get()
    assert b"13800000000" not in bytes(row.phone_sealed)
    shown = browser(agent_here).post(reverse("reception:number", args=[row.pk])).content.decode()
    assert "13800000000" in shown
    with acting(EVERYTHING):
        assert Entry.objects.get(name="reception.number-read").account_id == agent_here.account_id


def test_danger_in_a_message_calls_somebody_and_shows_the_numbers(phone):
    page = leave(phone, words="我不想活了，药已经买好了，今晚就吃").content.decode()
    assert "不要等回复" in page
    assert "tel:120" in page
    with acting(EVERYTHING):
        assert Alert.objects.get().subject_kind == "left_message"


def test_somebody_elsewhere_reads_no_message(phone, agent_elsewhere, browser):
    leave(phone, words="想知道怎么跟妈妈说")
    with acting(EVERYTHING):
        row = LeftMessage.objects.get()
    assert browser(agent_elsewhere).get(reverse("reception:left", args=[row.pk])).status_code == 404


def test_numbers_and_targets_are_sealed_anew_with_a_new_key(phone, agent_here, at):
    leave(phone, kind="CALLBACK", phone="13800000000")
    with acting(agent_here.scope):
        services.add_target(actor=agent_here, kind="BARK", label="", address="barks://devicekey@api.day.app", at=at)
    add_key()
    assert services.rotate_numbers(at=at) == 1
    assert services.rotate_targets(at=at) == 1
    assert services.rotate_numbers(at=at) == services.rotate_targets(at=at) == 0


def test_the_seekers_page_shows_the_source_and_the_ways(phone):
    phone.post(reverse("portal:start"), {"skill": "PSYCHOLOGY"})
    with acting(EVERYTHING):
        from qingting.chat.models import Conversation

        talk = Conversation.objects.get()
        Conversation.objects.update(started_at=talk.started_at - timedelta(minutes=2))
    services.attend_waiting(at=time.now())
    assert phone.get(reverse("portal:state")).json()["machine"] is True
    body = {"text": "网贷还不上被催收", "key": "k1"}
    phone.post(reverse("portal:messages"), body, content_type="application/json")
    answer = phone.get(reverse("portal:messages")).json()
    [sources] = [held for held in answer["sources"].values() if held]
    assert sources[0]["title"].startswith("欠了网贷")
    assert phone.get(sources[0]["url"]).status_code == 200
    phone.cookies["page_language"] = "zh-hant"
    there = phone.get(reverse("portal:messages")).json()["sources"].values()
    assert [held[0]["title"] for held in there if held] == ["欠了網貸，被催債怎麼辦"]


def test_each_page_leads_to_the_others_and_says_what_is_open(say, leader_here, browser):
    say("我要找人")
    client = browser(leader_here)
    for name in ("home", "alerts", "left-list", "targets", "setting"):
        page = client.get(reverse(f"reception:{name}")).content.decode()
        assert reverse("reception:setting") in page, name
        assert '<span class="badge critical">1</span>' in page, name
