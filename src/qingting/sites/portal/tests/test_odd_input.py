"""Whatever a phone, a broken keyboard or an attacker sends, nothing ends in an error page and no word is lost for one bad character."""

import json

import pytest
from django.db import DataError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from qingting.chat.models import Message
from qingting.core.incoming import json_object, whole_number
from qingting.core.middleware import DomainErrors
from qingting.core.scope import EVERYTHING, acting
from qingting.reception.models import LeftMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client, tree, known_clock_rules):
    """A phone that has begun a talk."""
    client.post(reverse("portal:start"), {"skill": "PSYCHOLOGY"})
    return client


def say(phone, body: bytes):
    return phone.post(
        reverse("portal:messages"), data=body, content_type="application/json", HTTP_ACCEPT="application/json"
    )


def test_half_an_emoji_costs_no_message(phone):
    answer = say(phone, b'{"text": "\\u6211\\u597d\\u6015\\ud83d", "key": "k\\ud83d"}')
    assert answer.status_code == 201
    with acting(EVERYTHING):
        assert Message.objects.filter(author="SEEKER").count() == 1
    shown = phone.get(reverse("portal:messages")).json()["messages"]
    assert any(one["text"] == "我好怕\ufffd" for one in shown)


@pytest.mark.parametrize(
    "body",
    [b'{"text": "\\u5728", "key": "a\\u0000b"}', json.dumps({"text": "在", "key": "x" * 5000}).encode()],
    ids=["a key with NUL", "an endless key"],
)
def test_an_odd_key_still_stores_the_words(phone, body):
    assert say(phone, body).status_code == 201


@pytest.mark.parametrize("body", [b"[" * 50_000, b'{"text":' + b"[" * 50_000, b"\xff", b"", b"[]", b"null"])
def test_what_is_no_message_is_refused_in_words(phone, body):
    answer = say(phone, body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "chat.message.malformed"


@pytest.mark.parametrize("number", ["²", "٣", "-1", "9" * 30, "１"])
def test_odd_numbers_in_addresses_and_forms_count_as_none(phone, number):
    assert phone.get(reverse("portal:messages"), {"after": number}).status_code == 200
    assert phone.post(reverse("portal:read"), {"upto": number}).status_code == 204
    assert whole_number(number) == 0


def test_a_left_message_with_a_nul_in_it_is_kept(client, tree, known_clock_rules):
    sent = {"kind": "MESSAGE", "words": "今天\0很难过"}
    assert client.post(reverse("portal:leave-message"), sent).status_code == 302
    with acting(EVERYTHING):
        assert LeftMessage.objects.count() == 1
    assert "今天很难过" in client.get(reverse("portal:leave-message")).content.decode()


def test_no_state_or_an_unknown_one_is_refused_in_words(agent_here, browser):
    client = browser(agent_here)
    for sent in ({}, {"state": "DANCING"}):
        assert client.post(reverse("duty:set-presence"), sent, HTTP_ACCEPT="application/json").status_code == 422


@pytest.mark.parametrize("fault", [DataError("out of range"), OverflowError("date value out of range")])
def test_a_value_that_fits_no_column_is_a_refusal_and_no_error_page(rf: RequestFactory, fault):
    request = rf.post("/", HTTP_ACCEPT="application/json")
    answer = DomainErrors(lambda _: HttpResponse()).process_exception(request, fault)
    assert answer is not None
    assert answer.status_code == 422


@pytest.mark.parametrize("days", [{"until": "9999-12-31"}, {"since": "0001-01-01"}, {"since": "2026-02-30"}])
def test_a_search_up_to_the_end_of_time_just_searches(browser, leader_here, days):
    found = browser(leader_here).post(reverse("orders:search"), {"words": "家访", **days}, follow=True)
    assert found.status_code == 200


def test_an_object_keeps_what_was_whole():
    assert json_object('{"字": ["好", 1, null]}'.encode()) == {"字": ["好", 1, None]}
