"""Searching, and keeping what is searched for out of addresses and logs."""

import pytest
from django.urls import reverse

from qingting.sites.workbench import searching


def found_everywhere(actor, text, *, at):
    """A room that finds something for everybody."""
    return [
        {"title": "个案", "results": [{"title": f"找到{text}", "line": "广州", "url": "/somewhere"}]},
        {"title": "工单", "results": []},
    ]


@pytest.fixture
def one_room(monkeypatch):
    """Only one room answers."""
    monkeypatch.setattr(searching, "PROVIDERS", [f"{__name__}.found_everywhere"])


def test_words_are_carried_on_without_being_readable(sign_in, agent_here, one_room):
    client = sign_in(agent_here)
    answer = client.post(reverse("workbench:search"), {"q": " 13800138000 "})
    assert answer.status_code == 302
    assert "138" not in answer.url
    text = client.get(answer.url).content.decode()
    assert "找到13800138000" in text
    assert "工单</h2>" not in text


def test_another_session_cannot_read_them(agent_here):
    word = searching.sealed("小雨", 1)
    assert searching.unsealed(word, 1) == "小雨"
    assert searching.unsealed(word, 2) == ""
    assert searching.unsealed("nonsense", 1) == ""
    assert searching.unsealed("", 1) == ""


def test_one_character_finds_nothing_and_says_why(sign_in, agent_here, one_room):
    client = sign_in(agent_here)
    text = client.post(reverse("workbench:search"), {"q": "雨"}, follow=True).content.decode()
    assert "至少输入两个字" in text


def test_finding_nothing_says_what_to_try(sign_in, agent_here, monkeypatch):
    monkeypatch.setattr(searching, "PROVIDERS", [])
    text = sign_in(agent_here).post(reverse("workbench:search"), {"q": "小雨"}, follow=True).content.decode()
    assert "没有找到“小雨”" in text
