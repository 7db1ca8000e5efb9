"""What waits for each person on the start page, from real rooms, in a bounded number of queries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.cases.models import CaseHold
from qingting.chat.services import post_message, start_conversation
from qingting.chat.tests.conftest import ready, seeker, talking, waiting  # noqa: F401
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.tests.conftest import (  # noqa: F401
    caller,
    case,
    clock_rules,
    contact,
    done,
    draft,
    follow_up,
    new_case,
    order_in,
    parties,
)
from qingting.sites.workbench import cards, home

pytestmark = pytest.mark.slow


def shown(actor, at) -> dict[str, cards.Card]:
    """Every card of this person by its title."""
    with acting(actor.scope):
        composed = home.composed(actor, at=at)
    return {card.title: card for region in composed.values() for card in region}


def rows(card) -> list[str]:
    return [row["title"] for row in card.context["rows"]]


def test_a_counsellor_sees_conversations_drafts_and_cases(agent_here, talking, case, at):  # noqa: F811
    told = shown(agent_here, at)
    assert rows(told["我负责的个案"]) == [case.number]
    assert told["我负责的个案"].context["rows"][0]["due_label"] == "个案回复"
    assert len(rows(told["进行中的会话"])) == 1
    assert len(rows(told["待完成的登记"])) >= 1
    assert "等着办理的工单" not in told
    assert "值班室" not in told


def test_words_of_danger_are_unread_and_lead(agent_here, talking, seeker, at):  # noqa: F811
    with acting(seeker.scope):
        post_message(actor=seeker, conversation_id=talking.pk, text="我现在就想跳下去", client_key="a", at=at)
    card = shown(agent_here, at)["进行中的会话"]
    assert card.urgent
    assert card.context["rows"][0]["unread"] == 1
    assert card.context["rows"][0]["level_label"] in ("特急", "紧急")


def test_a_shift_leader_sees_who_waits_and_whose_time_runs(leader_here, waiting, seeker, at):  # noqa: F811
    with acting(seeker.scope):
        post_message(actor=seeker, conversation_id=waiting.pk, text="我现在就想跳下去", client_key="a", at=at)
    told = shown(leader_here, at)
    tiles = {tile["label"]: tile["value"] for tile in told["值班室"].context["tiles"]}
    assert tiles == {"正在等待": 1, "可接入": 0, "在岗": 0}
    assert told["值班室"].urgent
    assert told["危机介入时限"].context["rows"][0]["due_at"] > at


def test_a_handler_sees_what_to_accept_and_its_deadline(parties, order_in, at):  # noqa: F811
    order = order_in("DISPATCHED")
    card = shown(parties.handler, at)["等着办理的工单"]
    assert card.context["rows"][0]["title"].startswith(order.number)
    assert card.context["rows"][0]["due_label"] == "接单"
    assert not card.urgent
    assert shown(parties.handler, at + timedelta(days=3))["等着办理的工单"].urgent


def test_a_reviewer_sees_what_was_submitted(parties, order_in, at):  # noqa: F811
    order_in("SUBMITTED")
    assert len(rows(shown(parties.reviewer, at)["等着审核的工单"])) == 1


def test_a_follow_up_agent_sees_whom_to_call(caller, follow_up, at):  # noqa: F811
    card = shown(caller, at)["等着回访"]
    assert rows(card) == [follow_up.case.number]
    assert card.context["rows"][0]["state"].endswith("后到期")
    assert shown(caller, at + timedelta(days=9))["等着回访"].context["rows"][0]["state"] == "已超时"


def test_a_case_is_ready_only_once_its_holds_have_fallen(leader_here, done, at):  # noqa: F811
    card = shown(leader_here, at)["可以结案、销号的个案"]
    assert [row["state"] for row in card.context["rows"]] == ["可以结案"]
    with acting(EVERYTHING):
        CaseHold.objects.filter(case_id=done.case_id, kind="ORDER_OPEN").update(lifted_at=None)
    assert not rows(shown(leader_here, at)["可以结案、销号的个案"])


def test_a_case_that_never_had_a_hold_has_only_begun(leader_here, case, at):  # noqa: F811
    assert not rows(shown(leader_here, at)["可以结案、销号的个案"])


def test_an_analyst_sees_numbers(tree, at):
    told = shown(tree.person("ANALYST", tree.station), at)
    assert "新建个案" in [tile["label"] for tile in told["近7天"].context["tiles"]]


def test_elsewhere_nothing_of_it_is_seen(agent_elsewhere, talking, case, at):  # noqa: F811
    told = shown(agent_elsewhere, at)
    for title in ("进行中的会话", "我负责的个案", "待完成的登记"):
        assert not rows(told[title])


@pytest.fixture
def busy(leader_here, parties, order_in, waiting, seeker, at):  # noqa: F811
    """Everybody has something to do."""
    order_in("SUBMITTED")
    with acting(seeker.scope):
        post_message(actor=seeker, conversation_id=waiting.pk, text="我现在就想跳下去", client_key="a", at=at)
    return {
        "leader": leader_here,
        "counsellor": parties.origin,
        "handler": parties.handler,
        "reviewer": parties.reviewer,
    }


@pytest.mark.parametrize("role", ["leader", "counsellor", "handler", "reviewer"])
def test_the_page_asks_a_bounded_number_of_questions(role, sign_in, busy, django_assert_max_num_queries):
    client = sign_in(busy[role])
    with django_assert_max_num_queries(44):
        assert client.get(reverse("workbench:home")).status_code == 200


def test_one_card_is_fetched_again_by_itself(sign_in, agent_here, case):  # noqa: F811
    client = sign_in(agent_here)
    page = client.get(reverse("workbench:home")).content.decode()
    address = reverse("workbench:card", args=["cases-my_cases"])
    assert address in page
    again = client.get(address).content.decode()
    assert case.number in again
    assert "<html" not in again
    assert client.get(reverse("workbench:card", args=["nothing"])).status_code == 204
    assert client.get(reverse("workbench:card", args=["orders-to_handle"])).status_code == 204


def test_a_new_visit_can_be_started_and_counts_as_waiting(leader_here, seeker, at):  # noqa: F811
    before = shown(leader_here, at)["值班室"].context["tiles"][0]["value"]
    with acting(seeker.scope):
        start_conversation(actor=seeker, at=at)
    assert shown(leader_here, at)["值班室"].context["tiles"][0]["value"] == before + 1


def test_nobody_opens_an_empty_page(tree, at):
    assert "操作日志" in [card.title for card in composed_for(tree.person("AUDITOR", tree.province), at)]
    assert composed_for(tree.person("SYSTEM_ADMINISTRATOR", tree.province), at)


def composed_for(actor, at) -> list[cards.Card]:
    with acting(actor.scope):
        return home.composed(actor, at=at)["main"]
