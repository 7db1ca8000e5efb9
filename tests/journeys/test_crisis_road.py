"""From a frightened message to a case signed off: one crisis through real processes, a real database and real browsers.

`docs/tour.md` walks the same road through the code. (R-B2, R-B5, R-C1, R-C2, R-D1, R-E1, R-E5, R-J1)
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.people import (
    A_WHILE,
    Counsellor,
    FollowUpAgent,
    Handler,
    PoliceOperator,
    Reviewer,
    ShiftLeader,
    YoungPerson,
)
from tests.platform import Platform, eventually

pytestmark = pytest.mark.journey

WORDS = "我站在小区楼顶的栏杆外面，刚吃了半瓶药，不想活了"
SUMMARY = "十六岁，独自在楼顶，已服药，愿意继续聊"


def test_a_crisis_from_the_first_word_to_the_signing_off(platform: Platform, open_page: OpenPage) -> None:
    # A counsellor is at her seat, an operator at the police desk; a young person opens the portal on a phone and writes.
    counsellor = Counsellor(open_page("seat"), platform, "counsellor")
    counsellor.is_ready()
    police = PoliceOperator(open_page("desk"), platform)
    young = YoungPerson(open_page("phone", phone=True), platform)
    young.opens_the_chat()
    counsellor.is_offered_a_talk()
    young.writes(WORDS)

    # She takes it and sees the danger in the words. They talk.
    counsellor.takes_it()
    counsellor.reads(WORDS)
    counsellor.sees_danger("自杀正在实施", "特急")
    counsellor.says("我在。谢谢你告诉我。你先往里面退一步，好吗？")
    young.reads("谢谢你告诉我")
    young.writes("好")
    counsellor.reads("好")

    # What she notes beside the talk is kept as she types, even when her page is lost.
    counsellor.notes(summary=SUMMARY)
    counsellor.finds_what_was_written(SUMMARY)

    # She judges the danger; a case and an order go to the right county; one click brings 110 in.
    counsellor.assesses(
        {"时间": "正在进行或刚刚实施", "念头": "明确想结束生命", "身边的人": "独自一人"},
        level="特急",
        where="天河区龙口东路一小区三号楼楼顶",
    )
    number = counsellor.opens_a_case(place="天河区")
    counsellor.sends_an_order("请派社工到场，联系监护人，陪同就医", handler="天河团区委")
    counsellor.hands_over_to_110()
    police.sees_an_incident()

    # The desk takes it; its incident number appears at the seat without a reload. Officers reach the young person.
    police.opens_it()
    police.reads("龙口东路")
    incident = police.acknowledges()
    counsellor.sees_at_the_handoff(incident)
    police.reports("已出警")
    counsellor.sees_at_the_handoff("已出警")
    police.reports_the_result("已送医", reached="是，已当面见到")
    counsellor.sees_at_the_handoff("民警已见到")
    counsellor.completes_the_record()
    counsellor.ends_the_talk()

    # The county accepts, works and hands in; the city reviews.
    handler = Handler(open_page("county", phone=True), platform, "handler")
    handler.opens_the_order(number)
    handler.accepts()
    handler.submits("社工已到医院陪同，监护人已到场，约定每周一次面谈。")
    reviewer = Reviewer(open_page("city"), platform, "reviewer")
    reviewer.opens_the_order(number)
    reviewer.approves()

    # A third person asks whether it helped; the young person says so on their own link; the last hold falls.
    FollowUpAgent(open_page("follow-up"), platform, "followup").calls(
        number, helped="有帮助", words="现在好多了，谢谢那位姐姐。"
    )
    young.page.reload()
    young.rates(5, "谢谢你们")
    leader = ShiftLeader(open_page("leader"), platform, "leader", post="12355")
    leader.opens_the_case(number)
    leader.closes("已脱离危险，家庭与社工持续陪伴。")
    leader.signs_off("已核实：本人安全，回访与评价完成。")

    # Every step stands on the case's timeline and in the journal, and the statistics count it.
    leader.page.reload()
    for step in (
        "建立个案",
        "派单",
        "一键流转",
        "签收",
        "接单",
        "提交审核",
        "审核通过",
        "完成回访",
        "本人评价：5分",
        "结案",
        "销号",
    ):
        leader.sees(step)
    leader.go("/statistics/?period=today")
    expect(leader.page.get_by_test_id("stat-signed-off")).to_contain_text("1", timeout=A_WHILE)
    eventually(lambda: "0 findings" in _verified(platform), "the journal to be sealed and verified")


def _verified(platform: Platform) -> str:
    platform.command("journal", "seal")
    return platform.command("journal", "verify")
