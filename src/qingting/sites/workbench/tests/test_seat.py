"""The seat: what an offer says, and what the case panel proposes."""

import pytest
from django.urls import reverse

from qingting.chat.services import correct_sign, post_message
from qingting.chat.tests.conftest import clock_rules, ready, seeker, talking, waiting  # noqa: F401
from qingting.contacts.selectors import contact_for_conversation
from qingting.core.scope import EVERYTHING, acting
from qingting.risk.models import RiskAssessment


@pytest.fixture
def frightened(seeker, waiting, at):  # noqa: F811
    with acting(seeker.scope):
        post_message(actor=seeker, conversation_id=waiting.pk, text="我现在就想跳下去", client_key="a", at=at)
    return waiting


def about(client, conversation):
    return client.get(reverse("chat:about", args=[conversation.pk])).content.decode()


def test_an_offer_says_which_danger_but_no_word(sign_in, ready, frightened):  # noqa: F811
    words = about(sign_in(ready), frightened)
    assert "特急" in words
    assert "自杀" in words
    assert "跳下去" not in words


def test_what_was_corrected_away_is_not_said(sign_in, ready, frightened, at):  # noqa: F811
    with acting(EVERYTHING):
        frightened.account_id = ready.account_id
        frightened.save()
    with acting(ready.scope):
        for sign in frightened.danger_signs.all():
            correct_sign(actor=ready, sign_id=sign.pk, level="NONE", words="歌词", at=at)
    assert "tag" not in about(sign_in(ready), frightened)


def test_elsewhere_nothing_is_said(sign_in, agent_elsewhere, frightened):
    assert sign_in(agent_elsewhere).get(reverse("chat:about", args=[frightened.pk])).status_code == 404


def proposed(client, contact):
    page = client.get(reverse("cases:open-panel", args=[contact.pk])).content.decode()
    return page.split('" checked')[0].rsplit('value="', 1)[1]


def test_the_case_panel_proposes_what_was_judged_last(sign_in, agent_here, talking, seeker, at):  # noqa: F811
    client = sign_in(agent_here)
    with acting(agent_here.scope):
        contact = contact_for_conversation(agent_here, talking.pk)
    assert proposed(client, contact) == "ROUTINE"
    with acting(seeker.scope):
        post_message(actor=seeker, conversation_id=talking.pk, text="我现在就想跳下去", client_key="a", at=at)
    assert proposed(client, contact) == "CRITICAL"
    unknown = dict.fromkeys(
        ("ideation", "plan", "means", "intent", "timing", "previous_attempts", "harm_to_others", "company"), "UNKNOWN"
    )
    with acting(EVERYTHING):
        RiskAssessment.objects.create(
            organisation_id=contact.organisation_id,
            province=contact.province,
            contact_id=contact.pk,
            proposed_level="URGENT",
            level="URGENT",
            assessed_by_account_id=agent_here.account_id,
            assessed_at=at,
            **unknown,
        )
    assert proposed(client, contact) == "URGENT"


def test_the_way_to_a_talk_leads_each_to_where_they_may_be(sign_in, agent_here, leader_here, agent_elsewhere, talking):  # noqa: F811
    address = reverse("workbench:to-conversation", args=[talking.pk])
    seat = reverse("workbench:seat-conversation", args=[talking.pk])
    assert sign_in(agent_here).get(address).url == seat
    assert sign_in(leader_here, "leader").get(address).url == reverse("duty:room")
    assert sign_in(agent_elsewhere, "elsewhere").get(address).status_code == 404
