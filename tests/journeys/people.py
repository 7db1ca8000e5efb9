"""The people of the journeys, and what they do on their pages, in the words a person would use for it."""

import re

import pyotp
from playwright.sync_api import Page, expect

from tests.platform import Platform

A_WHILE = 30_000  # milliseconds that a busy machine may take to show something


class Staff:
    """Somebody who signs in at the workbench."""

    def __init__(self, page: Page, platform: Platform, username: str, *, post: str = "") -> None:
        self.page, self.home = page, platform.http
        self._account = platform.accounts[username]
        self._sign_in(post)

    def _sign_in(self, post: str) -> None:
        """With password and authenticator; whoever has several posts says at which one they act."""
        page = self.page
        page.goto(f"{self.home}/account/sign-in")
        page.get_by_label("用户名").fill(self._account.username)
        page.get_by_label("密码", exact=True).fill(self._account.password)
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("验证码").fill(pyotp.TOTP(self._account.secret).now())
        page.get_by_role("button", name="验证并登录").click()
        if post:
            page.get_by_role("button", name=re.compile(post)).click()
        page.wait_for_url(re.compile("/workbench/"))

    def go(self, path: str) -> None:
        self.page.goto(f"{self.home}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def answer_dialog(self, words: str, button: str) -> None:
        """Write into the open dialog and confirm."""
        dialog = self.page.locator("dialog[open]")
        if words:
            dialog.get_by_role("textbox").first.fill(words)
        dialog.get_by_role("button", name=button, exact=True).last.click()
        expect(dialog).to_have_count(0, timeout=A_WHILE)

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=A_WHILE)


class YoungPerson:
    """Somebody on a phone, without an account."""

    def __init__(self, page: Page, platform: Platform) -> None:
        self.page, self.home = page, platform.http

    def opens_the_chat(self) -> None:
        self.page.goto(self.home)
        self.page.get_by_role("link", name=re.compile("在线聊聊")).click()
        self.page.get_by_role("button", name="开始聊").click()
        self.page.wait_for_url(re.compile("/chat/talk"))

    def writes(self, words: str) -> None:
        self.page.get_by_role("textbox", name="想说的话").fill(words)
        self.page.get_by_role("button", name="发送").click()
        expect(self.page.locator(".bubble.seeker[data-seq]").filter(has_text=words)).to_be_visible(timeout=A_WHILE)

    def reads(self, words: str) -> None:
        expect(self.page.locator(".bubble.counsellor").filter(has_text=words)).to_be_visible(timeout=A_WHILE)

    def rates(self, score: int, words: str) -> None:
        self.page.get_by_role("link", name=re.compile("这次有帮到你吗")).click(timeout=A_WHILE)
        self.page.locator(f"input[name=score][value='{score}']").check()
        self.page.get_by_text("还想多说几句").click()
        self.page.get_by_label("想对我们说的话").fill(words)
        self.page.get_by_role("button", name="好了，提交").click()


