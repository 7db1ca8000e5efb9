"""A contact in whose conversation danger was seen, with its clock running."""

from datetime import timedelta

import pytest

from qingting.chat.models import Conversation
from qingting.contacts.services import Beginning, open_contact
from qingting.core.clocks import Span, start_clock
from qingting.core.scope import acting
from qingting.risk.states import QUESTIONS


@pytest.fixture
def here(agent_here):
    """Act as the counsellor of Guangdong's station."""
    with acting(agent_here.scope):
        yield agent_here


@pytest.fixture
def contact(here, at):
    conversation = Conversation.objects.create(
        organisation_id=here.organisation_id,
        province=here.province,
        started_at=at,
        answered_at=at,
        danger_level="CRITICAL",
        danger_since=at,
    )
    span = Span(at + timedelta(minutes=30), at + timedelta(minutes=20), timedelta(minutes=10))
    start_clock(actor=here, kind="CRISIS_INTERVENTION", subject=("conversation", conversation.pk), span=span, at=at)
    beginning = Beginning("WEB", at, conversation_id=conversation.pk, answered_at=at)
    return open_contact(actor=here, beginning=beginning, at=at)


@pytest.fixture
def calm():
    """Every question asked, nothing grave."""
    return {**dict.fromkeys(QUESTIONS, "NONE"), "company": "WITH_SOMEONE"}


@pytest.fixture
def grave(calm):
    """A concrete plan within the day."""
    return {**calm, "ideation": "ACTIVE", "plan": "CONCRETE", "timing": "WITHIN_24_HOURS", "intent": "UNSURE"}
