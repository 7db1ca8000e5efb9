"""A phone in Chromium: exercises without network once opened, nothing left on the phone, and no word lost while we can't be reached."""

import os
import shutil

import pytest
from django.templatetags.static import static
from django.urls import reverse
from playwright.sync_api import sync_playwright

from qingting.knowledge import selfhelp

pytestmark = pytest.mark.journey

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "reduced_motion": "reduce"}
A_WHILE = 60_000  # milliseconds that a busy machine may take
PHQ, GAD = (reverse("portal:self-help-scale", args=[code]) for code in ("phq9", "gad7"))


@pytest.fixture
def phone(transactional_db, tree, known_clock_rules, live_server, monkeypatch):
    """A young person's phone: a browser context, and the site's address as `phone.home`."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: install Debian's package chromium"
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        context = chromium.new_context(**PHONE)
        context.set_default_timeout(A_WHILE)
        context.home = live_server.url
        yield context
        chromium.close()


def test_self_help_works_without_network_once_opened_and_item_nine_is_danger(phone):
    page = phone.new_page()
    page.goto(phone.home + reverse("portal:self-help"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "async (address) => Boolean(await caches.match(address))",
        arg=reverse("portal:self-help-module", args=[list(selfhelp.modules())[-1]]),
    )
    page.reload()
    phone.set_offline(offline=True)
    for code, module in selfhelp.modules().items():
        page.goto(phone.home + reverse("portal:self-help-module", args=[code]))
        assert page.locator("h1").inner_text() == module.title
    page.goto(phone.home + PHQ)
    asked: list[str] = []
    icon = static(
        "brand/icon.svg"
    )  # the browser may ask for the page's icon whenever it likes; that tells nobody anything
    page.on("request", lambda request: asked.append(request.url) if not request.url.endswith(icon) else None)
    for number in range(1, 10):
        page.locator(f"input[name=q{number}][value='{int(number == 9)}']").check(force=True)
    assert page.locator("[data-danger-words]").is_visible()
    assert page.locator("[data-danger-words] a[href='tel:12355']").is_visible()
    assert not page.locator("[data-needs-network]:visible").count()  # no way that leads nowhere
    assert page.locator("[data-offline]").is_visible()
    page.get_by_role("button", name="看结果").click()
    assert page.locator("[data-danger-result]").is_visible()
    assert page.locator("[data-offer-words]").is_visible()
    assert not page.locator("[data-band]:visible").count()
    assert asked == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert not [each for each in phone.cookies() if each["name"] != "qt_csrf"]


def test_gad7_works_without_network_once_opened_and_stores_nothing_unless_wished(phone):
    page = phone.new_page()
    page.goto(phone.home + reverse("portal:self-help"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("async (address) => Boolean(await caches.match(address))", arg=GAD)
    page.reload()
    phone.set_offline(offline=True)
    page.goto(phone.home + GAD)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    for number in range(1, 7):
        page.locator(f"input[name=q{number}][value='2']").check(force=True)
    page.get_by_role("button", name="看结果").click()
    page.locator("[data-missing]").wait_for()  # the seventh is still open
    page.locator("input[name=q7][value='2']").check(force=True)
    page.get_by_role("button", name="看结果").click()
    page.locator("[data-sum]", has_text="14").wait_for()
    assert page.locator("[data-band]:visible").get_attribute("data-band") == "14"
    assert page.locator("[data-offer-words]").is_visible()
    assert posted == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.reload()  # gone with the page
    assert not page.locator("input:checked").count()
    assert page.locator("[data-result]").is_hidden()
    assert {each["name"] for each in phone.cookies()} <= {"qt_csrf"}  # no visit was begun


def test_the_exercises_are_kept_in_the_language_that_was_chosen(phone):
    page = phone.new_page()
    page.goto(phone.home + reverse("portal:language", args=["en"]) + "?back=" + PHQ)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("async (address) => Boolean(await caches.match(address))", arg=PHQ)
    page.reload()
    phone.set_offline(offline=True)
    page.goto(phone.home + PHQ)
    page.get_by_text("Thoughts that you would be better off dead").wait_for()


def test_what_is_written_while_we_cant_be_reached_stays_and_goes_out_by_itself(phone):
    page = phone.new_page()
    page.goto(phone.home + reverse("portal:chat"))
    page.get_by_role("button", name="开始聊").click()
    page.wait_for_url("**/chat/talk")
    phone.set_offline(offline=True)
    page.get_by_role("textbox", name="想说的话").fill("有人在吗，我有点怕")
    page.get_by_role("button", name="发送").click()
    page.get_by_text("现在连不上我们").wait_for()
    assert page.locator(".talk-urgent a[href='tel:12355']").is_visible()
    assert page.locator(".bubble.sending").count() == 1
    phone.set_offline(offline=False)
    page.locator(".bubble.seeker[data-seq]").filter(has_text="有人在吗").wait_for()
    assert page.locator(".bubble.seeker").count() == 1


def test_pressing_twice_on_a_slow_network_leaves_one_message(phone):
    page = phone.new_page()
    page.goto(phone.home + reverse("portal:leave-message"))
    page.locator("textarea[name=words]").fill("想知道怎么跟妈妈说")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with page.expect_navigation():
        page.evaluate(
            "() => { const form = document.querySelector('textarea[name=words]').form;"
            " form.requestSubmit(); form.requestSubmit(); form.requestSubmit(); }"
        )
    assert len(sent) == 1
    assert page.get_by_text("想知道怎么跟妈妈说").count() == 1
