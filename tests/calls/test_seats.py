"""The telephone in the browser, with real calls: what people press, and what each of them hears."""

import asyncio
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.async_api import expect

from launcher.rehearsal import clear_away, rehearsal
from tests.calls.browsers import PATIENCE, Company, Person, Scene, play
from tests.calls.conftest import open_calls, telephone_is_heard
from tests.calls.matters import hands_off, let_an_hour_pass, timeline
from tests.calls.stage import CALLER, COLLEAGUE, LEADER, POLICE, SEAT, hears, hears_nothing_of
from tests.platform import Platform, eventually

pytestmark = pytest.mark.calls


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform whose 110 is the reference desk's own telephone."""
    settings = {"QINGTING_TELEPHONE": "on", "QINGTING_RTP_PORTS": "18000-18999"}
    with rehearsal(tmp_path_factory.mktemp("seats") / "var", **settings) as started:
        platform = Platform(started)
        eventually(lambda: telephone_is_heard(platform), "Asterisk to be heard", seconds=180)
        yield platform
    clear_away(started)


@pytest.fixture
def played(station: Platform) -> Callable[[Scene], None]:
    """Plays a scene with nobody else on the line, and nobody else at a seat."""
    for name in ("counsellor", "counsellor2", "leader"):
        member = station.staff(name, organisation="广东12355" if name == "leader" else "")
        member.browser.post("/duty/presence/set", {"state": "OFFLINE"})
    eventually(lambda: not open_calls(station), "all calls to be over")
    return lambda scene: asyncio.run(play(station, scene))


