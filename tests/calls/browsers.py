"""People at browsers in real calls: each speaks one tone, and what their page plays is measured."""

import asyncio
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Browser, Page, async_playwright, expect

from qingting.simulation.telephones.phone import Phone, Talk
from tests.calls.stage import CALLER, COLLEAGUE, LEADER, POLICE, SEAT, hears, number_for
from tests.platform import Platform

VOICES = (Path(__file__).parent / "voices.js").read_text("utf-8")
TONES = {"counsellor": SEAT, "counsellor2": COLLEAGUE, "leader": LEADER, "110": POLICE}
HEARD, SILENT = 0.08, 0.01  # of 0.3, as a tone of ours arrives
PATIENCE = 40_000  # milliseconds that a busy machine may take to show something
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Person:
    """Somebody with a telephone in their page."""

    name: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def tone(self) -> float:
        return TONES[self.name]

    async def is_rung(self) -> None:
        await expect(self.page.locator("[data-press=answer], [data-answer]").first).to_be_visible(timeout=PATIENCE)

    async def answers(self) -> None:
        """Pick up as soon as it rings."""
        await self.is_rung()
        await self.page.locator("[data-press=answer], [data-answer]").first.click()

    async def presses(self, words: str | re.Pattern[str], *, within: str = "#telephone, #phone") -> None:
        """A button that can be seen, by what stands on it; of the telephone unless told."""
        place = self.page.locator(within)
        await place.locator("button:visible", has_text=words).first.click(timeout=PATIENCE)

    async def reads(self, words: str | re.Pattern[str]) -> None:
        """It stands in the telephone's panel."""
        await expect(self.page.locator("#telephone, #phone").first).to_contain_text(words, timeout=PATIENCE)

    async def level(self, tone: float) -> float:
        """How loud the page plays this tone; 0 where it is just being loaded anew."""
        return float(await self.page.evaluate("hertz => window.heard?.(hertz) ?? 0", tone))

    async def hears(self, tone: float) -> None:
        """Until this one hears the tone."""
        await _until(lambda: self._is(tone, lambda found: found > HEARD), f"{self.name} to hear {tone} Hz")

    async def hears_nothing_of(self, tone: float) -> None:
        """It falls silent, and stays so for a second and a half."""
        await _until(lambda: self._is(tone, lambda found: found < SILENT), f"{self.name} no longer to hear {tone} Hz")
        for _ in range(5):
            await asyncio.sleep(0.3)
            found = await self.level(tone)
            assert found < SILENT, f"{self.name} hears {tone} Hz: {found:.3f}"

    async def _is(self, tone: float, wanted: Callable[[float], bool]) -> bool:
        try:
            return wanted(await self.level(tone))
        except Exception as error:
            if "Execution context was destroyed" in str(error) or "navigation" in str(error):
                return False
            raise


async def _until(condition: Callable[[], Any], what: str) -> None:
    ends = asyncio.get_running_loop().time() + PATIENCE / 1000
    while not await condition():
        assert asyncio.get_running_loop().time() < ends, f"waited in vain for {what}"
        await asyncio.sleep(0.15)


@dataclass
class Company:
    """One test's people: browsers at seats and at the 110, and callers at telephones. `address`: where browsers find the
    platform, if not where it listens."""

    platform: Platform
    browser: Browser
    address: str = ""
    people: list[Person] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)

    async def sits(self, name: str, path: str = "/workbench/seat/", *, state: str = "READY") -> Person:
        """Signed in at a seat whose telephone would ring, with the microphone allowed."""
        member = await asyncio.to_thread(
            self.platform.staff, name, organisation="广东12355" if name == "leader" else ""
        )
        person = await self._opens(name, (self.address or self.platform.http) + path, member.browser.client)
        await expect(person.page.locator("#telephone-button[data-state=ready]")).to_be_visible(timeout=PATIENCE)
        await asyncio.to_thread(member.browser.post, "/duty/presence/set", {"state": state})
        return person

    async def police(self) -> Person:
        """The operator of the 110 at the desk's telephone."""
        operator = await asyncio.to_thread(self.platform.operator)
        person = await self._opens("110", f"{self.platform.desk}/telephone", operator.browser.client)
        await expect(person.page.get_by_text("电话就绪")).to_be_visible(timeout=PATIENCE)
        return person

    async def incident(self, police: Person, case: int) -> Page:
        """The incident that this case was handed over as, once the desk lists it, in another tab of the operator's."""
        question = f"SELECT link_id FROM linkage_handoff WHERE case_id = {case}"
        ((link,),) = await asyncio.to_thread(self.platform.sql, question)
        page = await police.page.context.new_page()
        await page.goto(self.platform.desk)
        await page.locator(f'[data-testid=incident][data-id="{link}"]').get_by_role("link").click(timeout=PATIENCE)
        return page

    async def talk(self) -> tuple[Person, Talk]:
        """A counsellor and somebody who has called, who hear each other."""
        seat, caller = await self.sits("counsellor"), await self.calls()
        await seat.answers()
        await seat.hears(CALLER)
        await hears(caller, SEAT, seconds=90)
        return seat, caller

    async def calls(self, number: str = "") -> Talk:
        """Somebody dials 12355 at a telephone, and cuts the greeting short."""
        phone = await Phone(CALLER).plug_in()
        self.phones.append(phone)
        asterisk = ("127.0.0.1", self.platform.rehearsal.sip_port)
        talk = phone.call("12355", asterisk, caller=number or number_for())
        await asyncio.wait_for(talk.answered.wait(), 30)
        await asyncio.sleep(0.5)
        talk.press("9")
        return talk

    def leave(self) -> None:
        for phone in self.phones:
            phone.unplug()

    async def _opens(self, name: str, url: str, signed_in: httpx.Client) -> Person:
        context = await self.browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["microphone"],
        )
        context.set_default_navigation_timeout(3 * PATIENCE)
        where = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        await context.add_cookies(
            [{"name": one.name, "value": one.value or "", "url": where} for one in signed_in.cookies.jar]
        )
        await context.add_init_script(VOICES.replace("HERTZ", str(TONES[name])))
        page = await context.new_page()
        person = Person(name, page)
        page.on("pageerror", lambda error: person.complaints.append(f"{name}: {error}"))
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        self.people.append(person)
        await page.goto(url)
        return person


Scene = Callable[[Company], Any]


async def play(platform: Platform, scene: Scene, *more: str) -> None:
    """Open a browser, play the scene, close it. What a page's scripts complain of fails the scene. `more`: arguments."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: install Debian's package chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *more])
        company = Company(platform, browser)
        try:
            async with asyncio.timeout(240):
                await scene(company)
        finally:
            company.leave()
            await browser.close()
    assert not [words for person in company.people for words in person.complaints]
