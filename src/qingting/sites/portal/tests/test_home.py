"""The front door: numbers first, limits said, nothing left behind."""

import re

import pytest
from django.urls import reverse


@pytest.fixture
def page(client, db):
    """The front door as anybody gets it."""
    return client.get(reverse("portal:home"))


def test_emergency_numbers_come_before_everything_else(page):
    text = page.content.decode()
    numbers = [text.index(f'href="tel:{number}"') for number in ("110", "120", "12355")]
    assert numbers == sorted(numbers)
    assert numbers[-1] < text.index("<main")


def test_it_says_what_is_kept_secret_and_what_is_not(page):
    text = page.content.decode()
    assert "我们替你保密" in text
    assert "必须找人帮忙" in text
    assert "有生命危险" in text


def test_the_title_gives_nothing_away(page):
    assert re.search(r"<title>(.*?)</title>", page.content.decode(), re.DOTALL).group(1) == "青听"


def test_nothing_stays_in_the_browser(page):
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies


def test_it_keeps_to_the_content_policy(page):
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|<style", text)
    assert re.findall(r'(?:src|action)="(https?:)?//', text) == []
    assert re.findall(r'href="(https?://[^"]+)"', text) == ["https://www.weather.com.cn/"]


def test_without_script_the_numbers_are_still_there(page):
    noscript = re.search(r"<noscript>(.*?)</noscript>", page.content.decode(), re.DOTALL).group(1)
    assert all(number in noscript for number in ("12355", "110", "120"))


def test_the_brand_and_the_icons_exist(client, db):
    for name in ("tokens.css", "portal.css", "icons.svg", "brand/mark.svg", "brand/icon-180.png", "js/quick_exit.js"):
        assert client.get(f"/static/{name}").status_code == 200
