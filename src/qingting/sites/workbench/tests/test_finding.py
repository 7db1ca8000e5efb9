"""What is found, by what, and by whom: real rooms behind the search box."""

import pytest
from django.urls import reverse

from qingting.contacts.models import Contact
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.tests.conftest import (  # noqa: F401
    case,
    clock_rules,
    contact,
    draft,
    new_case,
    order_in,
    parties,
)
from qingting.orders.services import index_orders
from qingting.seekers.services import record_seeker, store_datum
from qingting.sites.workbench import searching

PHONE = "13812345678"


def groups(actor, text, at) -> dict[str, list[searching.Result]]:
    with acting(actor.scope):
        return {group.title: group.results for group in searching.found(actor, text, at=at)}


@pytest.fixture
def person(agent_here, at):
    """Somebody whose telephone, name and WeChat are kept."""
    with acting(agent_here.scope):
        seeker = record_seeker(actor=agent_here, at=at, age_band="FROM_14_TO_17", gender="FEMALE")
        for kind, value in (("PHONE", PHONE), ("NAME", "林小雨"), ("WECHAT", "xiaoyu_2011")):
            store_datum(actor=agent_here, seeker_id=seeker.pk, kind=kind, value=value, at=at)
    return seeker


def test_a_case_and_its_orders_by_number_or_its_end(agent_here, order_in, case, at):  # noqa: F811
    order = order_in("DISPATCHED")
    with acting(EVERYTHING):
        index_orders({order.pk})  # as the worker does within a second
    for text in (case.number, case.number.lower(), case.number[-6:]):
        found = groups(agent_here, text, at)
        assert [row.title for row in found["个案"]] == [case.number]
        assert found["个案"][0].level_label == "特急"
        assert found["个案"][0].state == "办理中"
        assert [row.title for row in found["工单"]] == [order.number]
        assert found["工单"][0].state == "待接单"


def test_a_contact_by_words_of_its_summary(agent_here, contact, at):  # noqa: F811
    with acting(EVERYTHING):
        Contact.objects.filter(pk=contact.pk).update(summary="昨晚和父亲争吵后离家，现在在同学家里")
    assert groups(agent_here, "离家 同学", at)["接触记录"][0].url == reverse("contacts:detail", args=[contact.pk])
    assert "离家" in groups(agent_here, "离家", at)["接触记录"][0].line
    assert "接触记录" not in groups(agent_here, "海边 同学", at)
    assert "接触记录" in groups(agent_here, str(contact.pk), at)


@pytest.mark.parametrize("text", [PHONE, "138-1234-5678", "林小雨", "XiaoYu_2011"])
def test_a_person_by_exactly_what_was_kept_and_shown_masked(text, agent_here, person, at):
    (row,) = groups(agent_here, text, at)["求助者"]
    assert row.title == person.pseudonym
    assert row.url == reverse("workbench:person", args=[person.pk])
    assert text not in row.line
    assert "*" in row.line


@pytest.mark.parametrize("text", ["1381234567", "林小", "小雨"])
def test_part_of_a_name_or_number_finds_nobody(text, agent_here, person, at):
    assert "求助者" not in groups(agent_here, text, at)


def test_elsewhere_nothing_is_found(agent_elsewhere, person, order_in, case, contact, at):  # noqa: F811
    order = order_in("DISPATCHED")
    with acting(EVERYTHING):
        Contact.objects.filter(pk=contact.pk).update(summary="昨晚和父亲争吵后离家")
    for text in (case.number, order.number, PHONE, "林小雨", "离家", str(contact.pk), "李岚"):
        assert groups(agent_elsewhere, text, at) == {}


def test_colleagues_are_found_by_administrators_only(tree, agent_here, at):
    administrator = tree.person("ORGANISATION_ADMINISTRATOR", tree.station, "吴敏")
    found = groups(administrator, "李岚", at)
    assert "心理咨询师" in found["人员"][0].line
    assert "个案" not in found
    assert "人员" not in groups(agent_here, "李岚", at)


def test_the_page_says_level_and_state_in_words(sign_in, agent_here, case):  # noqa: F811
    text = sign_in(agent_here).post(reverse("workbench:search"), {"q": case.number}, follow=True).content.decode()
    assert "特急" in text
    assert "办理中" in text
    assert reverse("cases:case", args=[case.pk]) in text


def test_many_rooms_are_asked_few_questions(agent_here, person, case, at, django_assert_max_num_queries):  # noqa: F811
    with acting(agent_here.scope), django_assert_max_num_queries(27):
        searching.found(agent_here, PHONE, at=at)
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="seekers.sought").count() == 1  # rooms ask twice, the person searched once
