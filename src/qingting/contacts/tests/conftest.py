"""A conversation that was taken, and the record that opened with it."""

from datetime import timedelta

import pytest

from qingting.chat.events import ConversationTaken
from qingting.chat.models import Conversation
from qingting.contacts import selectors
from qingting.core.events import publish
from qingting.core.scope import acting
from qingting.directory.models import CaseCategory

WAIT = timedelta(seconds=42)


@pytest.fixture
def here(agent_here):
    """Act as the counsellor of Guangdong's station."""
    with acting(agent_here.scope):
        yield agent_here


@pytest.fixture
def categories(db):
    top = CaseCategory.objects.create(code="FAMILY", name="家庭与亲子", position=1)
    CaseCategory.objects.create(code="FAMILY_VIOLENCE", name="家庭暴力", parent=top, position=2)
    other = CaseCategory.objects.create(code="PSYCHOLOGY", name="心理健康", position=3)
    CaseCategory.objects.create(code="PSYCHOLOGY_SUICIDE", name="自杀意念与行为", parent=other, position=4)


@pytest.fixture
def conversation(here, at):
    return Conversation.objects.create(
        organisation_id=here.organisation_id,
        province=here.province,
        started_at=at - WAIT,
        answered_at=at,
        account_id=here.account_id,
        first_contact_owner_account_id=here.account_id,
    )


def taken(conversation) -> ConversationTaken:
    return ConversationTaken(
        organisation_id=conversation.organisation_id,
        province=conversation.province,
        conversation_id=conversation.pk,
        account_id=conversation.account_id,
        channel=conversation.channel,
    )


@pytest.fixture
def contact(here, conversation, categories, at):
    publish(taken(conversation), actor=here, at=at)
    found = selectors.contact_for_conversation(here, conversation.pk)
    assert found is not None
    return found


@pytest.fixture
def filled():
    """What a counsellor fills in at least, and a little more."""
    return {
        "category": "FAMILY_VIOLENCE",
        "caller_kind": "SELF",
        "risk_level": "URGENT",
        "summary": "来访者说昨晚被父亲打了，现在在同学家。",
        "age_band": "FROM_12_TO_13",
        "special_groups": ["SINGLE_PARENT", "LEFT_BEHIND"],
        "declared_division": "440106",
        "follow_up_wanted": "yes",
    }
