"""One person's page: everything that was done for them, in order, for whoever may see it."""

import pytest
from django.urls import reverse

from qingting.contacts.models import Contact
from qingting.core.grants import grant_access
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.tests.conftest import (  # noqa: F401
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
from qingting.seekers.services import record_seeker, store_datum


@pytest.fixture
def person(agent_here, contact, at):  # noqa: F811
    with acting(agent_here.scope):
        seeker = record_seeker(actor=agent_here, at=at, age_band="FROM_14_TO_17")
        store_datum(actor=agent_here, seeker_id=seeker.pk, kind="PHONE", value="13812345678", at=at)
        Contact.objects.filter(pk=contact.pk).update(seeker_id=seeker.pk)
    contact.seeker_id = seeker.pk
    return seeker


def page(client, seeker):
    return client.get(reverse("workbench:person", args=[seeker.pk]))


def test_it_tells_the_whole_road_masked(sign_in, agent_here, person, done):  # noqa: F811
    words = page(sign_in(agent_here), person).content.decode()
    for expected in (person.pseudonym, "网页在线", done.case.number, done.number, "已办结", "待回访", "14–17岁"):
        assert expected in words
    assert "13812345678" not in words
    assert words.index(reverse("contacts:detail", args=[done.case.contact_id])) < words.index(done.number)


def test_elsewhere_it_is_not_there_until_opened(sign_in, agent_elsewhere, agent_here, person, at):
    client = sign_in(agent_elsewhere)
    assert page(client, person).status_code == 404
    with acting(EVERYTHING):
        grant_access(
            actor=agent_here,
            subject=("seeker", person.pk),
            to_organisation=agent_elsewhere.organisation_id,
            purpose="test",
            at=at,
        )
    asked = page(client, person).content.decode()
    assert "打开档案需要理由" in asked
    assert person.pseudonym in asked
    assert client.post(reverse("seekers:open-file", args=[person.pk]), {"reason": "OTHER"}).status_code == 422
    client.post(reverse("seekers:open-file", args=[person.pk]), {"reason": "RETURNING"})
    opened = page(client, person)
    assert opened.status_code == 200
    assert "还没有能看到的记录" in opened.content.decode()


def test_an_analyst_sees_no_person(sign_in, tree, person):
    assert page(sign_in(tree.person("ANALYST", tree.station)), person).status_code == 403


def test_it_asks_few_questions(sign_in, agent_here, person, done, django_assert_max_num_queries):  # noqa: F811
    client = sign_in(agent_here)
    with django_assert_max_num_queries(34):
        page(client, person)