class Counsellor(Staff):
    """Somebody at a seat."""

    def is_ready(self) -> None:
        self.go("/workbench/seat/")
        self.page.get_by_label("我的状态").select_option("READY")
        expect(self.page.locator("#presence .dot.ready")).to_be_visible(timeout=A_WHILE)

    def is_offered_a_talk(self) -> None:
        expect(self.page.locator("#offers .offer")).to_be_visible(timeout=A_WHILE)

    def takes_it(self) -> None:
        self.page.locator("#offers").get_by_role("button", name="接入").click()
        self.page.wait_for_url(re.compile(r"/workbench/seat/\d+/"))

    @property
    def conversation(self) -> str:
        found = re.search(r"/workbench/seat/(\d+)/", self.page.url)
        assert found
        return found[1]

    def reads(self, words: str) -> None:
        expect(self.page.locator(".bubble.seeker").filter(has_text=words)).to_be_visible(timeout=A_WHILE)

    def sees_danger(self, kind: str, level: str) -> None:
        expect(self.page.locator(".signs").get_by_text(f"{kind} · {level}").first).to_be_visible(timeout=A_WHILE)

    def says(self, words: str) -> None:
        self.page.get_by_role("textbox", name="回复").fill(words)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".bubble.counsellor[data-seq]").filter(has_text=words)).to_be_visible(timeout=A_WHILE)

    def turns_to(self, tab: str) -> None:
        self.page.get_by_role("tab", name=tab).click()

    def notes(self, *, summary: str) -> None:
        """Fill the record as far as it is known; it saves itself."""
        record = self.page.locator("#panel-record")
        record.get_by_role("radio", name="本人", exact=True).check()
        record.get_by_role("radio", name="特急", exact=True).check()
        record.get_by_label("案由").select_option(label="自杀意念与行为")
        record.get_by_label("情况摘要").fill(summary)
        record.get_by_role("radio", name="14–17岁").check()
        expect(record.locator("[data-draft-state]").first).to_contain_text("已保存", timeout=A_WHILE)

    def finds_what_was_written(self, summary: str) -> None:
        self.page.reload()
        expect(self.page.locator("#panel-record").get_by_label("情况摘要")).to_have_value(summary, timeout=A_WHILE)

    def completes_the_record(self) -> None:
        self.turns_to("登记")
        record = self.page.locator("#panel-record")
        record.get_by_role("button", name="完成登记").click()
        expect(record.get_by_text("已登记").first).to_be_visible(timeout=A_WHILE)

    def ends_the_talk(self) -> None:
        self.press("结束会话")
        self.answer_dialog("", "确定")
        self.sees("这次会话已经结束")

    def assesses(self, answers: dict[str, str], *, level: str, where: str) -> None:
        """Answer the structured questions; the rule proposes, the counsellor decides."""
        self.turns_to("风险评估")
        panel = self.page.locator("#panel-risk")
        for question, answer in answers.items():
            asked = panel.locator("fieldset.risk-question").filter(has=self.page.get_by_text(question, exact=True))
            asked.get_by_role("radio", name=answer).check()
        expect(panel.locator("#risk-proposal")).to_contain_text(level, timeout=A_WHILE)
        panel.get_by_role("group", name=re.compile("您的判断")).get_by_role("radio", name=re.compile(level)).check()
        panel.get_by_label(re.compile("现在在哪里")).fill(where)
        panel.get_by_label("怎么知道的").select_option(index=1)
        panel.get_by_role("button", name="完成评估").click()
        expect(panel.get_by_text("现行评估")).to_be_visible(timeout=A_WHILE)

    def opens_a_case(self, *, place: str) -> str:
        """Open the case for a county; returns its number."""
        self.turns_to("个案与联动")
        panel = self.page.locator("#panel-case")
        panel.get_by_role("radio", name="特急").check()
        panel.get_by_label("案由").select_option(label="自杀意念与行为")
        panel.get_by_label(re.compile("所在地区")).select_option(label=place)
        panel.get_by_role("button", name="建立个案").click()
        link = panel.get_by_role("link", name=re.compile("个案 "))
        expect(link).to_be_visible(timeout=A_WHILE)
        return link.inner_text().removeprefix("个案").strip()

    def sends_an_order(self, instructions: str, *, handler: str) -> None:
        panel = self.page.locator("#panel-case")
        panel.get_by_label("主办单位").select_option(label=handler, timeout=A_WHILE)
        panel.get_by_label("要办的事").fill(instructions)
        panel.get_by_role("button", name="派单", exact=True).click()
        expect(panel.locator(".orders-panel").get_by_text("待接单").first).to_be_visible(timeout=A_WHILE)

    def hands_over_to_110(self) -> None:
        """The one click."""
        button = self.page.locator("#linkage-panel").get_by_role("button", name=re.compile("一键流转110"))
        button.click(timeout=A_WHILE)

    def sees_at_the_handoff(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#linkage-panel")).to_contain_text(words, timeout=A_WHILE)


class PoliceOperator:
    """Somebody at the 110 desk."""

    def __init__(self, page: Page, platform: Platform) -> None:
        self.page, account = page, platform.desk_operator
        page.goto(platform.desk)
        page.get_by_label("工号").fill(account.code)
        page.get_by_label("密码").fill(account.password)
        page.get_by_role("button", name="登录").click()

    def sees_an_incident(self) -> None:
        expect(self.page.get_by_test_id("incident").first).to_be_visible(timeout=A_WHILE)

    def opens_it(self) -> None:
        self.page.get_by_test_id("incident").first.get_by_role("link").click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=A_WHILE)

    def acknowledges(self) -> str:
        """Take it, with the number the desk proposes; returns the number."""
        number = self.page.get_by_label("警情单号").input_value()
        self.page.get_by_test_id("acknowledge").click()
        expect(self.page.get_by_test_id("incident-no")).to_have_text(number, timeout=A_WHILE)
        return number

    def reports(self, stage: str) -> None:
        self.page.get_by_role("button", name=stage).click()
        expect(self.page.get_by_test_id("done")).to_be_visible(timeout=A_WHILE)

    def reports_the_result(self, outcome: str, *, reached: str) -> None:
        self.page.get_by_label("结果", exact=True).select_option(label=outcome)
        self.page.get_by_label(reached).check()
        self.page.get_by_test_id("send-result").click()
        expect(self.page.get_by_test_id("state")).to_have_attribute("data-state", "completed", timeout=A_WHILE)


class Handler(Staff):
    """Somebody in a county who does what an order asks."""

    def opens_the_order(self, case_number: str) -> None:
        self.go("/orders/")
        self.page.get_by_role("link", name=re.compile(case_number)).first.click(timeout=A_WHILE)

    def accepts(self) -> None:
        self.press("接单")
        self.answer_dialog("", "接单")
        self.sees("办理中")

    def submits(self, words: str) -> None:
        self.press("提交审核")
        self.answer_dialog(words, "提交审核")
        self.sees("待审核")


class Reviewer(Handler):
    """Somebody in the city above the county."""

    def approves(self) -> None:
        self.press("审核通过")
        self.answer_dialog("", "审核通过")
        self.sees("已办结")


class FollowUpAgent(Staff):
    """Somebody who had no part in the case and asks whether it helped."""

    def calls(self, case_number: str, *, helped: str, words: str) -> None:
        self.go("/follow-ups/")
        self.page.get_by_role("link", name=re.compile(case_number)).click(timeout=A_WHILE)
        self.page.get_by_role("radio", name=helped, exact=True).check()
        self.page.get_by_label("本人怎么说").fill(words)
        self.press("完成回访")
        self.sees("已回访")


class ShiftLeader(Staff):
    """Somebody who leads the shift and answers for the end of a case."""

    def opens_the_case(self, case_number: str) -> None:
        self.go("/cases/")
        self.page.get_by_role("link", name=re.compile(case_number)).first.click(timeout=A_WHILE)

    def closes(self, words: str) -> None:
        self.press("结案")
        self.answer_dialog(words, "确定结案")

    def signs_off(self, words: str) -> None:
        self.press("销号")
        self.answer_dialog(words, "确定销号")
        self.sees("已销号")
