"""A real Chromium for the journeys; each person gets a context of their own, as each has a machine of their own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP, PHONE = (1440, 900), (390, 844)
# An act replaces a look that is under way (hx-sync); htmx tells of that as an error. A real one has a name of its own beside.
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: install Debian's package chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


def _is_complaint(said: ConsoleMessage) -> bool:
    return said.type == "error" and not said.text.startswith(REPLACED)


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """`open_page(phone=True)` opens somebody's page; what its console complains of fails the journey at the end."""
    pages: list[tuple[str, Page]] = []
    complaints: list[str] = []

    def open_one(who: str, *, phone: bool = False) -> Page:
        width, height = PHONE if phone else DESKTOP
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=phone,
            has_touch=phone,
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(f"{who}: {error}"))
        page.on("console", lambda said: _is_complaint(said) and complaints.append(f"{who}: {said.text}"))
        pages.append((who, page))
        return page

    yield open_one
    _keep_pictures(pages, request.node.name)
    for _who, page in pages:
        page.context.close()
    assert not complaints


def _keep_pictures(pages: list[tuple[str, Page]], name: str) -> None:
    """Where QINGTING_PICTURES names a folder, how everybody's page looked at the end."""
    folder = os.environ.get("QINGTING_PICTURES")
    for who, page in pages if folder else []:
        target = Path(str(folder)) / f"{name}-{who}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