def test_a_call_is_answered_muted_and_held(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        await seat.reads("来电人")
        await seat.page.keyboard.press("Alt+j")
        await hears_nothing_of(caller, SEAT)
        await seat.page.keyboard.press("Alt+j")
        await hears(caller, SEAT)

        await seat.page.keyboard.press("Alt+b")
        await seat.reads("恢复通话")
        await hears_nothing_of(caller, SEAT)
        await seat.hears_nothing_of(CALLER)
        assert caller.voice.heard(1).any(), "the caller hears silence instead of music"
        await seat.presses("恢复通话")
        await seat.hears(CALLER)
        await hears(caller, SEAT)
        caller.hang_up()
        await seat.reads("通话已结束")

    played(scene)


def test_a_colleague_is_consulted_takes_over_and_sends_it_back(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        colleague = await company.sits("counsellor2")
        await seat.presses("咨询·转接")
        await seat.presses("先咨询")
        await colleague.is_rung()
        await colleague.reads("请您接听")
        await colleague.answers()
        await seat.hears(COLLEAGUE)
        await colleague.hears(SEAT)
        await hears_nothing_of(caller, SEAT)

        await seat.presses("转给这位同事")
        await colleague.hears(CALLER)
        await hears(caller, COLLEAGUE)
        await seat.reads("接手")

        await seat.presses("整理好了")
        await colleague.presses("咨询·转接")
        await colleague.presses("直接转")
        await seat.answers()
        await seat.hears(CALLER)
        await hears(caller, SEAT)
        await hears_nothing_of(caller, COLLEAGUE)

    played(scene)


def test_110_listens_then_speaks_and_stays_when_the_counsellor_leaves(played):
    async def scene(company: Company) -> None:
        police = await company.police()
        seat, caller = await company.talk()
        await seat.presses("110三方")
        await seat.presses("请110持续监听")
        await police.answers()
        await police.hears(CALLER)
        await police.hears(SEAT)
        await seat.reads("只听")
        await hears_nothing_of(caller, POLICE)
        await seat.hears_nothing_of(POLICE)
        await seat.presses("请110说话")
        await hears(caller, POLICE)
        await seat.hears(POLICE)
        await seat.presses("我退出，110继续")
        await seat.reads("110还在和来电人通话")
        await expect(seat.page.locator("#presence")).to_contain_text("话后处理", timeout=PATIENCE)
        await expect(seat.page.locator("#call-sheet .record-form")).to_be_visible(timeout=PATIENCE)
        await police.hears_nothing_of(SEAT)
        await police.hears(CALLER)
        await hears(caller, POLICE)
        await police.presses("挂断")
        await asyncio.wait_for(caller.ended.wait(), 30)

    played(scene)


def test_a_leader_listens_and_whispers_unheard_by_the_caller_then_takes_over(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        leader = await company.sits("leader", "/duty/room", state="BREAK")
        await leader.presses("监听", within="main")
        await leader.hears(CALLER)
        await leader.hears(SEAT)
        await hears_nothing_of(caller, LEADER)
        await leader.presses("耳语")
        await seat.hears(LEADER)
        await hears_nothing_of(caller, LEADER)
        await leader.presses("加入：大家都听见")
        await hears(caller, LEADER)
        await leader.presses("接管这个电话")
        await leader.presses("确定", within="dialog[open]")
        await leader.hears(CALLER)
        await hears_nothing_of(caller, SEAT)
        await seat.reads("接手")
        await leader.presses("挂断")
        await asyncio.wait_for(caller.ended.wait(), 30)

    played(scene)


def test_a_page_that_is_loaded_anew_finds_its_caller_again(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        caller.voice.forget()
        await seat.page.reload()
        await hears(caller, SEAT, seconds=40)
        await seat.hears(CALLER)
        await seat.reads("来电人")
        await seat.presses("挂断")
        await asyncio.wait_for(caller.ended.wait(), 30)

    played(scene)


def test_110_is_away_for_a_moment_and_nobody_hears_music(played):
    async def scene(company: Company) -> None:
        police = await company.police()
        seat, caller = await company.talk()
        await seat.presses("110三方")
        await seat.presses("请110加入")
        await police.answers()
        await hears(caller, POLICE, seconds=30)
        await police.presses("暂离")
        await police.reads("暂离中")
        await hears_nothing_of(caller, POLICE)
        await hears(caller, SEAT, seconds=30)
        assert await police.page.evaluate("document.querySelector('[data-sound]').muted")
        await police.presses("回到通话")
        await hears(caller, POLICE, seconds=30)
        assert not await police.page.evaluate("document.querySelector('[data-sound]').muted")
        await police.page.locator("[data-volume]").fill("40")
        assert await police.page.evaluate("document.querySelector('[data-sound]').volume") == 0.4
        await police.presses("挂断")

    played(scene)


def test_110_s_operator_acknowledges_the_automatic_call_by_the_key_pad(played):
    async def scene(company: Company) -> None:
        police = await company.police()
        _seat, caller = await company.talk()
        await asyncio.to_thread(hands_off, company.platform)
        await asyncio.to_thread(let_an_hour_pass, company.platform, "handoff")
        await police.is_rung()
        await police.reads("自动来电")
        await police.answers()
        await police.presses("1", within="#phone [data-keys]")
        told = "SELECT 1 FROM telephony_announcement WHERE notice = 'HANDOFF_LATE' AND outcome = 'ACKNOWLEDGED'"
        await asyncio.to_thread(
            eventually, lambda: company.platform.sql(told), "the key to arrive at Asterisk", seconds=60
        )
        caller.hang_up()

    played(scene)


def test_a_colleague_is_asked_from_the_call_s_page_listens_unheard_and_whispers(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        colleague = await company.sits("counsellor2", state="BREAK")
        latest = "SELECT id FROM telephony_call ORDER BY started_at DESC LIMIT 1"
        ((call,),) = await asyncio.to_thread(company.platform.sql, latest)
        page = await seat.page.context.new_page()
        await page.goto(f"{company.platform.http}/workbench/calls/{call}/")
        await page.get_by_role("button", name="请来旁听").click(timeout=PATIENCE)
        await expect(page.locator("#who-talks")).to_contain_text("已邀请旁听", timeout=PATIENCE)
        asked = f"SELECT id FROM telephony_listeninvitation WHERE call_id = {call}"
        ((invitation,),) = await asyncio.to_thread(company.platform.sql, asked)
        other = await colleague.page.context.new_page()
        await other.goto(f"{company.platform.http}/workbench/calls/invitations/{invitation}")
        await other.get_by_role("button", name="我来旁听").click(timeout=PATIENCE)
        await colleague.hears(CALLER)
        await colleague.hears(SEAT)
        await seat.reads("第二咨询师")
        await hears_nothing_of(caller, COLLEAGUE)
        await seat.hears_nothing_of(COLLEAGUE)
        await colleague.presses("耳语")
        await seat.hears(COLLEAGUE)
        await hears_nothing_of(caller, COLLEAGUE)
        await expect(colleague.page.get_by_role("button", name="接管这个电话")).to_be_hidden()
        await colleague.presses("退出")
        await seat.hears_nothing_of(COLLEAGUE)
        await seat.hears(CALLER)
        caller.hang_up()

    played(scene)


def test_110_asks_into_the_call_of_its_incident_and_one_click_brings_it_in(played):
    async def scene(company: Company) -> None:
        police = await company.police()
        seat, caller = await company.talk()
        case = await asyncio.to_thread(hands_off, company.platform)
        incident = await company.incident(police, case)
        await incident.get_by_test_id("ask-to-listen").click()
        await expect(incident.get_by_test_id("done")).to_contain_text("已请求加入通话", timeout=PATIENCE)
        await seat.reads("110请求持续监听")
        await seat.presses("同意加入")
        await police.answers()
        await police.reads("待签收")  # the incident that the call is about
        await police.hears(CALLER)
        await police.hears(SEAT)
        await hears_nothing_of(caller, POLICE)
        await police.presses("挂断")
        await seat.hears(CALLER)
        for words in ("请求持续监听通话", "110已在通话中（只听）", "110已离开通话"):
            await expect(incident.get_by_test_id("message").filter(has_text=words)).to_be_visible(timeout=PATIENCE)
        told = await asyncio.to_thread(timeline, company.platform, case)
        for words in ("咨询师接听电话", "110请求加入通话（只听）", "110加入通话（只听）", "110离开通话"):
            assert words in told
        caller.hang_up()

    played(scene)


def test_110_that_asks_in_is_still_there_after_a_reload_and_hears_at_once_that_it_may_not(played):
    async def scene(company: Company) -> None:
        police = await company.police()
        seat, caller = await company.talk()
        case = await asyncio.to_thread(hands_off, company.platform)
        incident = await company.incident(police, case)
        await incident.get_by_test_id("ask-to-speak").click()
        await seat.reads("110请求加入这个电话")
        await seat.page.reload()
        await hears(caller, SEAT, seconds=60)
        await seat.reads("110请求加入这个电话")
        await seat.presses("暂不接入")
        told = incident.get_by_test_id("message").filter(has_text="坐席暂未同意110加入通话")
        await expect(told).to_be_visible(timeout=PATIENCE)
        assert "坐席暂未同意" in await asyncio.to_thread(timeline, company.platform, case)
        await expect(seat.page.locator("[data-join]")).to_be_hidden()
        caller.hang_up()

    played(scene)


def test_a_caller_who_cannot_speak_answers_by_keys_in_the_panel(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        await seat.page.keyboard.press("Alt+s")
        await seat.presses("问：是否不方便说话")
        await seat.reads("等待按键")
        await asyncio.sleep(1)
        caller.press("1")
        await seat.reads(re.compile("是否不方便说话、需要帮助\\s*是"))
        await seat.reads("对方按键表示需要帮助")
        await expect(seat.page.locator("[data-danger-tag]")).to_have_text("紧急", timeout=PATIENCE)
        await expect(seat.page.locator("#call-sheet input[name=risk_level][value=URGENT]")).to_be_checked(
            timeout=PATIENCE
        )
        await seat.presses("有危险吗")
        await seat.reads("现在是否有危险")
        await asyncio.sleep(1)
        caller.press("2")
        await seat.reads(re.compile("现在是否有危险\\s*否"))
        await seat.presses("对方说话了")
        await expect(seat.page.locator("[data-silent-button]")).to_have_attribute(
            "aria-pressed", "false", timeout=PATIENCE
        )
        await seat.hears(CALLER)
        caller.hang_up()
        await seat.reads("通话已结束")

    played(scene)


def test_a_browser_that_dies_while_it_holds_leaves_its_caller_with_music_and_then_to_a_colleague(played):
    async def scene(company: Company) -> None:
        seat, caller = await company.talk()
        await seat.presses(re.compile("^保持"))
        await seat.reads("恢复通话")
        await hears_nothing_of(caller, SEAT)
        colleague = await company.sits("counsellor2")
        await seat.page.context.close()
        for _ in range(3):
            await asyncio.sleep(3)
            assert caller.voice.heard(2).any(), "dead air instead of music"
            assert not caller.ended.is_set()
        await asyncio.wait_for(_is_rung_within(colleague), 120)
        await colleague.answers()
        await colleague.hears(CALLER)
        await hears(caller, COLLEAGUE, seconds=30)

    played(scene)


async def _is_rung_within(person: Person) -> None:
    """However long it takes: the seat's silence, the time in which it is rung again, and the line."""
    await expect(person.page.locator("[data-press=answer]").first).to_be_visible(timeout=110_000)
