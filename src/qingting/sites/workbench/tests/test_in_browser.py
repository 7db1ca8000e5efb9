"""The pages in Chromium: usable by everybody, with the keyboard, and without losing a word."""

import itertools
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import sync_playwright

from qingting.sites.workbench.tests.conftest import TOKEN

pytestmark = pytest.mark.journey

AXE = Path(settings.PACKAGE) / "sites/assets/vendor/axe.min.js"
RULES = '{preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture
def site(transactional_db, live_server, sign_in, agent_here):
    """A running site and somebody signed in to it."""
    sign_in(agent_here)
    return live_server


@pytest.fixture
def browser(site, monkeypatch):
    """One Chromium, started after the database work, since Playwright runs a loop of its own in this thread."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: install Debian's package chromium"
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, site):
    """`opened(path, …)`: a signed-in page; what it complains of is in `page.complaints`."""

    def opened(path, size=SIZES[0], scheme="light"):
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", locale="zh-CN"
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE, "value": TOKEN, "url": site.url}])
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: "Content Security" in said.text and page.complaints.append(said.text))
        page.goto(site.url + path)
        page.wait_for_load_state("load")
        return page

    return opened


@pytest.mark.parametrize("name", ["portal:home", "workbench:home", "workbench:search", "workbench:style"])
def test_everybody_can_use_the_page(opened, name):
    for size, scheme in itertools.product(SIZES, ["light", "dark"]):
        page = opened(reverse(name), size, scheme)
        found = page.evaluate(f"{AXE.read_text()};axe.run(document, {RULES})")["violations"]
        told = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
        assert (size, scheme, told) == (size, scheme, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", ["portal:home", "workbench:home", "workbench:style"])
def test_the_page_asks_for_nothing_its_policy_forbids(opened, name):
    assert opened(reverse(name)).complaints == []


def test_keys_work_and_the_help_lists_them(opened):
    page = opened(reverse("workbench:home"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("?")  # while typing, a key is a letter
    assert not page.locator("#help").is_visible()
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    assert "搜索" in page.locator("[data-keys-list]").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()


def test_the_theme_is_kept_for_the_next_page(opened):
    page = opened(reverse("workbench:home"))
    page.locator("details.menu:has([data-theme-choice]) > summary").click()
    page.locator("[data-theme-choice=dark]").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_three_escapes_leave_the_site_for_good(opened, site):
    page = opened(reverse("portal:home"))
    page.route("https://www.weather.com.cn/**", lambda route: route.fulfill(body="天气"))
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.com.cn/**")
    page.go_back()
    assert site.url not in page.url


def test_a_draft_is_saved_as_typed_and_survives_a_swap(opened):
    page = opened(reverse("workbench:style"))
    saved, answers = [], [503]
    page.route(
        "**/draft",
        lambda route: (saved.append(route.request.post_data), route.fulfill(status=answers.pop() if answers else 204)),
    )
    form = page.locator("form[data-draft-url]")
    form.evaluate("form => form.dataset.draftUrl = '/draft'")
    page.locator("#s-notes").type("她说今晚")
    page.locator("[data-draft-state][data-state=unsaved]").wait_for()
    page.locator("[data-draft-state][data-state=saved]").wait_for()
    assert len(saved) == 2
    page.evaluate("""() => {
        const form = document.querySelector("form[data-draft-url]");
        const drawnAgain = form.cloneNode(true);
        drawnAgain.querySelector("#s-notes").value = "";
        form.replaceWith(drawnAgain);
        htmx.trigger(document.body, "htmx:afterSettle");
    }""")
    assert page.locator("#s-notes").input_value() == "她说今晚"


def test_a_refusal_is_shown_where_one_looks(opened):
    page = opened(reverse("workbench:style"))
    page.evaluate("""htmx.ajax("POST", "/workbench/push-token", {values: {permit: "x"}, target: "#dialogs"})""")
    page.locator("#refusal .refusal").wait_for()
    assert "这个页面不能再接收更新" in page.locator("#refusal").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#refusal .refusal").count() == 0
