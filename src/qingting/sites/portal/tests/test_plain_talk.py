"""A phone without script, or with one too old: the talk works by forms alone, and nothing is stored twice."""

import re

import pytest
from django.urls import reverse

from qingting.chat.models import Message
from qingting.core.scope import EVERYTHING, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client, tree, known_clock_rules):
    """A phone that has begun a talk."""
    client.post(reverse("portal:start"), {"skill": "PSYCHOLOGY"})
    return client


def shown(phone) -> str:
    return str(phone.get(reverse("portal:talk")).content.decode())


def test_what_is_written_is_stored_once_and_shown(phone):
    key = re.search(r'name="key" value="([^"]+)"', shown(phone))[1]
    for _ in range(2):
        phone.post(reverse("portal:say"), {"words": "今天有点难过", "key": key})
    with acting(EVERYTHING):
        assert Message.objects.filter(author="SEEKER").count() == 1
    plain = re.search(r"<noscript><ol.*?</noscript>", shown(phone), re.DOTALL)[0]
    assert "今天有点难过" in plain


def test_danger_shows_the_numbers_at_once(phone):
    phone.post(reverse("portal:say"), {"words": "我站在楼顶，不想活了", "key": "k"})
    urgent = re.search(r"<p class=\"talk-urgent\"[^>]*>", shown(phone))[0]
    assert "hidden" not in urgent


def test_nothing_written_is_nothing_stored(phone):
    phone.post(reverse("portal:say"), {"words": "  ", "key": "k"})
    with acting(EVERYTHING):
        assert not Message.objects.filter(author="SEEKER").exists()


def test_a_stranger_is_led_to_the_entrance(client, tree):
    assert client.post(reverse("portal:say"), {"words": "喂"}).url == reverse("portal:chat")


def test_where_it_stands_is_said_without_script(phone):
    assert "正在接通" not in shown(phone)
    assert re.search(r"data-talk-state>(正在为你找|老师还没有来)", shown(phone))


def test_when_the_house_breaks_the_page_says_which_numbers_work_without_us(client, db, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("qingting.sites.portal.help_views.the_station", broken)
    client.raise_request_exception = False
    answer = client.get(reverse("portal:help"))
    assert answer.status_code == 500
    text = answer.content.decode()
    assert all(f'href="tel:{number}"' in text for number in ("110", "120", "12355"))
    assert 'http-equiv="refresh"' in text
